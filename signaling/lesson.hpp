#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "school/attendance/book.hpp"
#include "school/links/seat_devices.hpp"
#include "signaling/event_store.hpp"
#include "signaling/events.hpp"
#include "signaling/room.hpp"
#include "signaling/visibility.hpp"

namespace tongke::signaling {

/// Where frames go. Sending may close a connection later, never during the call.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void send(ConnectionId to, const protocol::FramePtr& frame) = 0;
  /// Sends what is queued, then closes.
  virtual void close(ConnectionId connection, protocol::Close reason) = 0;
};

/// The people of one lesson: rooms, who is here, what happened. Media is elsewhere.
/// @thread that of the websocket service
class Lesson {
 public:
  static constexpr std::size_t kMaxSiblings = 3;

  struct Ports {
    Outbox& outbox;
    EventStore& store;
    school::attendance::Book& book;
  };
  Lesson(std::string id, std::shared_ptr<const LessonPlan> plan, const Ports& ports);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  /// Takes over a changed plan.
  void replan(std::shared_ptr<const LessonPlan> plan);
  [[nodiscard]] const LessonPlan& plan() const noexcept { return *plan_; }

  /// Lets a device in, unless its link has its devices already: then its teacher is told.
  [[nodiscard]] bool join(ConnectionId id, const protocol::Hello& hello, const school::Token& token,
                          Placement placement, const Instant& now);
  /// Tells a seat's teacher that a third device was refused, every now and then.
  void third_device(const Placement& placement, const Instant& now);
  [[nodiscard]] bool has(ConnectionId id) const { return members_.contains(id); }
  void leave(ConnectionId id, const Instant& now);
  /// Rooms of somebody in it by number; empty for nobody.
  [[nodiscard]] std::span<const std::uint16_t> rooms_of(ConnectionId id) const {
    const auto found = members_.find(id);
    return found == members_.end() ? std::span<const std::uint16_t>() : found->second->rooms;
  }

  // Each @pre has(id).
  void presence(ConnectionId id, const protocol::Presence& presence, const Instant& now);
  void companion(ConnectionId id, const protocol::Companion& companion, const Instant& now);
  /// @param placement  of the sibling's own link
  void sibling(ConnectionId id, const Placement& placement, const Instant& now);
  void note(ConnectionId id, const protocol::Note& note, const Instant& now);
  void unclear(ConnectionId id, const protocol::Unclear& unclear, const Instant& now);
  void freeze(ConnectionId id, const protocol::Freeze& freeze, const Instant& now);
  void page(ConnectionId id, const protocol::Page& page, const Instant& now);
  void chapter(ConnectionId id, const protocol::Chapter& chapter, const Instant& now);
  void check(ConnectionId id, const protocol::Check& check, const Instant& now);
  void answer(ConnectionId id, const protocol::Answer& answer);
  void roll_call(ConnectionId id, const protocol::RollCall& call, const Instant& now);
  void here(ConnectionId id);
  void help(ConnectionId id, const protocol::Help& help, const Instant& now);
  void hand(ConnectionId id, const protocol::Hand& hand, const Instant& now);
  void chat(ConnectionId id, const protocol::Chat& chat, const Instant& now);
  void set_chat(ConnectionId id, const protocol::SetChat& set, const Instant& now);
  void judge_chat(ConnectionId id, const protocol::JudgeChat& judge);
  void digest(ConnectionId id, const protocol::Digest& digest, const Instant& now);

  /// A class rests in place of the stream, or with Rest::none goes on; so much is left until it
  /// does. @param room  its id; empty = every class.  An unknown room is no news.
  void rest(std::string_view room, protocol::Rest why, const Instant& now);
  void warn(std::string_view room, protocol::Rest why, std::chrono::minutes left, const Instant& now);
  void set_on_air(protocol::OnAir state, const Instant& now);
  /// A link's holder fetched media.
  void note_media(const Placement& placement, const Instant& now);
  /// Tells grown-ups what changed, and forgets what is old. A few times a second.
  void tick(const Instant& now);
  /// A child was erased: nothing of it stays in memory. Its devices are on their way out.
  void forget(std::uint32_t seat, const Instant& now);
  /// Everybody out.
  void dismiss(protocol::Close reason);

 private:
  struct Teacher {
    std::string label;
    std::vector<std::uint16_t> rooms;
    std::size_t devices = 0;
    base::Steady::duration before{};  ///< earlier visits
    base::Steady::time_point since{};
  };

  [[nodiscard]] bool make_place(const protocol::Hello& hello, const school::Token& token,
                                const Placement& placement, const Instant& now);
  void greet(const Member& member, const protocol::Hello& hello, const Instant& now);
  void brief_staff(const Member& member, base::Steady::time_point now);
  void attach(Member& member, std::uint16_t room, std::uint32_t seat, const Instant& now);
  void count_teacher(const Member& member, bool arrives, base::Steady::time_point now);

  void reply(const Member& member, const std::string& frame) const;
  void refuse(const Member& member, std::string_view code, std::string_view field = {}) const;
  void send_all(const Member& member, const std::vector<std::string>& frames) const;
  /// To all who may see it.
  void deliver(Kind kind, const Subject& subject, const protocol::FramePtr& frame) const;
  void deliver_all(Kind kind, const Subject& subject, const std::vector<std::string>& frames) const;
  /// @param journal  what is kept in the frame's place; empty = the frame itself
  void publish(Kind kind, std::optional<std::uint16_t> room, const std::string& frame,
               base::Steady::time_point now, std::string_view journal = {});
  /// The room an author means; an empty optional with `ok` set = the whole lesson.
  struct Target {
    bool ok = false;
    std::optional<std::uint16_t> room;
  };
  [[nodiscard]] Target target(const Member& member, const std::string& room, Act in_room,
                              Act in_lesson) const;

  /// The room somebody speaks to who can only mean one of his own; nullopt = it is not his.
  [[nodiscard]] std::optional<std::uint16_t> own_room(const Member& member, const std::string& room) const;
  [[nodiscard]] std::optional<std::uint16_t> room_number(std::string_view id) const;
  [[nodiscard]] std::string_view room_id(std::optional<std::uint16_t> room) const;
  [[nodiscard]] bool is_frozen(const Member& member) const;
  /// Who did what, with names.
  [[nodiscard]] std::vector<protocol::AnswerLine> answer_lines(const ClassWork::Place& place,
                                                               const std::set<std::uint32_t>* only) const;
  void tell_work();
  [[nodiscard]] protocol::HelpLine help_line(const Talk::HelpNote& note) const;
  void tell_chat(const Talk::ChatNote& note) const;
  void send_chat(const Member& member, const Talk::ChatNote& note) const;
  void keep_chat(const Talk::ChatNote& note);
  /// The class's work and talk so far, to somebody who comes.
  void brief_work(const Member& member) const;
  void brief_talk(const Member& member) const;

  void tell_teachers(base::Steady::time_point now);
  [[nodiscard]] std::vector<protocol::TeacherLine> teachers(std::optional<std::uint16_t> room,
                                                            base::Steady::time_point now) const;
  void send_counts(const Member& member, std::span<const std::uint16_t> rooms) const;
  [[nodiscard]] static Viewer viewer(const Member& member) {
    return {.role = member.role, .rooms = member.rooms, .seat = member.seat};
  }
  [[nodiscard]] Member& member(ConnectionId id) const { return *members_.at(id); }

  const std::string id_;
  std::shared_ptr<const LessonPlan> plan_;
  Ports ports_;
  std::vector<Room> rooms_;
  Events events_;
  protocol::OnAir on_air_ = protocol::OnAir::waiting;
  bool frozen_ = false;
  ClassWork work_;
  Talk talk_;

  std::unordered_map<ConnectionId, std::unique_ptr<Member>> members_;
  /// Devices by role and link. Few each.
  std::map<std::pair<school::Role, std::uint32_t>, std::vector<Member*>> devices_;
  std::vector<std::vector<Member*>> audience_;  ///< by room
  std::vector<Member*> staff_;
  std::map<std::pair<school::Role, std::uint32_t>, Teacher> teachers_;  ///< by role and link
  std::map<std::uint32_t, base::Steady::time_point> device_told_;       ///< by seat: third device reported
  bool teachers_changed_ = false;
  std::vector<bool> unclear_changed_;  ///< by room
};

}  // namespace tongke::signaling
