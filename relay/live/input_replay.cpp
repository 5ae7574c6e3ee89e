#include "relay/live/input_replay.hpp"

#include <algorithm>

namespace tongke::relay::live {

base::SharedBytes InputReplay::add(const ingest::Chunk& chunk) {
  base::SharedBytes bytes(std::vector<std::uint8_t>(chunk.bytes.begin(), chunk.bytes.end()));
  if (!remembers()) return bytes;
  if (chunk.kind == ingest::ChunkKind::header) {
    headers_[chunk.slot] = bytes;
    return bytes;
  }
  Kept kept{.bytes = bytes, .keyframe = chunk.kind == ingest::ChunkKind::keyframe};
  if (kept.keyframe) kept.ordinal = keyframes_++;
  kept_.push_back(kept);
  bytes_ += bytes.size();
  if (bytes_ > kMaxBytes) {
    ++overflows_;
    do {
      drop_front();
    } while (!kept_.empty() && (!kept_.front().keyframe || bytes_ > kMaxBytes));
  }
  return bytes;
}

void InputReplay::segment_started(std::uint32_t keyframe, Point point) {
  const std::uint64_t ordinal = child_first_keyframe_ + keyframe;
  const auto found =
      std::ranges::find_if(kept_, [&](const Kept& k) { return k.keyframe && k.ordinal == ordinal; });
  if (found == kept_.end()) return;  // forgotten by the bound, or the child counts wrongly: keep what we have
  point_ = point;
  // An earlier keyframe in the lead would be taken for the point's own.
  auto keep_from = found;
  for (std::size_t lead = 0; lead < kLeadChunks && keep_from != kept_.begin(); ++lead) {
    if (std::prev(keep_from)->keyframe) break;
    --keep_from;
  }
  for (auto drop = std::distance(kept_.begin(), keep_from); drop > 0; --drop) drop_front();
}

void InputReplay::sound_segment_ended(Point next) {
  point_ = next;
  kept_.clear();
  bytes_ = 0;
}

std::vector<base::SharedBytes> InputReplay::begin_again() {
  std::vector<base::SharedBytes> all;
  all.reserve(headers_.size() + kept_.size());
  for (const auto& [slot, bytes] : headers_) all.push_back(bytes);
  for (const Kept& kept : kept_) all.push_back(kept.bytes);
  const auto first = std::ranges::find_if(kept_, &Kept::keyframe);
  child_first_keyframe_ = first == kept_.end() ? keyframes_ : first->ordinal;
  return all;
}

void InputReplay::drop_front() {
  bytes_ -= kept_.front().bytes.size();
  kept_.pop_front();
}

}  // namespace tongke::relay::live
