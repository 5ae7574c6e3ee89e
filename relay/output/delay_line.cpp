#include "relay/output/delay_line.hpp"

#include <algorithm>
#include <utility>

namespace tongke::relay::output {
namespace {

std::shared_ptr<const live::RenditionInit> init_of(const live::RenditionSnapshot& rendition,
                                                   std::uint32_t number) {
  const auto found =
      std::ranges::find_if(*rendition.inits, [&](const auto& init) { return init->number == number; });
  return found == rendition.inits->end() ? nullptr : *found;
}

}  // namespace

void DelayLine::read(const live::RenditionSnapshot& rendition) {
  if (rendition.held.empty()) return;
  find_place(rendition);
  for (const auto& segment : rendition.held) {
    if (segment->info.msn < next_.msn) continue;
    if (segment->info.msn > next_.msn) next_ = {.msn = segment->info.msn, .parts = 0};
    const auto init = init_of(rendition, segment->info.init);
    for (; next_.parts < segment->parts.size(); ++next_.parts) {
      const auto& part = segment->parts[next_.parts];
      if (!init || part.bytes.empty()) continue;
      waiting_.push_back({.init = init,
                          .msn = segment->info.msn,
                          .begins = part.independent,
                          .start = part.start,
                          .duration = part.duration,
                          .bytes = part.bytes});
      end_ = part.start + part.duration;
    }
    if (segment->complete) next_ = {.msn = segment->info.msn + 1, .parts = 0};
  }
  keep_bound();
}

// Where reading goes on: elsewhere than before only when the rendition is another, when what was to
// be read is gone, or when a lesson began again from nothing.
void DelayLine::find_place(const live::RenditionSnapshot& rendition) {
  const std::uint32_t first = rendition.held.front()->info.msn;
  const std::uint32_t last = rendition.held.back()->info.msn;
  if (rendition_ != rendition.id || next_.msn > last + 1) {
    const bool known = rendition_ != rendition.id && !rendition_.empty();
    rendition_ = rendition.id;
    const auto place = std::ranges::find_if(
        rendition.held, [&](const auto& segment) { return !known || segment->info.start >= end_; });
    next_ = {.msn = place == rendition.held.end() ? last + 1 : (*place)->info.msn, .parts = 0};
  } else if (next_.msn < first) {
    dropped_ += first - next_.msn;
    next_ = {.msn = first, .parts = 0};
  }
}

void DelayLine::keep_bound() {
  while (!waiting_.empty() && end_ - waiting_.front().start > bound_) {
    const std::uint32_t oldest = waiting_.front().msn;
    while (!waiting_.empty() && waiting_.front().msn == oldest) waiting_.pop_front();
    if (!waiting_.empty()) skipping_to_ = waiting_.front().start;
    ++dropped_;
  }
}

std::optional<Piece> DelayLine::take(base::MediaTime until) {
  while (skipping_to_ && !waiting_.empty()) {
    if (waiting_.front().start >= *skipping_to_ && waiting_.front().begins) {
      skipping_to_.reset();
    } else {
      waiting_.pop_front();
    }
  }
  if (waiting_.empty() || waiting_.front().start > until) return std::nullopt;
  auto piece = std::move(waiting_.front());
  waiting_.pop_front();
  return piece;
}

}  // namespace tongke::relay::output
