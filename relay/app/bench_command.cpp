#include "relay/app/bench_command.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "relay/app/text.hpp"
#include "relay/bench/whep_load.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using nlohmann::json;

/// What `tongke link --json` printed.
base::Result<std::vector<std::string>> read_links(const std::string& file) {
  std::ifstream in(file);
  const json links = json::parse(in, nullptr, false);
  if (!links.is_array()) return Error{Errc::invalid, file + ": not what tongke link --json prints", "links"};
  std::vector<std::string> tokens;
  for (const auto& link : links) {
    if (link.is_object() && link.contains("token")) tokens.push_back(link["token"].get<std::string>());
  }
  return tokens;
}

struct WhepArguments {
  bench::WhepLoadOptions options;
  std::string links;
  double ramp = 1;
  double seconds = 10;
};

int run_whep(WhepArguments& arguments) {
  if (!arguments.links.empty()) {
    auto tokens = read_links(arguments.links);
    if (!tokens) {
      std::cerr << text("error") << ": " << tokens.error().message << '\n';
      return 1;
    }
    arguments.options.tokens.insert(arguments.options.tokens.end(), tokens->begin(), tokens->end());
  }
  arguments.options.ramp = std::chrono::duration<double>(arguments.ramp);
  arguments.options.seconds = std::chrono::duration<double>(arguments.seconds);
  const auto report = bench::run_whep_load(arguments.options);
  if (!report) {
    std::cerr << text("error") << ": " << report.error().message << '\n';
    return 1;
  }
  std::cout << report->dump(2) << '\n';
  return 0;
}

int run_signal(const BenchSignal& load, const Command& command, bool as_json) {
  const auto report = bench_signal(load, command);
  if (!report) return fail(report.error(), as_json);
  std::cout << report->dump(as_json ? -1 : 2) << '\n';
  return report->at("errors").empty() && report->at("notes_missing") == 0 ? 0 : 1;
}

void add_whep(CLI::App& bench, int& status) {
  auto* whep = bench.add_subcommand("whep", text("bench.whep"));
  auto arguments = std::make_shared<WhepArguments>();
  whep->add_option("--url", arguments->options.url, text("bench.whep.url"))->required();
  whep->add_option("--token", arguments->options.tokens, text("bench.whep.token"));
  whep->add_option("--links", arguments->links, text("bench.whep.links"));
  whep->add_option("--viewers", arguments->options.viewers, text("bench.viewers"));
  whep->add_option("--ramp", arguments->ramp, text("bench.ramp"));
  whep->add_option("--seconds", arguments->seconds, text("bench.seconds"));
  whep->add_option("--pid", arguments->options.pid, text("bench.pid"));
  whep->add_flag("--gro", arguments->options.gro, text("bench.whep.gro"));
  whep->add_flag("--json")->description(text("opt.json"));
  whep->callback([arguments, &status] { status = run_whep(*arguments); });
}

void add_signal(CLI::App& bench, Common& common, const Command& command, int& status) {
  auto* signal = bench.add_subcommand("signal", text("bench.signal"));
  auto load = std::make_shared<BenchSignal>();
  signal->add_option("--url", load->url, text("bench.signal.url"))->required();
  signal->add_option("--viewers", load->viewers, text("bench.viewers"))->check(CLI::Range(1, 1'000'000));
  signal->add_option("--rooms", load->rooms, text("bench.signal.rooms"))->check(CLI::Range(1, 10'000));
  signal->add_option("--ramp", load->ramp_s, text("bench.ramp"))->check(CLI::Range(0.0, 3600.0));
  signal->add_option("--seconds", load->seconds, text("bench.seconds"))->check(CLI::Range(1.0, 86400.0));
  signal->add_option("--note-every", load->note_every_s, text("bench.signal.note_every"))
      ->check(CLI::Range(0.0, 3600.0));
  signal->add_flag("--come-back", load->come_back, text("bench.signal.come_back"));
  signal->add_option("--pid", load->pid, text("bench.pid"));
  signal->add_option("--data", common.data, text("opt.data"));
  signal->add_option("--config", common.config, text("opt.config"));
  signal->add_flag("--json", common.json, text("opt.json"));
  signal->callback([load, &common, command, &status] { status = run_signal(*load, command, common.json); });
}

}  // namespace

void add_bench_commands(CLI::App& cli, Common& common, const Command& command, int& status) {
  auto* bench = cli.add_subcommand("bench", text("bench"));
  bench->require_subcommand(1);
  add_whep(*bench, status);
  add_signal(*bench, common, command, status);
}

}  // namespace tongke::relay::app
