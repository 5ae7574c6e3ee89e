#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The random draw among lessons on air that nobody can have steered (SP-2): the server commits to
/// a secret before, the inspector adds words of his own, and which lessons come out follows from
/// both and from what was on air. Pure; anybody can do it again (docs/inspection.md).
namespace tongke::school::inspection {

/// Names the way of drawing in published records; another way gets another name.
inline constexpr std::string_view kDrawFormat = "tongke-draw-1";
/// Most lessons one draw gives.
inline constexpr std::size_t kMostDrawn = 20;

/// A lesson on air and the strata it belongs to; "" where the school does not say.
struct OnAir {
  std::string lesson = {};   ///< Lesson::id
  std::string school = {};   ///< public id
  std::string stage = {};    ///< name of the people::Stage
  std::string subject = {};  ///< as the school calls it
  friend bool operator==(const OnAir&, const OnAir&) = default;
};

/// What is published of a secret before the draw: its SHA-256, in hex, over the secret's text.
[[nodiscard]] std::string commitment_to(std::string_view secret);

/// A lesson's lot: SHA-256, in hex, of secret, words and lesson, each on a line of its own.
[[nodiscard]] std::string lot_of(std::string_view secret, std::string_view words, std::string_view lesson);

/// Draws `count` lessons, or all when there are fewer. One after another: of those left, the lesson
/// whose school has been drawn least; among equals whose stage has; then whose subject; then the
/// lowest lot. The order of `on_air` does not matter.
/// @return ids in the order drawn
[[nodiscard]] std::vector<std::string> draw(std::string_view secret, std::string_view words,
                                            std::size_t count, const std::vector<OnAir>& on_air);

}  // namespace tongke::school::inspection
