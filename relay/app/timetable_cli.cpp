#include "relay/app/timetable_cli.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/hours_rules.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/spool.hpp"
#include "relay/app/text.hpp"
#include "relay/app/timetable_commands.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

// More lines than this nobody reads in a terminal; --json has all.
constexpr std::size_t kMostLines = 60;

// No server is up: straight on the store.
Result<json> run_offline(const Common& common, const std::string& command, const json& arguments,
                         const std::vector<std::uint8_t>& file) {
  Settings settings;
  if (auto loaded = load_settings(settings, common.config); !loaded) return std::move(loaded).error();
  auto rules = rules_of(settings);
  if (!rules) return std::move(rules).error();
  auto data = DataDir::open(common.data);
  if (!data) return std::move(data).error();
  auto store = open_store(settings, *data);
  if (!store) return std::move(store).error();
  auto people = school::people::Registry::open(*store);
  if (!people) return std::move(people).error();
  auto book = school::schedule::Book::open(*store);
  if (!book) return std::move(book).error();
  const auto view = school::schedule::View::make(people->current(), book->current());
  if (!view) return Error(view.error());
  return run_timetable({.book = *book,
                        .store = *store,
                        .view = **view,
                        .rules = std::move(*rules),
                        .now = base::wall_now(),
                        .by = "command line"},
                       command, arguments, file);
}

// A running server does it itself: it is the only one that changes the timetable while it runs.
Result<json> run(const Common& common, const std::string& command, const json& arguments) {
  auto answer = ask_running(common, "timetable." + command, arguments);
  if (!answer) return std::move(answer).error();
  return *answer ? std::move(**answer) : run_offline(common, command, arguments, {});
}

Result<json> run_import(const Common& common, const std::string& file, const json& wish) {
  const auto data = DataDir::open(common.data);
  if (!data) return Error(data.error());
  auto arguments = to_arguments({.files = {{file, file}}}, data->spool());
  if (!arguments) return std::move(arguments).error();
  arguments->update(wish);
  auto answer = ask_running(common, "timetable.import", *arguments);
  clear_spool(*arguments, data->spool());
  if (!answer) return std::move(answer).error();
  if (*answer) return std::move(**answer);
  const auto bytes = read_roster({file, file});
  if (!bytes) return Error(bytes.error());
  return run_offline(common, "import", wish, *bytes);
}

int print_json(const json& answer) {
  std::cout << answer.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  return 0;
}

void print_import(const json& answer) {
  std::cout << text("timetable.rows") << ": " << answer.at("rows") << ' ' << answer.at("created") << ' '
            << answer.at("updated") << ' ' << answer.at("unchanged") << ' ' << answer.at("removed") << '\n';
  std::size_t lines = 0;
  for (const auto& problem : answer.at("problems")) {
    if (++lines > kMostLines) break;
    std::cout << "  " << problem.at("line").get<std::size_t>();
    if (const auto cell = problem.at("cell").get<std::size_t>(); cell != 0) std::cout << '/' << cell;
    std::cout << "  " << problem.at("column").get<std::string>() << ": "
              << text("cell." + problem.at("reason").get<std::string>()) << '\n';
  }
  if (lines > kMostLines) std::cout << "  …\n";
  std::cout << text(answer.at("applied").get<bool>() ? "import.done" : "import.not_done") << '\n';
}

// "第一小学 三年级2班  4  2  18:30-18:50  数学": where to look in the sheets.
void print_row(const json& row) {
  std::cout << "      ";
  for (const char* name : {"school", "stage", "class"})
    if (row.at("scope").contains(name)) std::cout << row.at("scope").at(name).get<std::string>() << ' ';
  if (row.at("scope").contains("grade")) std::cout << row.at("scope").at("grade") << ' ';
  if (row.at("week").is_string()) std::cout << row.at("week").get<std::string>() << ' ';
  std::cout << ' ' << row.at("day") << "/" << row.at("period") << "  " << row.at("start").get<std::string>()
            << '-' << row.at("end").get<std::string>() << "  " << row.at("subject").get<std::string>() << ' '
            << row.at("lead").get<std::string>() << '\n';
}

void print_findings(const json& answer) {
  std::size_t lines = 0;
  for (const auto& finding : answer.at("findings")) {
    if (++lines > kMostLines) break;
    std::cout << "  " << text("severity." + finding.at("severity").get<std::string>()) << "  "
              << finding.at("code").get<std::string>() << ": "
              << text("rule." + finding.at("code").get<std::string>()) << "  ("
              << finding.at("params").at("amount") << " / " << finding.at("params").at("limit") << ")\n";
    for (const auto& id : finding.at("rows")) {
      const auto row = answer.at("rows").find(std::to_string(id.get<std::int64_t>()));
      if (row != answer.at("rows").end()) print_row(*row);
    }
  }
  if (lines > kMostLines) std::cout << "  …\n";
}

int show(const Common& common, const std::string& command, const Result<json>& answer) {
  if (!answer) return fail(answer.error(), common.json);
  const bool bad = command != "import" ? !answer->value("ok", true) : !answer->at("problems").empty();
  if (common.json) {
    print_json(*answer);
  } else if (command == "import") {
    print_import(*answer);
  } else if (command == "undo") {
    std::cout << text("timetable.taken_back") << ": " << answer->at("taken_back") << '\n';
  } else {
    print_findings(*answer);
    if (command == "check" && !bad) std::cout << text("timetable.ok") << '\n';
    if (command == "publish" && bad) std::cout << text("timetable.not_published") << '\n';
    if (command == "publish" && !bad && answer->at("sheets") == 0)
      std::cout << text("timetable.nothing_new") << '\n';
    if (command == "publish" && !bad && answer->at("sheets") != 0)
      std::cout << text("timetable.published") << ": " << answer->at("sheets") << '\n';
  }
  return bad ? 1 : 0;
}

int show_export(const Common& common, const Result<json>& answer, const std::string& out) {
  if (!answer) return fail(answer.error(), common.json);
  const auto& written = answer->at("text").get_ref<const std::string&>();
  if (out.empty()) {
    if (common.json) return print_json(*answer);
    std::cout << written;
    return 0;
  }
  std::ofstream file(out, std::ios::binary);
  file << written;
  if (!file.flush()) return fail({Errc::io, out + ": cannot be written", "out"}, common.json);
  if (common.json) return print_json({{"file", out}});
  std::cout << text("export.done") << ": " << out << '\n';
  return 0;
}

int run_plan(const Common& common, const std::string& verb, const json& arguments) {
  const auto answer = ask_running(common, "plan." + verb, arguments);
  if (!answer) return fail(answer.error(), common.json);
  if (!*answer) return fail({Errc::unavailable, text("plan.needs_server")}, common.json);
  const json& said = **answer;
  if (common.json) return print_json(said);
  if (verb == "activate") {
    std::cout << text("plan.made") << ": " << said.at("lessons") << ' ' << said.at("rooms") << ' '
              << said.at("links") << ' ' << said.at("schools") << ' ' << said.at("ms").get<double>() / 1000
              << '\n';
    for (const auto& failed : said.at("failed")) {
      std::cout << "  " << text("plan.failed") << ": " << failed.at("title").get<std::string>() << ": "
                << failed.at("message").get<std::string>() << '\n';
    }
    return said.at("failed").empty() ? 0 : 1;
  }
  if (verb == "undo") {
    std::cout << text("plan.removed") << ": " << said.at("removed") << '\n';
    return 0;
  }
  for (const auto& plan : said) {
    std::cout << plan.at("date").get<std::string>() << "  " << plan.at("state").get<std::string>()
              << (plan.at("drill").get<bool>() ? "  drill" : "") << "  " << plan.at("lessons") << "  "
              << plan.at("reason").get<std::string>() << '\n';
  }
  return 0;
}

int run_retention(const Common& common, const std::string& verb, const json& arguments) {
  const auto answer = ask_running(common, "retention." + verb, arguments);
  if (!answer) return fail(answer.error(), common.json);
  if (!*answer) return fail({Errc::unavailable, text("plan.needs_server")}, common.json);
  const json& said = **answer;
  const bool bad =
      (verb == "run" && !said.at("failed").empty()) || (verb == "report" && !said.at("unbroken"));
  if (common.json || verb == "report") {
    std::cout << said.dump(common.json ? -1 : 2) << '\n';
  } else if (verb == "run") {
    for (const auto& line : said.at("deleted")) {
      std::cout << line.at("kind").get<std::string>() << "  " << line.at("lesson").get<std::string>() << "  "
                << line.at("items") << "  " << line.at("bytes") << "  " << line.at("hash").get<std::string>()
                << '\n';
    }
    std::cout << text(said.at("dry_run").get<bool>() ? "retention.would" : "retention.deleted") << ": "
              << said.at("deleted").size() << "; " << text("retention.held") << ": " << said.at("held").size()
              << '\n';
  } else if (verb == "hold") {
    std::cout << text(said.at("second_by").is_null() ? "retention.second" : "retention.is_held") << '\n';
  } else {
    std::cout << text("retention.released") << '\n';
  }
  return bad ? 1 : 0;
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& key, Common& common) {
  auto* command = parent.add_subcommand(name, text(key));
  command->add_flag("--json", common.json, text("opt.json"));
  command->add_option("--data", common.data, text("opt.data"));
  command->add_option("--config", common.config, text("opt.config"));
  return command;
}

}  // namespace

TimetableCli::TimetableCli(CLI::App& cli, Common& common, int& status) : common_(common), status_(status) {
  add_timetable(cli);
  add_plan(cli);
  add_retention(cli);
}

void TimetableCli::add_timetable(CLI::App& cli) {
  auto* group = cli.add_subcommand("timetable", text("timetable"));
  group->require_subcommand(1);
  auto* take = add_command(*group, "import", "timetable.import", common_);
  take->add_option("file", file_, text("timetable.import.file"))->required();
  take->add_option("--school", school_, text("import.school"));
  take->add_flag("--dry-run", dry_run_, text("import.dry_run"));
  take->add_flag("--skip-bad", skip_bad_, text("import.skip_bad"));
  take->add_flag("--replace", replace_, text("timetable.import.replace"));
  take->callback([this] {
    const json wish = {
        {"school", school_}, {"dry_run", dry_run_}, {"skip_bad", skip_bad_}, {"replace", replace_}};
    status_ = show(common_, "import", run_import(common_, file_, wish));
  });
  for (const std::string verb : {"check", "publish", "undo"}) {
    add_command(*group, verb, "timetable." + verb, common_)->callback([this, verb] {
      status_ = show(common_, verb, run(common_, verb, json::object()));
    });
  }
  auto* write = add_command(*group, "export", "timetable.export", common_);
  write->add_option("--format", format_, text("timetable.export.format"))
      ->check(CLI::IsMember({"html", "ics", "xmltv", "json"}));
  write->add_option("--school", school_, text("opt.school"));
  write->add_option("--class", class_, text("export.class"));
  write->add_option("--week", week_, text("timetable.export.week"));
  write->add_flag("--drafts", drafts_, text("timetable.export.drafts"));
  write->add_option("--language", language_, text("export.language"))->check(CLI::IsMember({"zh", "en"}));
  write->add_option("--out", out_, text("timetable.export.out"));
  write->callback([this] {
    const json wish = {{"format", format_}, {"school", school_}, {"class", class_},
                       {"week", week_},     {"drafts", drafts_}, {"language", language_}};
    status_ = show_export(common_, run(common_, "export", wish), out_);
  });
}

void TimetableCli::add_plan(CLI::App& cli) {
  auto* group = cli.add_subcommand("plan", text("plan"));
  group->require_subcommand(1);
  for (const std::string verb : {"activate", "undo"}) {
    auto* command = add_command(*group, verb, "plan." + verb, common_);
    command->add_option("--date", date_, text("plan.date"))->required();
    command->add_flag("--drill", drill_, text("plan.drill"));
    if (verb == "activate") command->add_option("--reason", reason_, text("plan.reason"));
    command->callback([this, verb] {
      status_ = run_plan(common_, verb, {{"date", date_}, {"drill", drill_}, {"reason", reason_}});
    });
  }
  add_command(*group, "list", "plan.list", common_)->callback([this] {
    status_ = run_plan(common_, "list", json::object());
  });
}

void TimetableCli::add_retention(CLI::App& cli) {
  auto* group = cli.add_subcommand("retention", text("retention"));
  group->require_subcommand(1);
  auto* now = add_command(*group, "run", "retention.run", common_);
  now->add_flag("--dry-run", dry_run_, text("retention.dry_run"));
  now->callback([this] { status_ = run_retention(common_, "run", {{"dry_run", dry_run_}}); });
  for (const std::string verb : {"hold", "release"}) {
    auto* command = add_command(*group, verb, "retention." + verb, common_);
    command->add_option("lesson,--lesson", lesson_, text("lesson.id"))->required();
    command->add_option("--by", by_, text("retention.by"))->required();
    if (verb == "hold") command->add_option("--reason", reason_, text("retention.reason"));
    command->callback([this, verb] {
      status_ = run_retention(common_, verb, {{"lesson", lesson_}, {"by", by_}, {"reason", reason_}});
    });
  }
  add_command(*group, "report", "retention.report", common_)->callback([this] {
    status_ = run_retention(common_, "report", json::object());
  });
}

}  // namespace tongke::relay::app
