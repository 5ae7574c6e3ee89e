#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "signaling/hub.hpp"
#include "tests/support/temp_dir.hpp"

namespace tongke::test {

/// Two classes in one joint lesson, with names, and the people of it as frames in and out.
class SchoolDay : private signaling::Outbox, private signaling::RoomDirectory {
 public:
  using Json = nlohmann::json;
  using Role = school::Role;
  static constexpr base::WallTime kEight{std::chrono::milliseconds(1'772'409'600'000)};
  // Links: pupils 1-3 in class 2, 11-12 in class 4; 101 teaches both, 102 class 4 only.
  static constexpr std::uint32_t kBothTeacher = 101;
  static constexpr std::uint32_t kFourTeacher = 102;

  SchoolDay() : log_(dir_.path() / "lessons"), book_(log_) {
    plan_ = std::make_shared<signaling::LessonPlan>(
        signaling::LessonPlan{{{"r2", "三(2)班", {{1, "李明"}, {2, "张芳"}, {3, "王磊"}}},
                               {"r4", "三(4)班", {{11, "赵敏"}, {12, "孙丽"}}}}});
    restart();
  }

  /// The server process anew, on the same data.
  void restart() {
    hub_ = nullptr;
    inboxes_.clear();
    ended_.clear();
    hub_ = std::make_unique<signaling::Hub>(signaling::Hub::Ports{
        .signer = signer_, .directory = *this, .book = book_, .log = log_, .outbox = *this});
  }

  [[nodiscard]] std::string token(Role role, std::uint32_t seat, const std::string& lesson = "l1") const {
    return signer_.issue(
        {.role = role, .lesson = lesson, .seat = seat, .expires = kEight + std::chrono::hours(24)});
  }

  /// A connection that says hello; its id.
  signaling::ConnectionId enter(Role role, std::uint32_t seat, Json more = Json::object()) {
    const auto id = open();
    more["t"] = more.contains("seq") ? "resume" : "hello";
    more["token"] = token(role, seat);
    say(id, more);
    return id;
  }
  signaling::ConnectionId open() {
    hub_->opened(++last_, now());
    return last_;
  }
  void say(signaling::ConnectionId id, const Json& frame) { hub_->received(id, frame.dump(), now()); }
  void drop(signaling::ConnectionId id) { hub_->closed(id, now()); }
  void pass(std::chrono::milliseconds time) {
    steady_ += time;
    hub_->tick(now());
  }
  signaling::Hub& hub() { return *hub_; }
  [[nodiscard]] signaling::Instant now() const {
    return {base::Steady::time_point(std::chrono::hours(1)) + steady_, kEight + steady_};
  }
  school::attendance::Book& book() { return book_; }
  school::LineLog& log() { return log_; }

  /// Everything the connection was told so far, oldest first.
  [[nodiscard]] const std::vector<Json>& told(signaling::ConnectionId id) { return inboxes_[id]; }
  /// What it was told of one type; forgets all it was told.
  std::vector<Json> take(signaling::ConnectionId id, const std::string& type) {
    std::vector<Json> found;
    for (auto& frame : inboxes_[id]) {
      if (frame["t"] == type) found.push_back(frame);
    }
    inboxes_[id].clear();
    return found;
  }
  /// Why it was closed; nullopt while it is open.
  [[nodiscard]] std::optional<signaling::protocol::Close> ended(signaling::ConnectionId id) const {
    const auto found = ended_.find(id);
    return found == ended_.end() ? std::nullopt : std::optional(found->second);
  }
  /// A file of lesson l1 as it lies on disk just now.
  [[nodiscard]] std::string file(const std::string& kind) const {
    auto text = log_.read("l1" + kind);
    return text ? *text : std::string();
  }
  /// The same rooms as another plan, as after a change at the school.
  void renew_plan() { plan_ = std::make_shared<signaling::LessonPlan>(*plan_); }
  std::set<std::uint32_t> moved;      ///< seats that are in the other class now
  std::set<std::uint32_t> withdrawn;  ///< seats
  signaling::protocol::OnAir air = signaling::protocol::OnAir::live;

 private:
  void send(signaling::ConnectionId to, const signaling::protocol::FramePtr& frame) override {
    if (!ended_.contains(to)) inboxes_[to].push_back(Json::parse(frame->text()));
  }
  void close(signaling::ConnectionId id, signaling::protocol::Close reason) override {
    ended_.emplace(id, reason);
  }

  [[nodiscard]] std::shared_ptr<const signaling::LessonPlan> plan(std::string_view lesson) const override {
    return lesson == "l1" ? plan_ : nullptr;
  }
  [[nodiscard]] std::optional<signaling::Placement> place(const signaling::LessonPlan& /*plan*/,
                                                          const school::Token& token) const override {
    if (withdrawn.contains(token.seat)) return std::nullopt;
    const std::uint16_t room = (token.seat > 10) != moved.contains(token.seat) ? 1 : 0;
    switch (token.role) {
      case Role::pupil:
      case Role::guardian:  // a guardian's link has his child's number here
        return signaling::Placement{.rooms = {room}, .seat = token.seat, .label = {}};
      case Role::teacher:
        if (token.seat == kBothTeacher)
          return signaling::Placement{.rooms = {0, 1}, .seat = {}, .label = "李老师"};
        return signaling::Placement{.rooms = {1}, .seat = {}, .label = "周老师"};
      case Role::lead:
        return signaling::Placement{.rooms = {}, .seat = {}, .label = "王老师"};
      default:
        return signaling::Placement{.rooms = {}, .seat = {}, .label = "督导"};
    }
  }
  [[nodiscard]] signaling::protocol::OnAir on_air(std::string_view /*lesson*/) const override { return air; }

  TempDir dir_;
  school::TokenSigner signer_{std::vector<std::uint8_t>(32, 7)};
  school::LineLog log_;
  school::attendance::Book book_;
  std::shared_ptr<const signaling::LessonPlan> plan_;
  std::unique_ptr<signaling::Hub> hub_;
  std::chrono::milliseconds steady_{0};
  signaling::ConnectionId last_ = 0;
  std::map<signaling::ConnectionId, std::vector<Json>> inboxes_;
  std::map<signaling::ConnectionId, signaling::protocol::Close> ended_;
};

}  // namespace tongke::test
