#include "relay/record/contents.hpp"

#include <algorithm>

namespace tongke::relay::record {

std::uint64_t Rendition::file_size(std::uint32_t number) const noexcept {
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    if (segment->info.init == number) return segment->end();
  }
  const auto init = std::ranges::find(inits, number, [](const auto& i) { return i->number; });
  return init == inits.end() ? 0 : (*init)->bytes.size();
}

base::Result<void> Rendition::add_fill(const Fill& fill) {
  const auto& info = fill.segment.info;
  const auto numbered = [&](const Segment& segment) { return segment.info.msn == info.msn; };
  const bool known = std::ranges::any_of(inits, [&](const auto& init) { return init->number == info.init; });
  if (!known || info.bytes == 0 || std::ranges::any_of(segments, numbered) ||
      std::ranges::any_of(fills, numbered, &Fill::segment)) {
    return base::Error{base::Errc::conflict, "a fill that has no place"};
  }
  const auto after =
      std::ranges::find_if(fills, [&](const Fill& f) { return f.segment.info.msn > info.msn; });
  fills.insert(after, fill);
  return {};
}

const Rendition* Contents::find(std::string_view rendition) const noexcept {
  const auto found = std::ranges::find(renditions, rendition, &Rendition::id);
  return found == renditions.end() ? nullptr : &*found;
}

Rendition* Contents::find(std::string_view rendition) noexcept {
  const auto found = std::ranges::find(renditions, rendition, &Rendition::id);
  return found == renditions.end() ? nullptr : &*found;
}

base::MediaTime Contents::duration() const noexcept {
  base::MediaTime end{0};
  for (const auto& rendition : renditions) {
    if (rendition.segments.empty()) continue;
    const auto& last = rendition.segments.back().info;
    end = std::max(end, last.start + last.duration);
  }
  return end;
}

std::uint64_t Contents::bytes() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& rendition : renditions) {
    for (const auto& init : rendition.inits) sum += rendition.file_size(init->number);
    for (const auto& fill : rendition.fills) sum += fill.segment.info.bytes;
  }
  return sum;
}

base::MediaTime Contents::filled(const live::Gap& gap) const noexcept {
  base::MediaTime sum{0};
  const Rendition* sound = find("audio");
  if (!sound) return sum;
  for (const auto& fill : sound->fills) {
    const auto& info = fill.segment.info;
    if (info.start >= gap.start && info.start < gap.start + gap.duration) sum += info.duration;
  }
  return sum;
}

live::RecordedLesson Contents::recorded() const {
  live::RecordedLesson out{
      .lesson = lesson, .started = started, .ended = ended, .renditions = {}, .gaps = gaps};
  out.renditions.reserve(renditions.size());
  for (const auto& rendition : renditions) {
    auto& copy = out.renditions.emplace_back();
    copy.id = rendition.id;
    copy.kind = rendition.kind;
    copy.inits = rendition.inits;
    copy.segments.reserve(rendition.segments.size());
    for (const auto& segment : rendition.segments) copy.segments.push_back(segment.info);
    for (const auto& fill : rendition.fills) copy.segments.push_back(fill.segment.info);
    std::ranges::sort(copy.segments, {}, &live::SegmentInfo::msn);
  }
  return out;
}

}  // namespace tongke::relay::record
