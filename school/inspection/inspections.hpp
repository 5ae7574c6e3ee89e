#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "school/inspection/draw.hpp"
#include "school/people/ids.hpp"
#include "school/store/store.hpp"

namespace tongke::school::inspection {

/// A draw, made or to come. Until it is made nobody is shown its secret.
struct Draw {
  std::string id = {};
  std::uint32_t number = 0;  ///< counts all draws, so that none can be left out unseen
  std::string secret = {};   ///< 64 hexadecimal digits
  base::WallTime committed{};
  base::WallTime drawn{};  ///< the epoch: still to come
  people::StaffId by = {};
  std::string words = {};  ///< the inspector's
  std::size_t wanted = 0;
  std::vector<OnAir> on_air = {};         ///< by lesson id
  std::vector<std::string> lessons = {};  ///< drawn, in order

  [[nodiscard]] std::string commitment() const { return commitment_to(secret); }
  [[nodiscard]] bool made() const noexcept { return drawn != base::WallTime(); }
  friend bool operator==(const Draw&, const Draw&) = default;
};

/// One look at a drawn lesson, and what was written down.
struct SpotCheck {
  std::string id = {};
  std::uint64_t number = 0;
  std::string draw = {};
  std::string lesson = {};
  people::SchoolId school = {};  ///< none: the district's
  people::StaffId lead = {};
  people::StaffId by = {};
  base::WallTime opened{};
  base::WallTime finished{};  ///< when it was signed; the epoch: not yet
  std::string record = {};    ///< what is signed, JSON text
  std::string seal = {};

  [[nodiscard]] bool is_signed() const noexcept { return finished != base::WallTime(); }
  friend bool operator==(const SpotCheck&, const SpotCheck&) = default;
};

/// Which spot checks: all, or those at a school's lessons, led or made by somebody.
struct CheckQuery {
  std::uint64_t before = 0;  ///< older than this number; 0: from the newest
  std::size_t limit = 50;
  bool all = true;
  people::SchoolId school = {};
  people::StaffId staff = {};
};

/// What the teacher's stream showed at a moment of the look.
struct Still {
  base::WallTime at{};
  std::vector<std::uint8_t> webp = {};
  friend bool operator==(const Still&, const Still&) = default;
};
inline constexpr std::size_t kMostStills = 3;

/// All draws and spot checks, in the store; in memory only the draw to come, which is there, and
/// public, from the moment the one before was made.  @thread control
class Inspections {
 public:
  /// @param secret  the installation's, which signs links too; records are sealed with a key made of it
  /// @errors io
  [[nodiscard]] static base::Result<Inspections> open(store::Store& store,
                                                      const std::vector<std::uint8_t>& secret,
                                                      base::WallTime now);

  [[nodiscard]] const Draw& next() const noexcept { return next_; }
  /// Makes the draw to come of what is on air.
  /// @param id  the one whose commitment the inspector was shown
  /// @errors conflict (field "draw": made by somebody else meanwhile; "on_air": nothing is), invalid
  ///         (field "words": 1 to 200 bytes on one line; "count": 1 to 20), io
  [[nodiscard]] base::Result<Draw> make_draw(const std::string& id, const std::string& words,
                                             std::size_t count, std::vector<OnAir> on_air, people::StaffId by,
                                             base::WallTime now);
  /// A draw that was made.  @errors not_found, io
  [[nodiscard]] base::Result<Draw> find_draw(const std::string& id) const;
  /// Those made, newest first, without what was on air.  @errors io
  [[nodiscard]] base::Result<std::vector<Draw>> draws(std::size_t limit) const;

  /// Begins a look at a drawn lesson, or goes on with this person's unsigned one. `check` says who,
  /// which and whose; the rest is filled in.  @errors io
  [[nodiscard]] base::Result<SpotCheck> begin(SpotCheck check, base::WallTime now);
  /// Signs a record, for good.
  /// @errors conflict: it is signed already; invalid: too many stills; io
  [[nodiscard]] base::Result<SpotCheck> sign(SpotCheck check, std::string record,
                                             const std::vector<Still>& stills, base::WallTime now);
  /// @errors not_found, io
  [[nodiscard]] base::Result<SpotCheck> find(const std::string& id) const;
  /// Newest first.  @errors io
  [[nodiscard]] base::Result<std::vector<SpotCheck>> list(const CheckQuery& query) const;
  /// In order of time.  @errors io
  [[nodiscard]] base::Result<std::vector<Still>> stills(const std::string& check) const;
  /// Whether the record is as it was signed here.
  [[nodiscard]] bool intact(const SpotCheck& check) const;

 private:
  Inspections(store::Store& store, const std::vector<std::uint8_t>& secret);
  [[nodiscard]] base::Result<void> commit_next(std::uint32_t number, base::WallTime now);
  [[nodiscard]] std::string seal(const SpotCheck& check) const;

  store::Store* store_;
  std::vector<std::uint8_t> key_;
  Draw next_;
  std::uint64_t last_check_ = 0;
};

}  // namespace tongke::school::inspection
