#include "relay/app/cli.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "relay/app/account_cli.hpp"
#include "relay/app/bench_command.hpp"
#include "relay/app/command.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/desk.hpp"
#include "relay/app/invocation.hpp"
#include "relay/app/outward_cli.hpp"
#include "relay/app/school_cli.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/serve.hpp"
#include "relay/app/settings.hpp"
#include "relay/app/text.hpp"
#include "relay/app/timetable_cli.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::app {
namespace {

using base::Result;
using nlohmann::json;

// Without a server the command works on the store itself.
Result<json> run_offline(const Common& common, const Settings& settings, const std::string& command,
                         const json& arguments) {
  auto data = DataDir::open(common.data);
  if (!data) return std::move(data).error();
  auto store = open_store(settings, *data);
  if (!store) return std::move(store).error();
  auto lessons = school::Lessons::open(*store);
  if (!lessons) return std::move(lessons).error();
  auto secret = data->secret();
  if (!secret) return std::move(secret).error();
  const school::TokenSigner signer(std::move(*secret));
  Desk desk(*lessons, signer, make_addresses(settings, 0, 0, 0), settings.links.valid);
  return desk.run(command, arguments);
}

Result<json> run_command(const Common& common, const std::string& command, const json& arguments) {
  auto answer = ask_running(common, command, arguments);
  if (!answer) return std::move(answer).error();
  if (*answer) return std::move(**answer);
  Settings settings;
  if (auto loaded = load_settings(settings, common.config); !loaded) return std::move(loaded).error();
  return run_offline(common, settings, command, arguments);
}

void print_lessons(const json& lessons) {
  if (lessons.empty()) std::cout << text("lesson.none") << '\n';
  for (const auto& lesson : lessons) {
    std::cout << lesson.at("id").get<std::string>() << "  " << lesson.at("state").get<std::string>() << "  "
              << lesson.at("title").get<std::string>() << '\n';
  }
}

void print_created(const json& lesson, const std::string& data) {
  const std::string id = lesson.at("id");
  std::cout << text("created") << ": " << id << '\n';
  for (const char* name : {"studio", "rtmp", "rtmps", "srt", "hls"}) {
    if (!lesson.contains(name)) continue;
    std::cout << "  " << text(std::string("created.") + name) << "\n    "
              << lesson.at(name).get<std::string>() << '\n';
  }
  std::cout << "  " << text("created.watch") << "\n    "
            << invocation("link --lesson " + id + " --role pupil --count 1", data) << '\n';
}

int show(const Common& common, const std::string& command, const json& arguments) {
  const auto answer = run_command(common, command, arguments);
  if (!answer) return fail(answer.error(), common.json);
  if (common.json) {
    std::cout << answer->dump() << '\n';
  } else if (command == "lesson.list") {
    print_lessons(*answer);
  } else if (command == "lesson.create") {
    print_created(*answer, common.data);
  } else if (command == "link") {
    for (const auto& link : *answer) std::cout << link.at("url").get<std::string>() << '\n';
  } else {
    print_lessons(json::array({*answer}));
  }
  return 0;
}

int check_config(const std::string& file, bool as_json) {
  Settings settings;
  if (auto loaded = load_settings(settings, file); !loaded) return fail(loaded.error(), as_json);
  std::cout << (as_json ? "{\"ok\":true}" : text("config.ok")) << '\n';
  return 0;
}

int print_sample() {
  Settings settings;
  std::cout << Settings::schema(settings).sample();
  return 0;
}

}  // namespace

int run_cli(int argc, char** argv) {
  CLI::App cli(text("app"), "tongke");
  cli.require_subcommand(1);
  Common common;
  int status = 0;

  const auto subcommand = [&](CLI::App& parent, const std::string& name, const std::string& key) {
    auto* command = parent.add_subcommand(name, text(key));
    command->add_flag("--json", common.json, text("opt.json"));
    return command;
  };
  const auto with_data = [&](CLI::App* command) {
    command->add_option("--data", common.data, text("opt.data"));
    command->add_option("--config", common.config, text("opt.config"));
    return command;
  };

  auto* serve_command = with_data(subcommand(cli, "serve", "serve"));
  bool demo = false;
  serve_command->add_flag("--demo", demo, text("serve.demo"));
  serve_command->callback([&] {
    const auto served =
        serve({.config = common.config, .data = common.data, .demo = demo, .json = common.json});
    if (!served) status = fail(served.error(), common.json);
  });

  auto* config = subcommand(cli, "config", "config");
  config->require_subcommand(1);
  auto* check = subcommand(*config, "check", "config.check");
  check->add_option("file,--config", common.config, text("config.check.file"));
  check->callback([&] { status = check_config(common.config, common.json); });
  subcommand(*config, "sample", "config.sample")->callback([&] { status = print_sample(); });

  auto* lesson = subcommand(cli, "lesson", "lesson");
  lesson->require_subcommand(1);
  with_data(subcommand(*lesson, "list", "lesson.list"))->callback([&] {
    status = show(common, "lesson.list", json::object());
  });
  std::string title;
  auto* create = with_data(subcommand(*lesson, "create", "lesson.create"));
  create->add_option("--title", title, text("lesson.create.title"))->required();
  create->callback([&] { status = show(common, "lesson.create", {{"title", title}}); });
  std::string id;
  for (const std::string verb : {"start", "end"}) {
    auto* command = with_data(subcommand(*lesson, verb, "lesson." + verb));
    command->add_option("lesson,--lesson", id, text("lesson.id"))->required();
    command->callback([&, verb] { status = show(common, "lesson." + verb, {{"lesson", id}}); });
  }

  auto* link = with_data(subcommand(cli, "link", "link"));
  std::string role;
  std::uint32_t count = 1;
  link->add_option("--lesson", id, text("lesson.id"))->required();
  link->add_option("--role", role, text("link.role"))->required();
  link->add_option("--count", count, text("link.count"));
  link->callback([&] { status = show(common, "link", {{"lesson", id}, {"role", role}, {"count", count}}); });

  const SchoolCli school(cli, common, status);
  const TimetableCli timetable(cli, common, status);
  const AccountCli account(cli, common, status);
  const OutwardCli outward(cli, common, status);

  add_bench_commands(
      cli, common,
      [&](const std::string& name, const json& arguments) { return run_command(common, name, arguments); },
      status);
  subcommand(cli, "version", "version")->callback([&] {
    std::cout << (common.json ? json{{"version", TONGKE_VERSION}}.dump() : std::string(TONGKE_VERSION))
              << '\n';
  });

  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  return status;
}

}  // namespace tongke::relay::app
