#include "relay/app/bench_signal.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "signaling/bench/load.hpp"

namespace tongke::relay::app {
namespace {

using base::Result;
using nlohmann::json;

constexpr std::uint32_t kLinksAtOnce = 1000;

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

Result<std::vector<std::string>> links(const Command& command, const std::string& lesson, const char* role,
                                       std::uint32_t count) {
  std::vector<std::string> tokens;
  while (tokens.size() < count) {
    const auto more = std::min(kLinksAtOnce, count - static_cast<std::uint32_t>(tokens.size()));
    auto made = command("link", {{"lesson", lesson}, {"role", role}, {"count", more}});
    if (!made) return std::move(made).error();
    for (const auto& link : *made) tokens.push_back(link.at("token"));
  }
  return tokens;
}

json shown(const signaling::bench::Percentiles& values) {
  const auto rounded = [](double ms) { return std::round(ms * 100) / 100; };
  return {{"p50", rounded(values.p50_ms)},
          {"p95", rounded(values.p95_ms)},
          {"p99", rounded(values.p99_ms)},
          {"max", rounded(values.max_ms)}};
}

json report(const BenchSignal& options, const signaling::bench::LoadReport& load) {
  json out = {{"viewers", options.viewers},
              {"rooms", options.rooms},
              {"connected", load.connected},
              {"join_ms", shown(load.join)},
              {"join_seconds", load.join_seconds},
              {"note_ms", shown(load.note)},
              {"notes", load.notes},
              {"notes_missing", load.notes_missing},
              {"heartbeats", load.heartbeats},
              {"errors", load.errors}};
  if (options.come_back) {
    out["back"] = {{"cut_off", load.cut_off},
                   {"resumed", load.resumed},
                   {"ms", shown(load.back)},
                   {"most_in_a_second", load.most_in_a_second}};
  }
  if (options.pid != 0) {
    out["server"] = {{"cpu_cores", load.server_cpu},
                     {"rss_bytes_per_connection", load.server_rss_per_connection}};
  }
  return out;
}

}  // namespace

Result<json> bench_signal(const BenchSignal& options, const Command& command) {
  signaling::bench::LoadPlan plan;
  plan.url = options.url;
  plan.ramp = milliseconds(options.ramp_s);
  plan.measure = milliseconds(options.seconds);
  plan.note_every = milliseconds(options.note_every_s);
  plan.come_back = options.come_back;
  plan.pid = options.pid;
  std::vector<std::string> lessons;
  for (std::uint32_t room = 0; room < options.rooms; ++room) {
    auto lesson = command("lesson.create", {{"title", "bench"}});
    if (!lesson) return std::move(lesson).error();
    lessons.push_back(lesson->at("id"));
    const std::uint32_t pupils =
        options.viewers / options.rooms + (room < options.viewers % options.rooms ? 1 : 0);
    auto lead = links(command, lessons.back(), "lead", 1);
    if (!lead) return std::move(lead).error();
    auto tokens = links(command, lessons.back(), "pupil", pupils);
    if (!tokens) return std::move(tokens).error();
    plan.rooms.push_back({.teacher = lead->front(), .pupils = std::move(*tokens)});
  }
  auto load = signaling::bench::run_load(plan);
  for (const auto& lesson : lessons) (void)command("lesson.end", {{"lesson", lesson}});
  if (!load) return std::move(load).error();
  return report(options, *load);
}

}  // namespace tongke::relay::app
