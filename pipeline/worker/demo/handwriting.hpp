#pragma once

#include <string_view>
#include <vector>

#include "pipeline/worker/draw/board.hpp"

namespace tongke::pipeline::worker::demo {

using draw::Point;

/// One movement of the pen without lifting it.
using Stroke = std::vector<Point>;

/// Digits and signs as a hand writes them, in a box one wide and 1.5 high.
/// @param glyph  one of 0…9 + = ?; anything else is empty
[[nodiscard]] std::vector<Stroke> glyph_strokes(char glyph);

/// A line of glyphs, each `size` wide, laid out from `at` (top left).
[[nodiscard]] std::vector<Stroke> write_line(std::string_view glyphs, Point at, double size);

/// A fraction: numerator, bar, denominator; `at` is the bar's left end.
[[nodiscard]] std::vector<Stroke> write_fraction(char numerator, char denominator, Point at, double size);

/// A circle arc drawn by hand, angles in radians, clockwise from the top.
[[nodiscard]] Stroke arc(Point centre, double radius, double from, double to);

}  // namespace tongke::pipeline::worker::demo
