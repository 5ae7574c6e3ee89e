#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "base/clock.hpp"

namespace tongke::relay::channel {

/// A live media playlist that goes on whatever plays in it: the newest pieces, their numbers and the
/// count of breaks before them. Pure.
/// @source RFC 8216 sections 4.3 and 6.2; version 3, nothing of which an old television has not heard
class List {
 public:
  /// Half a minute: players begin three pieces behind the edge.
  static constexpr std::size_t kWindow = 8;

  struct Piece {
    std::string uri;
    base::MediaTime duration{0};
    bool discontinuity = false;  ///< its times or parameters have nothing to do with the piece's before
  };

  /// @param first   number of the first piece and of its breaks: above every one that a list of this address
  ///                had before
  /// @param target  no piece is longer, as a rule
  List(std::uint32_t first, std::chrono::seconds target)
      : first_(first), discontinuities_(first), target_(target) {}

  void add(Piece piece);
  [[nodiscard]] bool empty() const noexcept { return pieces_.empty(); }
  /// The playlist; not before the first piece.
  [[nodiscard]] std::string text() const;

 private:
  std::deque<Piece> pieces_;
  std::uint32_t first_;            ///< number of pieces_.front()
  std::uint32_t discontinuities_;  ///< before it
  std::chrono::seconds target_;
};

}  // namespace tongke::relay::channel
