#include "relay/app/outward_cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <future>
#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/outward_desk.hpp"
#include "relay/app/text.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

// No server is up: this process sends them itself.
Result<json> run_offline(const Common& common, const std::string& receiver) {
  Settings settings;
  if (auto loaded = load_settings(settings, common.config); !loaded) return std::move(loaded).error();
  auto options = outward_options(settings, outward_page(settings, 0));
  if (!options) return std::move(options).error();
  if (options->receivers.empty()) return Error{Errc::conflict, text("outward.none"), "outward.receivers"};
  auto courier = outward::Courier::create(std::move(*options));
  if (!courier) return std::move(courier).error();
  std::promise<std::vector<outward::Trial>> trials;
  auto asked = (*courier)->try_out(
      receiver, [&](std::vector<outward::Trial> all) { trials.set_value(std::move(all)); });
  if (!asked) return std::move(asked).error();
  return trials_json(trials.get_future().get());
}

int test(const Common& common, const std::string& receiver) {
  auto answer = ask_running(common, "outward.test", {{"receiver", receiver}});
  if (!answer) return fail(answer.error(), common.json);
  const auto trials = *answer ? Result<json>(std::move(**answer)) : run_offline(common, receiver);
  if (!trials) return fail(trials.error(), common.json);
  if (common.json) {
    std::cout << trials->dump() << '\n';
  } else {
    for (const auto& trial : *trials) {
      std::cout << trial.at("receiver").get<std::string>() << ": "
                << text("outward.hint." + trial.at("hint").get<std::string>()) << "  ("
                << trial.at("said").get<std::string>() << ", " << trial.at("ms") << " ms)\n";
    }
  }
  const bool all =
      std::ranges::all_of(*trials, [](const json& trial) { return trial.at("delivered").get<bool>(); });
  return all ? 0 : 1;
}

}  // namespace

OutwardCli::OutwardCli(CLI::App& cli, Common& common, int& status) {
  auto* group = cli.add_subcommand("outward", text("outward"));
  group->require_subcommand(1);
  auto* command = group->add_subcommand("test", text("outward.test"));
  command->add_flag("--json", common.json, text("opt.json"));
  command->add_option("--data", common.data, text("opt.data"));
  command->add_option("--config", common.config, text("opt.config"));
  command->add_option("--receiver", receiver_, text("outward.receiver"));
  command->callback([this, &common, &status] { status = test(common, receiver_); });
}

}  // namespace tongke::relay::app
