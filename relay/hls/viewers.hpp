#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/guarded.hpp"

namespace tongke::relay::hls {

/// Who fetched media lately: distinct tokens per rendition.  @thread any
class Viewers {
 public:
  /// Whoever fetched nothing for this long has left; a player fetches every 2 s at least.
  static constexpr std::chrono::seconds kWindow{15};

  void note(std::string_view token, std::string_view lesson, std::string_view rendition,
            base::Steady::time_point now);
  /// By rendition; those nobody watches are left out.
  [[nodiscard]] std::map<std::string, std::size_t> count(std::string_view lesson,
                                                         base::Steady::time_point now);
  void forget(std::string_view lesson);

 private:
  struct Audience {
    std::unordered_map<std::uint64_t, base::Steady::time_point> last_seen;  ///< by hash of the token
    base::Steady::time_point next_prune{};
    void prune(base::Steady::time_point now);
  };
  using ByRendition = std::map<std::string, Audience, std::less<>>;
  base::Guarded<std::map<std::string, ByRendition, std::less<>>> lessons_;
};

}  // namespace tongke::relay::hls
