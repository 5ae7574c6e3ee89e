#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/app/air_observer.hpp"
#include "relay/app/school_rooms.hpp"
#include "relay/hls/origin.hpp"
#include "relay/live/lesson.hpp"
#include "school/attendance/book.hpp"
#include "school/line_log.hpp"
#include "school/links/seat_devices.hpp"
#include "school/token.hpp"
#include "signaling/ws/service.hpp"

namespace tongke::relay::app {

/// Where people meet media: the websocket service, the attendance it keeps, and the media
/// deliveries that count as attendance too.
class SignalDesk final : public AirObserver {
 public:
  /// @param folder  of the line logs: attendance and notes
  /// @errors unavailable (port), invalid (certificate)
  [[nodiscard]] static base::Result<std::unique_ptr<SignalDesk>> create(
      const std::filesystem::path& folder, const school::TokenSigner& signer,
      const signaling::ws::Service::Options& options);
  ~SignalDesk() override;

  [[nodiscard]] std::uint16_t port() const noexcept { return service_->port(); }
  void start() { service_->start(); }
  /// Sends everybody away to come back later; attendance goes on being kept.  @thread control
  void stop();

  /// Says what is on air; the same again costs nothing.  @thread control
  void set_on_air(const std::string& lesson, live::OnAir state);
  /// Links were withdrawn: whoever came with one must go.  @thread any
  void recheck() { service_->recheck(); }
  /// Whether one more device may play for a link, or plays already; a third one's teacher is told.
  /// @thread any; no waiting
  [[nodiscard]] bool may_play(const school::Token& token, const school::links::Device& device);
  /// Public ids of the rooms that the token's holder has a seat in.  @thread any
  [[nodiscard]] std::vector<std::string> rooms_of(const school::Token& token) const;
  /// Everybody may play this lesson's links.
  void open_to_all(const std::string& lesson) { seats_.open_to_all(lesson); }
  /// Somebody got media: a child who was there, whatever its player can do.  @thread any
  void delivered(const hls::Delivery& delivery);
  /// The same, sent by an edge in our place at `at`, a moment ago. The token is only what a log says.
  /// @return false when it is none of that lesson's   @thread any
  [[nodiscard]] bool delivered_by_edge(const hls::Delivery& delivery, base::WallTime at);
  /// The same by WebRTC, which is always of now.  @param pass  as school::links::pass_of() made it
  /// @thread any
  void delivered(const std::string& lesson, std::string_view pass);

  // ---- what the school says ----  @thread control
  void set_people(school::people::Snapshot people);
  void arrange(const school::Arrangement& lesson);
  /// The lesson is no more; who is connected with one of its links goes at the next recheck().
  void forget(const std::string& lesson);

  // ---- what the hour says ----
  /// Whoever teaches is told, in the rooms it is about.
  void air_runs_out(const std::string& lesson, std::string_view rule,
                    const std::vector<school::people::PublicId>& rooms,
                    std::chrono::milliseconds left) override;
  /// These rooms see the rest cover in place of the stream.
  void rooms_rest(const std::string& lesson, std::string_view rule,
                  const std::vector<school::people::PublicId>& rooms) override;
  void rooms_wake(const std::string& lesson, const std::vector<school::people::PublicId>& rooms) override;

  /// Rooms by public id whose own teacher is here now, or (`ever`) was in this lesson.
  /// @thread any; looks at two ledgers
  [[nodiscard]] std::set<std::string> watched_rooms(const std::string& lesson, bool ever);

  /// As Service::forget_seat().  @thread any
  [[nodiscard]] bool forget_seat(std::uint32_t seat, std::function<void()> done) {
    return service_->forget_seat(seat, std::move(done));
  }
  [[nodiscard]] school::attendance::Book& book() noexcept { return book_; }
  [[nodiscard]] school::LineLog& log() noexcept { return log_; }

 private:
  /// When a link was last seen fetching, so that only one fetch in kSeenEvery is looked at.
  struct Seen {
    std::unordered_map<std::uint64_t, std::int64_t> turn;  ///< by hash of the token
    std::int64_t pruned = 0;
  };
  static constexpr std::chrono::seconds kSeenEvery{10};

  SignalDesk(const std::filesystem::path& folder, const school::TokenSigner& signer);
  [[nodiscard]] bool seen_lately(std::string_view token, base::Steady::time_point when);
  void credit(const school::Token& token, bool replay, base::MediaTime start, base::WallTime at);

  const school::TokenSigner& signer_;
  SchoolRooms rooms_;
  school::LineLog log_;
  school::attendance::Book book_;
  std::array<base::Guarded<Seen>, 16> seen_;
  school::links::SeatDevices seats_;
  std::unique_ptr<signaling::ws::Service> service_;
};

}  // namespace tongke::relay::app
