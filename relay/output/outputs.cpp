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
                  .slate_heading = use_.slate_heading,
                  .slate_text = use_.slate_text,
                  .snapshot = [snapshot = use_.snapshot, lesson] { return snapshot(lesson); }},
      lesson, std::move(chosen));
  if (const auto cut = cuts_.find({lesson, destination}); cut != cuts_.end()) output->cut(cut->second);
  count();
  note({lesson, destination});
  return output.get();
}

Result<const Output*> Outputs::cut(const std::string& lesson, const std::string& destination, bool on) {
  const Id id{lesson, destination};
  const auto found = outputs_.find(id);
  if (found == outputs_.end()) return Error{Errc::not_found, "this lesson is not sent there"};
  Output& output = *found->second;
  if (output.status().state == State::ended) return Error{Errc::conflict, "all of the lesson was sent"};
  if (on == output.status().cut.has_value()) return &output;
  base::log::info(on ? "output cut to the slate" : "output back to the lesson",
                  {{"lesson", lesson}, {"destination", destination}});
  if (on) {
    output.cut(cuts_.emplace(id, base::wall_now()).first->second);
  } else {
    cuts_.erase(id);
    output.restore();
  }
  note(id);
  return &output;
}

Result<void> Outputs::resume(const std::string& lesson, const std::string& destination, const Note& note) {
  if (note.cut) cuts_.emplace(Id{lesson, destination}, *note.cut);
  if (!note.goes_on) return {};
  if (const auto begun = start(lesson, destination, ""); !begun) return begun.error();
  return {};
}

void Outputs::note(const Id& id) const {
  const auto output = outputs_.find(id);
  const auto cut = cuts_.find(id);
  // A key that was given for the one lesson is in memory only.
  const auto configured = std::ranges::find(destinations_, id.second, &Destination::name);
  use_.noted(id.first, id.second,
             {.goes_on = output != outputs_.end() && !configured->wants_key(),
              .cut = cut == cuts_.end() ? std::nullopt : std::optional(cut->second)});
}

Result<void> Outputs::stop(const std::string& lesson, const std::string& destination) {
  if (outputs_.erase({lesson, destination}) == 0)
    return Error{Errc::not_found, "this lesson is not sent there"};
  base::log::info("output stopped", {{"lesson", lesson}, {"destination", destination}});
  cuts_.erase({lesson, destination});
  note({lesson, destination});
  count();
  return {};
}

void Outputs::forget(const std::string& lesson) {
  for (const Destination& destination : destinations_) {
    const Id id{lesson, destination.name};
    if (outputs_.erase(id) + cuts_.erase(id) != 0) note(id);
  }
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
