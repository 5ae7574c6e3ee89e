#include "relay/output/outputs.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/metrics.hpp"

namespace tongke::relay::output {

using base::Errc;
using base::Error;
using base::Result;

Outputs::Outputs(Use use, std::vector<Destination> destinations)
    : use_(std::move(use)), destinations_(std::move(destinations)) {}

Result<const Output*> Outputs::start(const std::string& lesson, const std::string& destination,
                                     const std::string& key) {
  const auto found = std::ranges::find(destinations_, destination, &Destination::name);
  if (found == destinations_.end())
    return Error{Errc::not_found, "the configuration names no such destination", "destination"};
  Destination chosen = *found;
  if (!key.empty()) {
    if (!chosen.wants_key()) return Error{Errc::invalid, "this destination takes no key", "key"};
    if (auto fine = check_key(key); !fine) return fine.error();
    chosen.key = key;
  } else if (chosen.wants_key()) {
    return Error{Errc::invalid, "this destination needs its stream key", "key"};
  }
  // One channel shows one lesson; a platform's account may have a key for each.
  const bool channel = chosen.format == pipeline::wire::OutputFormat::mpegts;
  const auto busy = std::ranges::any_of(outputs_, [&](const auto& entry) {
    return entry.first.second == destination && (channel || entry.first.first == lesson) &&
           entry.second->status().state != State::ended;
  });
  if (busy) return Error{Errc::conflict, "a lesson is being sent there already", "destination"};
  base::log::info("output begins", {{"lesson", lesson}, {"destination", destination}});
  auto& output = outputs_[{lesson, destination}];
  output = std::make_unique<Output>(
      Output::Use{.context = use_.context,
                  .child = use_.child,
                  .snapshot = [snapshot = use_.snapshot, lesson] { return snapshot(lesson); }},
      lesson, std::move(chosen));
  count();
  if (key.empty()) use_.noted(lesson, destination, true);
  return output.get();
}

Result<void> Outputs::stop(const std::string& lesson, const std::string& destination) {
  if (outputs_.erase({lesson, destination}) == 0)
    return Error{Errc::not_found, "this lesson is not sent there"};
  base::log::info("output stopped", {{"lesson", lesson}, {"destination", destination}});
  use_.noted(lesson, destination, false);
  count();
  return {};
}

void Outputs::forget(const std::string& lesson) {
  for (const Output* output : of(lesson)) use_.noted(lesson, output->destination().name, false);
  std::erase_if(outputs_, [&](const auto& entry) { return entry.first.first == lesson; });
  count();
}

void Outputs::stop_all() {
  outputs_.clear();
  count();
}

std::vector<const Output*> Outputs::of(const std::string& lesson) const {
  std::vector<const Output*> found;
  for (const auto& [id, output] : outputs_) {
    if (id.first == lesson) found.push_back(output.get());
  }
  return found;
}

void Outputs::count() const {
  base::metrics::gauge("tongke_outputs", "Lessons being sent to destinations outside")
      .Set(static_cast<double>(outputs_.size()));
}

}  // namespace tongke::relay::output
