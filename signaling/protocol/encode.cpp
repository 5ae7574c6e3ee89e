#include "signaling/protocol/encode.hpp"

#include "signaling/protocol/json_writer.hpp"

namespace tongke::signaling::protocol::encode {
namespace {

std::string seat_line(const SeatLine& seat) {
  Object out;
  out.number("seat", seat.seat).text_if("label", seat.label).text("state", seat.state);
  out.number_if("devices", seat.devices).flag_if("tv", seat.tv);
  if (seat.companion != Who::none) out.text("companion", to_string(seat.companion));
  if (seat.since) out.wall("since", *seat.since);
  if (seat.hand) out.wall("hand", *seat.hand);
  out.flag_if("here", seat.here);
  return out.close();
}

std::vector<std::string> seat_lines(std::span<const SeatLine> seats) {
  std::vector<std::string> items;
  items.reserve(seats.size());
  for (const auto& seat : seats) items.push_back(seat_line(seat));
  return items;
}

std::string room_name(const RoomName& room) {
  Object out;
  out.text("id", room.id).text_if("label", room.label);
  if (room.chat != ChatMode::off) out.text("chat", to_string(room.chat));
  if (room.rest != Rest::none) out.text("rest", to_string(room.rest));
  return out.close();
}

std::string count_line(const RoomCount& room) {
  Object out;
  out.text("room", room.room).text_if("label", room.label);
  out.number("expected", room.expected).number("present", room.present);
  out.number_if("stalled", room.stalled).number_if("audio", room.audio).number_if("gone", room.gone);
  out.number_if("companions", room.companions).number_if("unclear", room.unclear);
  out.number_if("hands", room.hands).number_if("here", room.here);
  if (room.rest != Rest::none) out.text("rest", to_string(room.rest));
  return out.close();
}

}  // namespace

std::string welcome(const Welcome& welcome) {
  std::vector<std::string> rooms;
  for (const auto& room : welcome.rooms) rooms.push_back(room_name(room));
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

std::string page(std::uint64_t seq, std::string_view room, std::string_view from, const Page& page) {
  return Object("page")
      .number("seq", seq)
      .text_if("room", room)
      .text_if("from", from)
      .media(page.media_time)
      .number("page", page.page)
      .text_if("text", page.text)
      .close();
}

std::string chapter(std::uint64_t seq, const Chapter& chapter) {
  return Object("chapter").number("seq", seq).media(chapter.media_time).text("text", chapter.text).close();
}

std::string rest(std::uint64_t seq, std::string_view room, Rest why) {
  return Object("rest").number("seq", seq).text_if("room", room).text("why", to_string(why)).close();
}

std::string warning(std::uint64_t seq, std::string_view room, Rest why, std::chrono::minutes left) {
  Object out("warning");
  out.number("seq", seq).text_if("room", room).text("why", to_string(why));
  return out.number("minutes", static_cast<std::uint64_t>(left.count())).close();
}

std::string rollcall(std::uint64_t seq, std::string_view room) {
  return Object("rollcall").number("seq", seq).text_if("room", room).close();
}

std::string digest(std::uint64_t seq, std::string_view room, std::string_view label, std::string_view from,
                   std::string_view text) {
  Object out("digest");
  out.number("seq", seq).text("room", room).text_if("label", label).text_if("from", from);
  return out.text("text", text).close();
}

std::vector<std::string> roster(std::string_view room, std::span<const SeatLine> seats) {
  return packed(Object("roster").text("room", room), "seats", seat_lines(seats));
}

std::vector<std::string> seats(std::string_view room, std::span<const SeatLine> seats) {
  return packed(Object("seats").text("room", room), "seats", seat_lines(seats));
}

std::vector<std::string> counts(std::span<const RoomCount> rooms) {
  std::vector<std::string> items;
  items.reserve(rooms.size());
  for (const auto& room : rooms) items.push_back(count_line(room));
  return packed(Object("counts"), "rooms", items);
}

std::vector<std::string> cowatch(std::string_view room, std::span<const TeacherLine> teachers) {
  std::vector<std::string> items;
  items.reserve(teachers.size());
  for (const auto& teacher : teachers) {
    items.push_back(Object()
                        .text_if("label", teacher.label)
                        .raw("rooms", array_of_texts(teacher.rooms))
                        .number("minutes", teacher.minutes)
                        .close());
  }
  return packed(Object("cowatch").text_if("room", room), "teachers", items);
}

std::vector<std::string> unclear(std::string_view room, std::span<const UnclearSeat> seats) {
  std::vector<std::string> items;
  items.reserve(seats.size());
  for (const auto& seat : seats) {
    items.push_back(
        Object().number("seat", seat.seat).text_if("label", seat.label).media(seat.media_time).close());
  }
  return packed(Object("unclear").text("room", room).number("count", seats.size()), "seats", items);
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
