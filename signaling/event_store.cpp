#include "signaling/event_store.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "school/crypto.hpp"
#include "signaling/lines.hpp"
#include "signaling/protocol/decode_check.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {
namespace {

using nlohmann::json;

constexpr std::size_t kEpochLetters = 10;
// A check's line also says what is right.
constexpr std::size_t kMaxLine = protocol::kMaxFrame + 512;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::uint64_t number_of(const json& object, const char* name, std::uint64_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return 0;
  const auto number = found->get<std::uint64_t>();
  return number <= most ? number : 0;
}

struct Named {
  std::string_view type;
  Kind in_room;
  Kind in_lesson;
};
constexpr std::array<Named, 6> kNamed = {{{"note", Kind::note_room, Kind::note_lesson},
                                          {"page", Kind::page_room, Kind::page_lesson},
                                          {"chapter", Kind::chapter, Kind::chapter},
                                          {"check", Kind::check_room, Kind::check_lesson},
                                          {"rollcall", Kind::rollcall_room, Kind::rollcall_lesson},
                                          {"digest", Kind::digest, Kind::digest}}};

/// A check's event as pupils get it; what is right goes into `work`.
protocol::FramePtr read_check(const json& object, const Event& event, ClassWork& work) {
  protocol::Check check;
  check.items = protocol::parse_items(object.value("items", json()));
  if (check.items.empty() || work.full()) return nullptr;
  check.media_time = std::chrono::milliseconds(number_of(object, "media_time", protocol::kMaxMediaMs));
  const std::string frame =
      protocol::encode::check(event.seq, text_of(object, "room"), text_of(object, "from"), check);
  if (frame.size() > protocol::kMaxFrame) return nullptr;
  work.ask(event.seq, event.room, std::move(check.items));
  return protocol::framed(frame);
}

std::optional<Event> read_event(std::string_view line, const json& object, std::uint64_t after,
                                const EventStore::RoomNumber& room_number, ClassWork& work) {
  const std::string type = text_of(object, "t");
  const auto* const named = std::ranges::find(kNamed, type, &Named::type);
  if (named == kNamed.end()) return std::nullopt;
  Event event;
  event.seq = number_of(object, "seq", std::uint64_t{1} << 52U);
  if (event.seq <= after) return std::nullopt;
  event.kind = named->in_lesson;
  if (const std::string room = text_of(object, "room"); !room.empty()) {
    event.kind = named->in_room;
    event.room = room_number(room);
    if (!event.room) return std::nullopt;
  }
  if (type == "check") {
    event.frame = read_check(object, event, work);
    if (event.frame == nullptr) return std::nullopt;
    return event;
  }
  if (line.size() > protocol::kMaxFrame) return std::nullopt;
  if (type == "rollcall") (void)work.call(event.room);
  event.frame = protocol::framed(line);
  return event;
}

}  // namespace

std::optional<EventStore::Kept> parse_events(std::string_view text,
                                             const EventStore::RoomNumber& room_number) {
  std::string epoch;
  std::deque<Event> events;
  ClassWork work;
  std::uint64_t last = 0;
  for_lines(text, [&](std::string_view line) {
    if (line.size() > kMaxLine) return;
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object()) return;
    if (text_of(object, "t") == "epoch") {
      if (epoch.empty()) epoch = text_of(object, "epoch");
      return;
    }
    auto event = read_event(line, object, last, room_number, work);
    if (!event) return;
    last = event->seq;
    events.push_back(std::move(*event));
  });
  if (epoch.empty()) return std::nullopt;
  return EventStore::Kept{Events::restored(std::move(epoch), std::move(events)), std::move(work), {}};
}

EventStore::Kept EventStore::load(const std::string& lesson, const RoomNumber& room_number) {
  const auto text_in = [&](const char* kind) {
    auto text = log_.read(lesson + kind);
    return text ? std::move(*text) : std::string();
  };
  auto kept = parse_events(text_in(".events"), room_number);
  if (!kept) {
    kept = Kept{Events(school::crypto::readable_id(kEpochLetters)), {}, {}};
    (void)keep_event(lesson, json{{"t", "epoch"}, {"epoch", kept->events.epoch()}}.dump());
  }
  for_lines(text_in(".answers"), [&](std::string_view line) { kept->work.read(line, room_number); });
  (void)kept->work.take_changed();
  for_lines(text_in(".talk"), [&](std::string_view line) { kept->talk.read(line, room_number); });
  return std::move(*kept);
}

bool EventStore::keep_event(const std::string& lesson, std::string_view frame) {
  return log_.append(lesson + ".events", std::string(frame));
}
bool EventStore::keep_answer(const std::string& lesson, std::string line) {
  return log_.append(lesson + ".answers", std::move(line));
}
bool EventStore::keep_talk(const std::string& lesson, std::string line) {
  return log_.append(lesson + ".talk", std::move(line));
}

base::Result<OwnWork> EventStore::of_seat(const std::string& lesson, std::uint32_t seat) const {
  const auto events = log_.read(lesson + ".events");
  const auto answers = events ? log_.read(lesson + ".answers") : events;
  const auto talk = answers ? log_.read(lesson + ".talk") : answers;
  if (!talk) return base::Error(talk.error());
  return own_work({.events = *events, .answers = *answers, .talk = *talk}, seat);
}

base::Result<void> EventStore::forget_answers(const std::string& lesson, std::uint32_t seat) {
  auto done = log_.rewrite(lesson + ".answers", [seat](const std::string& text) {
    const auto line = ClassWork::parse(text);
    return !line || line->seat != seat;
  });
  return done ? base::Result<void>() : std::move(done).error();
}

base::Result<void> EventStore::forget_talk(const std::string& lesson, std::uint32_t seat) {
  auto done = log_.rewrite(lesson + ".talk", [seat](std::string& line) {
    Talk::take_out(line, seat);
    return true;
  });
  return done ? base::Result<void>() : std::move(done).error();
}

}  // namespace tongke::signaling
