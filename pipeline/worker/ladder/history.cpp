#include "pipeline/worker/ladder/history.hpp"

namespace tongke::pipeline::worker::ladder {
namespace {

bool begins_group(const Unit& unit) { return unit.keyframe && unit.pts == unit.segment.start; }

}  // namespace

std::size_t History::second_group() const noexcept {
  for (std::size_t at = 1; at < units_.size(); ++at) {
    if (begins_group(*units_[at])) return at;
  }
  return 0;
}

void History::add(std::shared_ptr<const Unit> unit) {
  if (units_.empty() && !begins_group(*unit)) return;
  bytes_ += unit->bytes.size();
  units_.push_back(std::move(unit));
  while (begins_group(*units_.back())) {
    const std::size_t second = second_group();
    if (second == 0 || units_.back()->pts - units_[second]->pts < kWorth) break;
    drop_group();
  }
  while (bytes_ > kMaxBytes) drop_group();
}

void History::drop_group() {
  const std::size_t second = second_group();
  for (std::size_t left = second == 0 ? units_.size() : second; left > 0; --left) {
    bytes_ -= units_.front()->bytes.size();
    units_.pop_front();
  }
}

}  // namespace tongke::pipeline::worker::ladder
