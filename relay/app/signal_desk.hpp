#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/hls/origin.hpp"
#include "relay/live/lesson.hpp"
#include "school/attendance/book.hpp"
#include "school/line_log.hpp"
#include "school/token.hpp"
#include "signaling/room_directory.hpp"
#include "signaling/ws/service.hpp"

namespace tongke::relay::app {

/// Where people meet media: the websocket service, the attendance it keeps, and the media
/// deliveries that count as attendance too.
class SignalDesk {
 public:
  /// @param folder  of the line logs: attendance and notes
  /// @errors unavailable (port), invalid (certificate)
  [[nodiscard]] static base::Result<std::unique_ptr<SignalDesk>> create(
      const std::filesystem::path& folder, const school::TokenSigner& signer,
      const signaling::ws::Service::Options& options);
  ~SignalDesk();

  [[nodiscard]] std::uint16_t port() const noexcept { return service_->port(); }
  void start() { service_->start(); }
  /// Sends everybody away to come back later; attendance goes on being kept.  @thread control
  void stop();

  /// Says what is on air; the same again costs nothing.  @thread control
  void set_on_air(const std::string& lesson, live::OnAir state);
  /// Links were withdrawn: whoever came with one must go.  @thread any
  void recheck() { service_->recheck(); }
  /// Somebody got media: a child who was there, whatever its player can do.  @thread any
  void delivered(const hls::Delivery& delivery);

  [[nodiscard]] school::attendance::Book& book() noexcept { return book_; }

 private:
  /// Lessons without a plan of the school's: one room, and whoever has a link is in it.
  class OneRoom final : public signaling::RoomDirectory {
   public:
    OneRoom();
    [[nodiscard]] std::shared_ptr<const signaling::LessonPlan> plan(std::string_view lesson) const override;
    [[nodiscard]] std::optional<signaling::Placement> place(const signaling::LessonPlan& plan,
                                                            const school::Token& token) const override;
    [[nodiscard]] signaling::protocol::OnAir on_air(std::string_view lesson) const override;
    /// @return whether that is news
    bool set_on_air(const std::string& lesson, signaling::protocol::OnAir state);

   private:
    std::shared_ptr<const signaling::LessonPlan> plan_;
    base::Guarded<std::map<std::string, signaling::protocol::OnAir, std::less<>>> on_air_;
  };
  /// When a link was last seen fetching, so that only one fetch in kSeenEvery is looked at.
  struct Seen {
    std::unordered_map<std::uint64_t, std::int64_t> turn;  ///< by hash of the token
    std::int64_t pruned = 0;
  };
  static constexpr std::chrono::seconds kSeenEvery{10};

  SignalDesk(const std::filesystem::path& folder, const school::TokenSigner& signer);
  [[nodiscard]] bool seen_lately(std::string_view token);

  const school::TokenSigner& signer_;
  OneRoom rooms_;
  school::LineLog log_;
  school::attendance::Book book_;
  std::array<base::Guarded<Seen>, 16> seen_;
  std::unique_ptr<signaling::ws::Service> service_;
};

}  // namespace tongke::relay::app
