#pragma once

#include <string_view>
#include <vector>

#include "school/attendance/ledger.hpp"

namespace tongke::school::attendance {

/// All that a lesson's file says of one seat. A Ledger keeps the last of what was declared; for
/// whoever asks what is kept of a child, all of it counts.
struct SeatHistory {
  struct Companion {
    std::uint8_t who = 0;  ///< 0 = nobody any more
    base::WallTime since{};
    friend bool operator==(const Companion&, const Companion&) = default;
  };
  struct Declaration {
    Declared way = Declared::nothing;
    base::WallTime at{};
    friend bool operator==(const Declaration&, const Declaration&) = default;
  };
  SeatRecord record = {};  ///< as it is now
  bool known = false;      ///< there is a line of the seat
  std::vector<Companion> companions = {};
  std::vector<Declaration> declarations = {};
  std::vector<Contact> contacts = {};
};

/// @param text  of the lesson's file: lines of a Ledger; others are passed over.  Pure.
[[nodiscard]] SeatHistory history_of(std::string_view text, std::uint32_t seat);

}  // namespace tongke::school::attendance
