#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "school/people/directory.hpp"
#include "school/token.hpp"

namespace tongke::school::links {

/// What a device keeps once somebody at it knew the end of a guardian's telephone number: with it
/// a young pupil's own link opens there. Good for that bearer's links of that version.
/// @source requirements SE-2     @thread any
class DeviceProof {
 public:
  explicit DeviceProof(std::vector<std::uint8_t> secret) : secret_(std::move(secret)) {}

  [[nodiscard]] std::string make(const Token& own) const;
  [[nodiscard]] bool proves(std::string_view proof, const Token& own) const;

 private:
  std::vector<std::uint8_t> secret_;
};

/// The home whose telephone a new device is asked for before `own` opens anything; nullptr when
/// none is: for older pupils, for staff, and where the school has no number.
[[nodiscard]] const people::Home* home_to_ask(const people::Directory& people, const Token& own);

}  // namespace tongke::school::links
