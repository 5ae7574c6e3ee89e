#include "signaling/protocol/encode.hpp"

#include <array>

namespace tongke::signaling::protocol::encode {
namespace {

void put_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// A JSON object in the making.
class Object {
 public:
  Object() = default;
  explicit Object(std::string_view type) { text("t", type); }

  Object& text(std::string_view name, std::string_view value) {
    put_string(key(name), value);
    return *this;
  }
  Object& text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  Object& number(std::string_view name, std::uint64_t value) {
    key(name) += std::to_string(value);
    return *this;
  }
  Object& number_if(std::string_view name, std::uint64_t value) {
    return value == 0 ? *this : number(name, value);
  }
  Object& flag(std::string_view name, bool value) {
    key(name) += value ? "true" : "false";
    return *this;
  }
  Object& flag_if(std::string_view name, bool value) { return value ? flag(name, true) : *this; }
  Object& wall(std::string_view name, base::WallTime time) {
    return number(name, static_cast<std::uint64_t>(time.time_since_epoch().count()));
  }
  Object& media(base::MediaTime time) {
    return number("media_time", static_cast<std::uint64_t>(
                                    std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
  }
  Object& raw(std::string_view name, std::string_view json) {
    key(name) += json;
    return *this;
  }
  std::string close() {
    text_ += '}';
    return std::move(text_);
  }

 private:
  std::string& key(std::string_view name) {
    text_ += first_ ? '{' : ',';
    first_ = false;
    put_string(text_, name);
    text_ += ':';
    return text_;
  }

  std::string text_;
  bool first_ = true;
};

std::string array_of(std::span<const std::string> items) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

// What type, room, part numbers and brackets take.
constexpr std::size_t kAround = 160;

/// Frames of as many items as fit; at least one frame, so that an empty list can be told.
std::vector<std::string> packed(std::string_view type, std::string_view room, std::string_view name,
                                std::span<const std::string> items, std::uint64_t count = 0) {
  std::vector<std::span<const std::string>> pages;
  std::size_t first = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > first && bytes + items[i].size() + 1 > kMaxFrame - kAround) {
      pages.push_back(items.subspan(first, i - first));
      first = i;
      bytes = 0;
    }
    bytes += items[i].size() + 1;
  }
  pages.push_back(items.subspan(first));
  std::vector<std::string> frames;
  frames.reserve(pages.size());
  for (std::size_t part = 0; part < pages.size(); ++part) {
    Object frame(type);
    frame.text_if("room", room);
    if (type == "unclear") frame.number("count", count);
    frame.number("part", part).number("parts", pages.size());
    frames.push_back(frame.raw(name, array_of(pages[part])).close());
  }
  return frames;
}

std::string seat_line(const SeatLine& seat) {
  Object out;
  out.number("seat", seat.seat).text_if("label", seat.label).text("state", seat.state);
  out.number_if("devices", seat.devices).flag_if("tv", seat.tv);
  if (seat.companion != Who::none) out.text("companion", to_string(seat.companion));
  if (seat.since) out.wall("since", *seat.since);
  return out.close();
}

std::vector<std::string> seat_lines(std::span<const SeatLine> seats) {
  std::vector<std::string> items;
  items.reserve(seats.size());
  for (const auto& seat : seats) items.push_back(seat_line(seat));
  return items;
}

}  // namespace

std::string welcome(const Welcome& welcome) {
  std::vector<std::string> rooms;
  for (const auto& room : welcome.rooms)
    rooms.push_back(Object().text("id", room.id).text_if("label", room.label).close());
  Object out("welcome");
  out.text("lesson", welcome.lesson).text("role", school::to_string(welcome.role));
  out.raw("rooms", array_of(rooms));
  if (welcome.seat) out.number("seat", *welcome.seat);
  out.text_if("label", welcome.label).text("epoch", welcome.at.epoch).number("seq", welcome.at.seq);
  out.flag("resumed", welcome.resumed).text("state", to_string(welcome.state)).flag("frozen", welcome.frozen);
  out.wall("now", welcome.now).number("heartbeat", static_cast<std::uint64_t>(welcome.heartbeat.count()));
  return out.close();
}

std::string beat(std::uint64_t seq) { return Object("beat").number("seq", seq).close(); }

std::string state(std::uint64_t seq, OnAir state) {
  return Object("state").number("seq", seq).text("state", to_string(state)).close();
}

std::string slate(std::uint64_t seq, bool on, std::string_view why) {
  return Object("slate").number("seq", seq).flag("on", on).text_if("why", why).close();
}

std::string freeze(std::uint64_t seq, std::string_view room, bool on) {
  return Object("freeze").number("seq", seq).text_if("room", room).flag("on", on).close();
}

std::string note(std::uint64_t seq, std::string_view room, std::string_view from, const Note& note) {
  return Object("note")
      .number("seq", seq)
      .text_if("room", room)
      .text_if("from", from)
      .media(note.media_time)
      .text("text", note.text)
      .close();
}

std::vector<std::string> roster(std::string_view room, std::span<const SeatLine> seats) {
  return packed("roster", room, "seats", seat_lines(seats));
}

std::vector<std::string> seats(std::string_view room, std::span<const SeatLine> seats) {
  return packed("seats", room, "seats", seat_lines(seats));
}

std::vector<std::string> counts(std::span<const RoomCount> rooms) {
  std::vector<std::string> items;
  items.reserve(rooms.size());
  for (const auto& room : rooms) {
    items.push_back(Object()
                        .text("room", room.room)
                        .text_if("label", room.label)
                        .number("expected", room.expected)
                        .number("present", room.present)
                        .number_if("stalled", room.stalled)
                        .number_if("audio", room.audio)
                        .number_if("gone", room.gone)
                        .number_if("companions", room.companions)
                        .number_if("unclear", room.unclear)
                        .close());
  }
  return packed("counts", {}, "rooms", items);
}

std::vector<std::string> cowatch(std::string_view room, std::span<const TeacherLine> teachers) {
  std::vector<std::string> items;
  items.reserve(teachers.size());
  for (const auto& teacher : teachers) {
    std::vector<std::string> rooms;
    for (const auto& label : teacher.rooms) put_string(rooms.emplace_back(), label);
    items.push_back(Object()
                        .text_if("label", teacher.label)
                        .raw("rooms", array_of(rooms))
                        .number("minutes", teacher.minutes)
                        .close());
  }
  return packed("cowatch", room, "teachers", items);
}

std::vector<std::string> unclear(std::string_view room, std::span<const UnclearSeat> seats) {
  std::vector<std::string> items;
  items.reserve(seats.size());
  for (const auto& seat : seats) {
    items.push_back(
        Object().number("seat", seat.seat).text_if("label", seat.label).media(seat.media_time).close());
  }
  return packed("unclear", room, "seats", items, seats.size());
}

std::string companion(Who who, std::optional<base::WallTime> since) {
  Object out("companion");
  out.text("who", to_string(who));
  if (since) out.wall("since", *since);
  return out.close();
}

std::string device(std::string_view room, std::uint32_t seat, std::string_view label) {
  return Object("device").text("room", room).number("seat", seat).text_if("label", label).close();
}

std::string bye(Close reason) {
  return Object("bye")
      .text("reason", to_string(reason))
      .number("code", static_cast<std::uint64_t>(reason))
      .close();
}

std::string error(std::string_view code, std::string_view field) {
  return Object("error").text("code", code).text_if("field", field).close();
}

}  // namespace tongke::signaling::protocol::encode
