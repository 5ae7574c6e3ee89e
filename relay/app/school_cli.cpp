#include "relay/app/school_cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/control_socket.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/text.hpp"
#include "school/text.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace exchange = school::exchange;
namespace store = school::store;

// More lines than this nobody reads in a terminal; --json has all.
constexpr std::size_t kMostLines = 50;

int say(bool as_json, const json& answer, const std::string& sentence) {
  std::cout << (as_json ? answer.dump() : sentence) << '\n';
  return 0;
}

Result<store::Location> locate(const Common& common) {
  Settings settings;
  if (auto loaded = load_settings(settings, common.config); !loaded) return std::move(loaded).error();
  auto data = DataDir::open(common.data);
  if (!data) return std::move(data).error();
  return store_location(settings, *data);
}

int backup(const Common& common, const std::string& file) {
  auto location = locate(common);
  if (!location) return fail(location.error(), common.json);
  if (auto done = store::backup(*location, file); !done) return fail(done.error(), common.json);
  return say(common.json, {{"file", file}}, text("db.backup.done") + ": " + file);
}

int restore(const Common& common, const std::string& file) {
  auto location = locate(common);
  if (!location) return fail(location.error(), common.json);
  const auto socket = std::filesystem::path(common.data) / DataDir::kControlSocket;
  auto answer = ask_server(socket, json{{"command", "lesson.list"}, {"arguments", json::object()}}.dump());
  if (!answer) return fail(answer.error(), common.json);
  if (*answer) return fail(Error{Errc::conflict, text("db.restore.running")}, common.json);
  if (auto done = store::restore(*location, file); !done) return fail(done.error(), common.json);
  return say(common.json, {{"restored", file}}, text("db.restore.done"));
}

int check(const Common& common, bool only_migrate) {
  auto location = locate(common);
  if (!location) return fail(location.error(), common.json);
  const auto report = store::check(*location);
  if (!report) return fail(report.error(), common.json);
  const std::string version = text("db.version") + ": " + std::to_string(report->version);
  if (only_migrate) return say(common.json, {{"version", report->version}}, version);
  say(common.json, {{"version", report->version}, {"problems", report->problems}}, version);
  if (report->problems.empty() && !common.json) std::cout << text("db.check.ok") << '\n';
  for (const auto& problem : report->problems) std::cerr << problem << '\n';
  return report->problems.empty() ? 0 : 1;
}

void print_problems(const json& problems, const std::string& title) {
  if (problems.empty()) return;
  std::cout << title << ": " << problems.size() << '\n';
  for (std::size_t i = 0; i < std::min(problems.size(), kMostLines); ++i) {
    const auto& problem = problems[i];
    std::cout << "  " << problem.at("file").get<std::string>() << ':' << problem.at("line").get<std::size_t>()
              << "  " << school::text("column." + problem.at("column").get<std::string>()) << ": "
              << school::text("reason." + problem.at("reason").get<std::string>()) << '\n';
  }
  if (problems.size() > kMostLines) std::cout << "  …\n";
}

void print_imported(const json& imported) {
  for (std::size_t i = 0; i < exchange::kKindCount; ++i) {
    const std::string kind(to_string(static_cast<exchange::Kind>(i)));
    const auto& tally = imported.at("rows").at(kind);
    const auto count = [&](const char* name) { return tally.at(name).get<std::size_t>(); };
    if (count("created") + count("updated") + count("unchanged") == 0) continue;
    std::cout << text("import." + kind) << ": +" << count("created") << "  ~" << count("updated") << "  ="
              << count("unchanged") << '\n';
  }
  std::size_t lines = 0;
  for (const auto& difference : imported.at("changes")) {
    if (difference.at("created").get<bool>()) continue;
    if (++lines > kMostLines) break;
    std::cout << "  " << difference.at("school").get<std::string>() << ' '
              << difference.at("what").get<std::string>();
    for (const auto& detail : difference.at("details")) std::cout << "  " << detail.get<std::string>();
    std::cout << '\n';
  }
  if (lines > kMostLines) std::cout << "  …\n";
  print_problems(imported.at("problems"), text("import.problems"));
  print_problems(imported.at("notes"), text("import.notes"));
  std::cout << text(imported.at("applied").get<bool>() ? "import.done" : "import.not_done") << '\n';
}

int show_imported(const Common& common, const Result<json>& imported, bool dry_run) {
  if (!imported) return fail(imported.error(), common.json);
  if (common.json) {
    std::cout << imported->dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  } else {
    print_imported(*imported);
  }
  return imported->at("applied").get<bool>() || (dry_run && imported->at("problems").empty()) ? 0 : 1;
}

// A running server does it itself: it is the only one that changes people while it runs.
Result<json> run_import(const Common& common, const ImportRequest& request) {
  const auto data = DataDir::open(common.data);
  if (!data) return Error(data.error());
  auto arguments = to_arguments(request, data->spool());
  if (!arguments) return std::move(arguments).error();
  auto answer = ask_running(common, "import", *arguments);
  clear_spool(*arguments, data->spool());
  if (!answer) return std::move(answer).error();
  if (*answer) return std::move(**answer);
  auto desk = SchoolDesk::open(common);
  if (!desk) return std::move(desk).error();
  return desk->import(request);
}

Result<json> run_seed(const Common& common, std::uint64_t schools, std::uint64_t seed) {
  auto answer = ask_running(common, "demo.seed", {{"schools", schools}, {"seed", seed}});
  if (!answer) return std::move(answer).error();
  if (*answer) return std::move(**answer);
  auto desk = SchoolDesk::open(common);
  if (!desk) return std::move(desk).error();
  return desk->seed(schools, seed);
}

}  // namespace

SchoolCli::SchoolCli(CLI::App& cli, Common& common, int& status) : common_(common), status_(status) {
  add_db(cli);
  add_import(cli);
  add_export(cli);
  add_demo(cli);
}

namespace {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& key, Common& common) {
  auto* command = parent.add_subcommand(name, text(key));
  command->add_flag("--json", common.json, text("opt.json"));
  command->add_option("--data", common.data, text("opt.data"));
  command->add_option("--config", common.config, text("opt.config"));
  return command;
}

CLI::App* add_group(CLI::App& parent, const std::string& name) {
  auto* group = parent.add_subcommand(name, text(name));
  group->require_subcommand(1);
  return group;
}

}  // namespace

void SchoolCli::add_db(CLI::App& cli) {
  auto* db = add_group(cli, "db");
  auto* save = add_command(*db, "backup", "db.backup", common_);
  save->add_option("file", file_, text("db.file"))->required();
  save->callback([this] { status_ = backup(common_, file_); });
  auto* load = add_command(*db, "restore", "db.restore", common_);
  load->add_option("file", file_, text("db.file"))->required();
  load->callback([this] { status_ = restore(common_, file_); });
  add_command(*db, "migrate", "db.migrate", common_)->callback([this] { status_ = check(common_, true); });
  add_command(*db, "check", "db.check", common_)->callback([this] { status_ = check(common_, false); });
}

void SchoolCli::add_import(CLI::App& cli) {
  auto* command = add_command(cli, "import", "import", common_);
  command->add_option("files", files_, text("import.files"))->required();
  command->add_flag("--dry-run", dry_run_, text("import.dry_run"));
  command->add_flag("--skip-bad", skip_bad_, text("import.skip_bad"));
  command->add_option("--school", school_, text("import.school"));
  command->add_flag("--new-schools", new_schools_, text("import.new_schools"));
  command->callback([this] {
    ImportRequest request{.files = {},
                          .job = {.options = {.school = school_, .new_schools = new_schools_},
                                  .dry_run = dry_run_,
                                  .skip_bad = skip_bad_}};
    for (const std::string& file : files_) request.files.push_back({file, file});
    status_ = show_imported(common_, run_import(common_, request), dry_run_);
  });
}

void SchoolCli::add_export(CLI::App& cli) {
  auto* group = add_group(cli, "export");
  for (const std::string what : {"rosters", "links"}) {
    auto* command = add_command(*group, what, "export." + what, common_);
    command->add_option("file", file_, text("export.file"))->required();
    command->add_option("--school", school_, text("export.school"));
    command->add_option("--class", class_, text("export.class"));
    command->add_option("--language", language_, text("export.language"))->check(CLI::IsMember({"zh", "en"}));
    if (what == "links") command->add_option("--lesson", lesson_, text("lesson.id"))->required();
    command->callback([this, what] {
      auto desk = SchoolDesk::open(common_);
      if (!desk) {
        status_ = fail(desk.error(), common_.json);
        return;
      }
      const SchoolDesk::ExportRequest request{
          .file = file_,
          .school = school_,
          .original_class = class_,
          .language = language_ == "zh" ? school::Language::zh : school::Language::en,
          .lesson = lesson_};
      const auto rows = what == "links" ? desk->export_links(request) : desk->export_rosters(request);
      status_ = rows ? say(common_.json, {{"file", file_}, {"pupils", *rows}},
                           text("export.done") + ": " + file_ + " (" + std::to_string(*rows) + ")")
                     : fail(rows.error(), common_.json);
    });
  }
}

void SchoolCli::add_demo(CLI::App& cli) {
  auto* group = add_group(cli, "demo");
  auto* seed = add_command(*group, "seed", "demo.seed", common_);
  seed->add_option("--schools", schools_, text("demo.seed.schools"));
  seed->add_option("--seed", seed_, text("demo.seed.seed"));
  seed->callback([this] { status_ = show_imported(common_, run_seed(common_, schools_, seed_), false); });
}

}  // namespace tongke::relay::app
