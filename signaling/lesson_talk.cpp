// What people of a lesson say to each other: private help, raised hands, the class's chat, and
// a line to the lead. None of it but that line is ever replayed.
#include <algorithm>

#include "signaling/lesson.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {

namespace encode = protocol::encode;
using protocol::ChatMode;

namespace {

/// What somebody who comes is told of what was said before.
constexpr std::size_t kBriefHelp = 100;
constexpr std::size_t kBriefChat = 50;

}  // namespace

std::optional<std::uint16_t> Lesson::own_room(const Member& member, const std::string& room) const {
  if (room.empty()) return member.rooms.size() == 1 ? std::optional(member.rooms.front()) : std::nullopt;
  const auto number = room_number(room);
  if (!number || std::ranges::find(member.rooms, *number) == member.rooms.end()) return std::nullopt;
  return number;
}

// ---- private help ----

void Lesson::help(ConnectionId id, const protocol::Help& help, const Instant& now) {
  const Member& who = member(id);
  const bool asks = may_do(who.role, Act::ask_help);
  if (!asks && !may_do(who.role, Act::give_help)) return refuse(who, "forbidden");
  const auto room = own_room(who, help.room);
  const auto seat = asks ? who.seat : help.seat;
  if (!room) return refuse(who, "forbidden", "room");
  if (!seat || (asks && help.seat) || !(asks || rooms_[*room].knows(*seat)))
    return refuse(who, "not_found", "seat");
  if (asks && is_frozen(who)) return refuse(who, "frozen");
  const auto& note = talk_.add(Talk::HelpNote{.room = *room,
                                              .seat = *seat,
                                              .from_teacher = !asks,
                                              .from = asks ? std::string() : who.label,
                                              .text = help.text,
                                              .at = now.wall});
  (void)ports_.store.keep_talk(id_, Talk::line(note, rooms_[*room].id()));
  deliver(Kind::help, {.room = *room, .seat = note.seat}, protocol::framed(encode::help(help_line(note))));
}

protocol::HelpLine Lesson::help_line(const Talk::HelpNote& note) const {
  const Room& room = rooms_[note.room];
  return {note.id, room.id(), note.seat, room.label_of(note.seat), note.from_teacher, note.text, note.at};
}

// ---- hands ----

void Lesson::hand(ConnectionId id, const protocol::Hand& hand, const Instant& now) {
  const Member& who = member(id);
  const bool own = may_do(who.role, Act::hand);
  if (!own && !may_do(who.role, Act::give_help)) return refuse(who, "forbidden");
  const auto room = own_room(who, hand.room);
  const auto seat = own ? who.seat : hand.seat;
  if (!room) return refuse(who, "forbidden", "room");
  if (!seat || (own && hand.seat) || (!own && (hand.on || !rooms_[*room].knows(*seat))))
    return refuse(who, "not_found", "seat");
  if (own && hand.on && is_frozen(who)) return refuse(who, "frozen");
  if (!rooms_[*room].set_hand(*seat, hand.on, now.wall)) return;
  deliver(Kind::hand, {.room = *room, .seat = seat}, protocol::framed(encode::hand(hand.on)));
}

// ---- the class's chat ----

void Lesson::set_chat(ConnectionId id, const protocol::SetChat& set, const Instant& now) {
  const Member& who = member(id);
  const auto room = own_room(who, set.room);
  if (!may_do(who.role, Act::run_chat) || !room) return refuse(who, "forbidden", "room");
  rooms_[*room].chat = set.mode;
  publish(Kind::chat_mode, room, encode::chat_mode(events_.next(), rooms_[*room].id(), set.mode), now.steady);
}

void Lesson::chat(ConnectionId id, const protocol::Chat& chat, const Instant& now) {
  const Member& who = member(id);
  const auto room = own_room(who, chat.room);
  const bool pupil = is_audience(who.role);
  if (!may_do(who.role, Act::chat) || !room || (pupil && !who.seat)) return refuse(who, "forbidden", "room");
  if (rooms_[*room].chat == ChatMode::off) return refuse(who, "closed");
  if (pupil && is_frozen(who)) return refuse(who, "frozen");
  const bool waits = pupil && rooms_[*room].chat == ChatMode::moderated;
  const auto& note = talk_.add(Talk::ChatNote{.room = *room,
                                              .seat = pupil ? who.seat : std::nullopt,
                                              .from = pupil ? std::string() : who.label,
                                              .shown = waits ? Talk::Shown::pending : Talk::Shown::shown,
                                              .text = chat.text,
                                              .at = now.wall});
  keep_chat(note);
  tell_chat(note);
}

void Lesson::judge_chat(ConnectionId id, const protocol::JudgeChat& judge) {
  const Member& who = member(id);
  const auto* const note = talk_.find_chat(judge.id);
  const bool own = note != nullptr && std::ranges::find(who.rooms, note->room) != who.rooms.end();
  if (!may_do(who.role, Act::run_chat)) return refuse(who, "forbidden");
  if (!own) return refuse(who, "not_found", "id");
  const auto* const changed = talk_.judge(judge.id, judge.show);
  if (changed == nullptr) return;
  keep_chat(*changed);
  if (judge.show) return tell_chat(*changed);
  deliver(Kind::chat, {.room = changed->room, .seat = std::nullopt},
          protocol::framed(encode::chat_gone(changed->id, rooms_[changed->room].id())));
}

void Lesson::keep_chat(const Talk::ChatNote& note) {
  (void)ports_.store.keep_talk(id_, Talk::line(note, rooms_[note.room].id()));
}

void Lesson::tell_chat(const Talk::ChatNote& note) const {
  for (const Member* grown_up : staff_) send_chat(*grown_up, note);
  for (const Member* pupil : audience_[note.room]) send_chat(*pupil, note);
}

void Lesson::send_chat(const Member& member, const Talk::ChatNote& note) const {
  const Subject subject{.room = note.room, .seat = std::nullopt};
  if (note.shown == Talk::Shown::gone || !may_see(viewer(member), Kind::chat, subject)) return;
  protocol::ChatLine line{.id = note.id,
                          .room = rooms_[note.room].id(),
                          .from = note.from,
                          .from_teacher = !note.seat,
                          .mine = note.seat && note.seat == member.seat,
                          .pending = note.shown == Talk::Shown::pending,
                          .text = note.text,
                          .at = note.at};
  const bool names = may_see(viewer(member), Kind::chat_names, subject);
  if (line.pending && !line.mine && !names) return;
  if (names && note.seat) line.from = rooms_[note.room].label_of(*note.seat);
  reply(member, encode::chat(line));
}

void Lesson::brief_talk(const Member& member) const {
  std::vector<const Talk::HelpNote*> help;
  for (const auto& note : talk_.help()) {
    if (may_see(viewer(member), Kind::help, {.room = note.room, .seat = note.seat})) help.push_back(&note);
  }
  for (std::size_t i = help.size() - std::min(help.size(), kBriefHelp); i < help.size(); ++i)
    reply(member, encode::help(help_line(*help[i])));
  std::vector<const Talk::ChatNote*> chat;
  for (const auto& note : talk_.chat()) {
    const Subject subject{.room = note.room, .seat = std::nullopt};
    if (may_see(viewer(member), Kind::chat, subject)) chat.push_back(&note);
  }
  for (std::size_t i = chat.size() - std::min(chat.size(), kBriefChat); i < chat.size(); ++i)
    send_chat(member, *chat[i]);
}

// ---- a line to the lead ----

void Lesson::digest(ConnectionId id, const protocol::Digest& digest, const Instant& now) {
  const Member& who = member(id);
  const auto room = own_room(who, digest.room);
  if (!may_do(who.role, Act::digest) || !room) return refuse(who, "forbidden", "room");
  publish(Kind::digest, room,
          encode::digest(events_.next(), rooms_[*room].id(), rooms_[*room].label(), who.label, digest.text),
          now.steady);
}

}  // namespace tongke::signaling
