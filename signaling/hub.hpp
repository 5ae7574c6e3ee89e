#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "school/token.hpp"
#include "signaling/lesson.hpp"
#include "signaling/protocol/messages.hpp"
#include "signaling/rate_limit.hpp"
#include "signaling/room_directory.hpp"

namespace tongke::signaling {

/// Every connection and every lesson of the websocket service, without the sockets: frames
/// in, frames out. What a client may not say ends its connection with a reason.
/// @thread that of the websocket service
class Hub {
 public:
  /// How long a connection may be silent before its hello.
  static constexpr std::chrono::seconds kHelloDeadline{10};
  /// How long a lesson nobody is in stays in memory.
  static constexpr std::chrono::minutes kEmptyKept{10};
  /// Frames refused before a connection is ended for talking too much.
  static constexpr unsigned kPatience = 50;

  struct Ports {
    const school::TokenSigner& signer;
    const RoomDirectory& directory;
    school::attendance::Book& book;
    school::LineLog& log;
    Outbox& outbox;
  };
  explicit Hub(const Ports& ports);

  void opened(ConnectionId id, const Instant& now);
  void received(ConnectionId id, std::string_view frame, const Instant& now);
  /// What came in is no frame of text, or longer than one may be.
  void no_frame(ConnectionId id, std::string_view code);
  void closed(ConnectionId id, const Instant& now);

  void set_on_air(const std::string& lesson, protocol::OnAir state, const Instant& now);
  void note_media(const school::Token& token, const Instant& now);
  /// A third device was refused elsewhere.
  void third_device(const school::Token& token, const Instant& now);
  /// As Lesson::rest() and Lesson::warn(); the lesson remembers, whoever comes later.
  void rest(const std::string& lesson, const std::string& room, protocol::Rest why, const Instant& now);
  void warn(const std::string& lesson, const std::string& room, protocol::Rest why, std::chrono::minutes left,
            const Instant& now);
  /// The lesson's rooms changed, or it was taken away.
  void replan(const std::string& lesson);
  /// Any lesson's rooms may have changed.
  void replan_all();
  /// Links were withdrawn: their connections end.
  void recheck();
  /// A child was erased: as Lesson::forget() in every lesson in memory. Its place must be gone
  /// already (replan), or its devices would write on.
  void forget_seat(std::uint32_t seat, const Instant& now);
  /// A few times a second.
  void tick(const Instant& now);

  [[nodiscard]] std::size_t lessons() const noexcept { return lessons_.size(); }

 private:
  struct Entry {
    std::unique_ptr<Lesson> lesson;
    base::Steady::time_point empty_since{};
  };
  struct Connection {
    RateLimit limit;
    base::Steady::time_point opened{};
    Lesson* lesson = nullptr;  ///< null before hello
    school::Token token;       ///< since hello
    unsigned refused = 0;
    bool ending = false;
  };

  void hello(ConnectionId id, Connection& connection, const protocol::Hello& hello, const Instant& now);
  void handle(ConnectionId id, Connection& connection, const protocol::ClientMessage& message,
              const Instant& now);
  void sibling(ConnectionId id, const Connection& connection, const protocol::Sibling& sibling,
               const Instant& now);
  /// Sends away whoever's place in the lesson is another now, or gone.
  void place_again(const Lesson& lesson);
  void end(ConnectionId id, Connection& connection, protocol::Close reason);
  void fault(ConnectionId id, std::string_view code, std::string_view field) const;
  /// Null when there is no such lesson.
  [[nodiscard]] Lesson* open(const std::string& id, const Instant& now);

  Ports ports_;
  EventStore store_;
  std::unordered_map<ConnectionId, Connection> connections_;
  std::map<ConnectionId, base::Steady::time_point> silent_;  ///< before hello, oldest first
  std::map<std::string, Entry, std::less<>> lessons_;
};

}  // namespace tongke::signaling
