#include "relay/live/snapshot.hpp"

#include <algorithm>

namespace tongke::relay::live {

std::uint32_t RenditionSnapshot::first_msn() const noexcept {
  if (!history->empty()) return history->front()->segments.front().msn;
  if (!settled.empty()) return settled.front().msn;
  return held.empty() ? 0 : held.front()->info.msn;
}

LiveEdge RenditionSnapshot::edge() const noexcept {
  if (!held.empty()) {
    const HeldSegment& last = *held.back();
    if (last.complete) return {last.info.msn + 1, 0};
    return {last.info.msn, static_cast<std::uint32_t>(last.parts.size())};
  }
  if (!settled.empty()) return {settled.back().msn + 1, 0};
  if (!history->empty()) return {history->back()->segments.back().msn + 1, 0};
  return {0, 0};
}

std::optional<FoundSegment> RenditionSnapshot::find(std::uint32_t msn) const noexcept {
  if (empty() || msn < first_msn()) return std::nullopt;
  // Numbers have no holes, so a segment's place follows from its number.
  std::size_t at = msn - first_msn();
  const std::size_t in_history = history->size() * SegmentBlock::kSize;
  if (at < in_history) {
    return FoundSegment{(*history)[at / SegmentBlock::kSize]->segments[at % SegmentBlock::kSize], nullptr};
  }
  at -= in_history;
  if (at < settled.size()) return FoundSegment{settled[at], nullptr};
  at -= settled.size();
  if (at < held.size()) return FoundSegment{held[at]->info, held[at].get()};
  return std::nullopt;
}

const MediaPart* RenditionSnapshot::find_part(std::uint32_t msn, std::uint32_t index) const noexcept {
  const auto found = find(msn);
  if (!found || found->held == nullptr || index >= found->held->parts.size()) return nullptr;
  return &found->held->parts[index];
}

const RenditionInit* RenditionSnapshot::find_init(std::uint32_t number) const noexcept {
  // Numbered from 0 without holes; the recording of a damaged lesson may lack some.
  const auto found = std::ranges::find_if(*inits, [&](const auto& init) { return init->number == number; });
  return found == inits->end() ? nullptr : found->get();
}

std::shared_ptr<const LessonSnapshot> LessonSnapshot::before_media(std::string lesson) {
  auto snapshot = std::make_shared<LessonSnapshot>();
  snapshot->lesson = std::move(lesson);
  snapshot->gaps = std::make_shared<const std::vector<Gap>>();
  return snapshot;
}

bool LessonSnapshot::is_cold(std::string_view rendition) const noexcept {
  if (ended || pipeline::wire::find_step(rendition) == nullptr) return false;
  const RenditionSnapshot* made = find(rendition);
  if (made == nullptr || made->empty()) return true;
  const RenditionSnapshot* source = find("src");
  return source != nullptr && !source->empty() && source->edge().msn > made->edge().msn + 1;
}

bool LessonSnapshot::is_withdrawn(std::string_view rendition) const noexcept {
  return !ended && pipeline::wire::find_step(rendition) != nullptr && !may_have(rendition);
}

bool LessonSnapshot::may_have(std::string_view rendition) const noexcept {
  return offers == nullptr || (rendition == pipeline::wire::kStills && !offers->empty()) ||
         std::ranges::any_of(*offers, [&](const Offer& offer) { return offer.step->name == rendition; });
}

const RenditionSnapshot* LessonSnapshot::find(std::string_view rendition) const noexcept {
  const auto found = std::ranges::find_if(renditions, [&](const auto& r) { return r->id == rendition; });
  return found == renditions.end() ? nullptr : found->get();
}

}  // namespace tongke::relay::live
