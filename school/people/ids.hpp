#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tongke::school::people {

/// A row's number: small, counted up from 1 and never used again. It stays inside; what
/// leaves the program is a PublicId. 0 is "none".
template <class Kind>
struct Id {
  std::uint32_t value = 0;

  explicit operator bool() const noexcept { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using SchoolId = Id<struct School>;
using ClassId = Id<struct Class>;
using GroupId = Id<struct LayerGroup>;
using SubjectId = Id<struct Subject>;
using HomeId = Id<struct Home>;
using PupilId = Id<struct Pupil>;
using StaffId = Id<struct Staff>;

/// What a row is called outside: 16 random letters (80 bits), so that nobody finds a child by
/// counting. All zero bytes is "none".
class PublicId {
 public:
  static constexpr std::size_t kLetters = 16;

  PublicId() = default;
  /// A new one.  @thread any
  [[nodiscard]] static PublicId make();
  /// nullopt unless `text` is spelled like one.
  [[nodiscard]] static std::optional<PublicId> parse(std::string_view text) noexcept;

  [[nodiscard]] std::string_view view() const noexcept { return {letters_.data(), letters_.size()}; }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  explicit operator bool() const noexcept { return letters_.front() != '\0'; }
  friend auto operator<=>(const PublicId&, const PublicId&) = default;

 private:
  std::array<char, kLetters> letters_{};
};

}  // namespace tongke::school::people

template <class Kind>
struct std::hash<tongke::school::people::Id<Kind>> {
  std::size_t operator()(tongke::school::people::Id<Kind> id) const noexcept { return id.value; }
};

template <>
struct std::hash<tongke::school::people::PublicId> {
  std::size_t operator()(const tongke::school::people::PublicId& id) const noexcept {
    return std::hash<std::string_view>()(id.view());
  }
};
