#include "signaling/talk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tongke::signaling {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxLine = 4096;

std::uint64_t number(const json& object, const char* name, std::uint64_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return 0;
  return std::min(found->get<std::uint64_t>(), most);
}
std::string text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json common(std::uint64_t id, std::string_view room, const std::string& text, base::WallTime at) {
  return {{"id", id}, {"room", room}, {"text", text}, {"at", at.time_since_epoch().count()}};
}

constexpr std::uint64_t kMaxId = std::uint64_t{1} << 52U;
constexpr std::uint64_t kMaxWallMs = 253'402'300'800'000;  // the year 10000

/// Null for what is none.
json object_in(std::string_view line) {
  json object = line.size() > kMaxLine ? json() : json::parse(line, nullptr, false);
  return object.is_object() ? std::move(object) : json();
}

std::optional<std::uint32_t> seat_in(const json& object) {
  if (!object.contains("seat")) return std::nullopt;
  return static_cast<std::uint32_t>(number(object, "seat", UINT32_MAX));
}

std::optional<Talk::Note> note_in(const json& object, const ClassWork::RoomNumber& room_number) {
  if (object.is_null()) return std::nullopt;
  const std::uint64_t id = number(object, "id", kMaxId);
  const std::string kind = text(object, "t");
  if (id == 0 || (kind != "help" && kind != "chat")) return std::nullopt;
  const auto room = room_number(text(object, "room"));
  if (!room) return std::nullopt;
  const base::WallTime at{std::chrono::milliseconds(number(object, "at", kMaxWallMs))};
  const auto seat = seat_in(object);
  if (kind == "help") {
    if (!seat || !object.contains("teacher") || !object["teacher"].is_boolean()) return std::nullopt;
    return Talk::HelpNote{
        id, *room, *seat, object["teacher"].get<bool>(), text(object, "from"), text(object, "text"), at};
  }
  const auto shown =
      static_cast<Talk::Shown>(number(object, "shown", static_cast<std::uint64_t>(Talk::Shown::gone)));
  return Talk::ChatNote{id, *room, seat, text(object, "from"), shown, text(object, "text"), at};
}

}  // namespace

const Talk::HelpNote& Talk::add(HelpNote note) {
  note.id = ++last_;
  help_.push_back(std::move(note));
  if (help_.size() > kMaxHelp) help_.pop_front();
  return help_.back();
}

const Talk::ChatNote& Talk::add(ChatNote note) {
  note.id = ++last_;
  put(std::move(note));
  return chat_.back();
}

void Talk::put(ChatNote note) {
  chat_.push_back(std::move(note));
  if (chat_.size() > kMaxChat) chat_.pop_front();
}

const Talk::ChatNote* Talk::judge(std::uint64_t id, bool show) {
  const auto note = std::ranges::find(chat_, id, &ChatNote::id);
  const Shown wanted = show ? Shown::shown : Shown::gone;
  // What was taken away stays away.
  if (note == chat_.end() || note->shown == wanted || note->shown == Shown::gone) return nullptr;
  note->shown = wanted;
  return &*note;
}

const Talk::ChatNote* Talk::find_chat(std::uint64_t id) const {
  const auto note = std::ranges::find(chat_, id, &ChatNote::id);
  return note == chat_.end() ? nullptr : &*note;
}

std::string Talk::line(const HelpNote& note, std::string_view room) {
  json object = common(note.id, room, note.text, note.at);
  object["t"] = "help";
  object["seat"] = note.seat;
  object["teacher"] = note.from_teacher;
  if (!note.from.empty()) object["from"] = note.from;
  return object.dump();
}

std::string Talk::line(const ChatNote& note, std::string_view room) {
  json object = common(note.id, room, note.text, note.at);
  object["t"] = "chat";
  if (note.seat) object["seat"] = *note.seat;
  if (!note.from.empty()) object["from"] = note.from;
  object["shown"] = static_cast<unsigned>(note.shown);
  return object.dump();
}

std::optional<Talk::Note> Talk::parse(std::string_view line, const ClassWork::RoomNumber& room_number) {
  return note_in(object_in(line), room_number);
}

bool Talk::read(std::string_view line, const ClassWork::RoomNumber& room_number) {
  const json object = object_in(line);
  if (!object.is_null()) last_ = std::max(last_, number(object, "id", kMaxId));
  auto note = note_in(object, room_number);
  if (!note) return false;
  if (auto* const help = std::get_if<HelpNote>(&*note)) {
    help_.push_back(std::move(*help));
    if (help_.size() > kMaxHelp) help_.pop_front();
    return true;
  }
  auto& chat = std::get<ChatNote>(*note);
  if (const auto known = std::ranges::find(chat_, chat.id, &ChatNote::id); known != chat_.end()) {
    known->shown = chat.shown;
  } else {
    put(std::move(chat));
  }
  return true;
}

std::vector<Talk::ChatNote> Talk::forget(std::uint32_t seat) {
  std::vector<ChatNote> said;
  for (const auto& note : chat_) {
    if (note.seat == seat) said.push_back(note);
  }
  std::erase_if(chat_, [seat](const ChatNote& note) { return note.seat == seat; });
  std::erase_if(help_, [seat](const HelpNote& note) { return note.seat == seat; });
  return said;
}

void Talk::take_out(std::string& line, std::uint32_t seat) {
  const json object = object_in(line);
  if (!object.is_null() && seat_in(object) == seat)
    line = json{{"t", "gone"}, {"id", number(object, "id", kMaxId)}}.dump();
}

}  // namespace tongke::signaling
