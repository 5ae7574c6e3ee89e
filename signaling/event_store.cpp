#include "signaling/event_store.hpp"

#include <nlohmann/json.hpp>

#include "school/crypto.hpp"

namespace tongke::signaling {
namespace {

using nlohmann::json;

constexpr std::size_t kEpochLetters = 10;

std::string log_name(const std::string& lesson) { return lesson + ".events"; }

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<Event> read_note(std::string_view line, const json& object,
                               const EventStore::RoomNumber& room_number) {
  const auto seq = object.find("seq");
  if (text_of(object, "t") != "note" || seq == object.end() || !seq->is_number_unsigned())
    return std::nullopt;
  Event event;
  event.seq = seq->get<std::uint64_t>();
  event.kind = Kind::note_lesson;
  if (const std::string room = text_of(object, "room"); !room.empty()) {
    event.kind = Kind::note_room;
    event.room = room_number(room);
    if (!event.room) return std::nullopt;
  }
  event.frame = protocol::framed(line);
  return event;
}

}  // namespace

std::optional<Events> parse_events(std::string_view text, const EventStore::RoomNumber& room_number) {
  std::string epoch;
  std::deque<Event> notes;
  std::uint64_t last = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // torn
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.size() > protocol::kMaxFrame) continue;
    const json object = json::parse(line, nullptr, false);
    if (!object.is_object()) continue;
    if (text_of(object, "t") == "epoch") {
      if (epoch.empty()) epoch = text_of(object, "epoch");
      continue;
    }
    auto event = read_note(line, object, room_number);
    if (!event || event->seq <= last || event->seq > (std::uint64_t{1} << 52U)) continue;
    last = event->seq;
    notes.push_back(std::move(*event));
  }
  if (epoch.empty()) return std::nullopt;
  return Events::restored(std::move(epoch), std::move(notes));
}

Events EventStore::load(const std::string& lesson, const RoomNumber& room_number) {
  if (auto text = log_.read(log_name(lesson))) {
    if (auto events = parse_events(*text, room_number)) return std::move(*events);
  }
  Events fresh(school::crypto::readable_id(kEpochLetters));
  (void)log_.append(log_name(lesson), json{{"t", "epoch"}, {"epoch", fresh.epoch()}}.dump());
  return fresh;
}

bool EventStore::keep(const std::string& lesson, const Event& event) {
  return log_.append(log_name(lesson), std::string(event.frame->text()));
}

}  // namespace tongke::signaling
