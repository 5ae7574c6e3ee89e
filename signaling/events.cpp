#include "signaling/events.hpp"

namespace tongke::signaling {

Events Events::restored(std::string epoch, std::deque<Event> notes) {
  Events events(std::move(epoch));
  if (!notes.empty()) events.last_ = notes.back().seq;
  // Between the last number on disk and the one that may have been told lies what is lost;
  // it is too little to make everybody start over.
  events.last_ += kSkip;
  events.notes_ = std::move(notes);
  while (events.notes_.size() > kMaxNotes) {
    events.dropped_ = events.notes_.front().seq;
    events.notes_.pop_front();
  }
  return events;
}

void Events::push(Event event) {
  last_ = event.seq;
  const auto now = event.at;
  const bool note = kept(event.kind);
  (note ? notes_ : others_).push_back(std::move(event));
  drop_old(now);
}

void Events::drop_old(base::Steady::time_point now) {
  const auto drop = [this](std::deque<Event>& from) {
    dropped_ = std::max(dropped_, from.front().seq);
    from.pop_front();
  };
  while (notes_.size() > kMaxNotes) drop(notes_);
  while (others_.size() > kMaxOthers || (!others_.empty() && now - others_.front().at > kKept)) drop(others_);
}

bool Events::reaches(const protocol::Point& point) const noexcept {
  return point.epoch == epoch_ && point.seq >= dropped_ && point.seq <= last_;
}

}  // namespace tongke::signaling
