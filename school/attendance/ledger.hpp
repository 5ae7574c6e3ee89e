#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

/// Who was there: kept to find the child that is missing, not to police the others.
///
/// The rule is fair by design: a minute counts if the pupil's link fetched media in it or a
/// player said it plays, stalls or sounds. Bad network is not absence. So the ledger holds
/// minutes, which can be noted twice, late or out of order without changing anything: devices,
/// reconnects, HLS and WHEP, a restart that reads its own lines again, all merge by themselves.
/// @source requirements §1.9 "Attendance rule", AT-1..AT-7
namespace tongke::school::attendance {

/// What showed that somebody was there; bits.
enum class Evidence : std::uint8_t { heartbeat = 1, media = 2, tv = 4 };

/// What a teacher declared after talking to the family; shown as declared, counted apart.
enum class Declared : std::uint8_t { nothing = 0, tv, package, excused };
inline constexpr std::size_t kDeclaredCount = 4;

/// How somebody reached out to the family of a pupil who was missed, and what was agreed on.
/// @source requirements AT-4
enum class Reached : std::uint8_t { called = 0, messaged, visited };
inline constexpr std::size_t kReachedCount = 3;
[[nodiscard]] std::string_view to_string(Reached by) noexcept;
/// `tv`, `package` and `excused` declare the pupil so; `replay` closes by itself once it was
/// seen; `visit` and `none` leave the pupil unresolved.
enum class Way : std::uint8_t { none = 0, tv, replay, package, visit, excused };
inline constexpr std::size_t kWayCount = 6;
[[nodiscard]] std::string_view to_string(Way way) noexcept;
[[nodiscard]] std::string_view to_string(Declared declared) noexcept;

struct Contact {
  Reached by = Reached::called;
  Way way = Way::none;
  base::WallTime at{};
  friend bool operator==(const Contact&, const Contact&) = default;
};
[[nodiscard]] Declared declared_by(Way way) noexcept;

/// From the lesson's first frame to its end, or to now.
struct Window {
  base::WallTime from{};
  base::WallTime to{};
};
struct Interval {
  base::WallTime from{};
  base::WallTime to{};
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// One seat's share of a lesson.
struct SeatRecord {
  struct Minute {
    std::uint32_t number = 0;   ///< since 1970
    std::uint8_t evidence = 0;  ///< Evidence bits, at least one
    friend bool operator==(const Minute&, const Minute&) = default;
  };
  std::vector<Minute> minutes;  ///< in order, each once
  std::vector<bool> replayed;   ///< by minute of media time
  Declared declared = Declared::nothing;
  base::WallTime declared_at{};
  std::optional<Contact> contact;  ///< the last
  std::uint8_t companion = 0;      ///< last declared; 0 = nobody
  base::WallTime companion_since{};

  /// @return whether that is new
  bool add(std::uint32_t minute, std::uint8_t evidence);
};

/// A lesson's attendance, seat by seat.
///   a SEAT MINUTE EVIDENCE     was there in that minute
///   r SEAT MINUTE              replay: saw that minute of media time
///   d SEAT WAY MS              declared
///   c SEAT WHO MS              companion
///   k SEAT CODE MS             contact: 8 * Reached + Way
/// @thread one at a time
class Ledger {
 public:
  /// A lesson is a morning at most: what claims more is a broken clock.
  static constexpr std::uint32_t kMaxMediaMinutes = 24 * 60;

  /// Each returns the line to keep, or nullopt when it is known already (or makes no sense).
  [[nodiscard]] std::optional<std::string> note(std::uint32_t seat, Evidence evidence, base::WallTime at);
  [[nodiscard]] std::optional<std::string> note_replay(std::uint32_t seat, base::MediaTime at);
  [[nodiscard]] std::optional<std::string> declare(std::uint32_t seat, Declared way, base::WallTime at);
  [[nodiscard]] std::optional<std::string> note_companion(std::uint32_t seat, std::uint8_t who,
                                                          base::WallTime at);
  [[nodiscard]] std::optional<std::string> note_contact(std::uint32_t seat, const Contact& contact);
  /// Takes in a line again.  @return false when it is no line of a ledger
  bool read(std::string_view line);

  /// Whose a line is; nullopt for what is none.
  [[nodiscard]] static std::optional<std::uint32_t> seat_of(std::string_view line);
  /// Whether a line stays of a child who was erased: minutes and what was declared do, so that the
  /// lesson's numbers hold; who sat beside it and who spoke with its family do not.
  [[nodiscard]] static bool is_bare(std::string_view line);
  /// Forgets the same of a seat.
  void make_bare(std::uint32_t seat);

  /// Null when nothing is known of the seat.
  [[nodiscard]] const SeatRecord* find(std::uint32_t seat) const;
  [[nodiscard]] const std::map<std::uint32_t, SeatRecord>& seats() const noexcept { return seats_; }

 private:
  std::map<std::uint32_t, SeatRecord> seats_;
};

/// Longest break in the evidence that a bad network explains; shorter ones count as being there.
inline constexpr std::chrono::minutes kBridge{2};

/// When the seat was there within the window: in order, apart, each longer than nothing.
[[nodiscard]] std::vector<Interval> intervals(const SeatRecord& seat, const Window& window);
/// Their sum.
[[nodiscard]] std::chrono::milliseconds attended(const SeatRecord& seat, const Window& window);

}  // namespace tongke::school::attendance
