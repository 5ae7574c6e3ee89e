#include "pipeline/worker/demo/handwriting.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace tongke::pipeline::worker::demo {
namespace {

constexpr int kStepsPerPiece = 8;

std::vector<Stroke> corners(char glyph) {
  switch (glyph) {
    case '0':
      return {{{.5, .05}, {.2, .3}, {.15, .8}, {.35, 1.4}, {.65, 1.4}, {.85, .8}, {.8, .3}, {.5, .05}}};
    case '1':
      return {{{.3, .35}, {.55, .08}, {.55, .7}, {.55, 1.42}}};
    case '2':
      return {{{.15, .4}, {.3, .1}, {.65, .1}, {.8, .4}, {.6, .8}, {.15, 1.38}, {.18, 1.4}, {.85, 1.38}}};
    case '3':
      return {{{.18, .25},
               {.5, .06},
               {.8, .3},
               {.7, .6},
               {.45, .7},
               {.75, .8},
               {.85, 1.1},
               {.6, 1.42},
               {.15, 1.25}}};
    case '4':
      return {{{.6, .06}, {.35, .5}, {.1, .98}, {.5, .96}, {.9, .95}}, {{.65, .6}, {.64, 1.0}, {.62, 1.44}}};
    case '5':
      return {{{.3, .1}, {.27, .4}, {.22, .68}, {.55, .58}, {.85, .9}, {.7, 1.35}, {.15, 1.35}},
              {{.3, .1}, {.55, .1}, {.8, .08}}};
    case '6':
      return {{{.7, .08}, {.35, .45}, {.18, 1.0}, {.4, 1.42}, {.75, 1.3}, {.8, .95}, {.5, .78}, {.22, 1.0}}};
    case '7':
      return {{{.15, .12}, {.5, .1}, {.85, .1}, {.6, .7}, {.42, 1.43}}};
    case '8':
      return {{{.75, .25},
               {.45, .06},
               {.22, .35},
               {.5, .68},
               {.8, 1.05},
               {.5, 1.43},
               {.18, 1.1},
               {.5, .7},
               {.75, .4},
               {.75, .25}}};
    case '9':
      return {{{.78, .4}, {.45, .1}, {.2, .4}, {.4, .72}, {.75, .55}, {.78, .4}, {.72, .9}, {.6, 1.42}}};
    case '+':
      return {{{.15, .78}, {.5, .77}, {.85, .76}}, {{.5, .42}, {.5, .78}, {.49, 1.14}}};
    case '=':
      return {{{.15, .62}, {.5, .61}, {.85, .6}}, {{.15, .96}, {.5, .95}, {.85, .94}}};
    case '?':
      return {{{.2, .35}, {.45, .06}, {.8, .3}, {.6, .65}, {.5, 1.0}}, {{.5, 1.32}, {.52, 1.36}, {.5, 1.38}}};
    default:
      return {};
  }
}

// Catmull-Rom through the corners: a hand does not turn sharply.
Stroke smooth(const Stroke& corners) {
  Stroke line;
  const auto last = static_cast<std::ptrdiff_t>(corners.size()) - 1;
  const auto at = [&](std::ptrdiff_t i) {
    return corners[static_cast<std::size_t>(i < 0 ? 0 : (i > last ? last : i))];
  };
  for (std::ptrdiff_t i = 0; i < last; ++i) {
    const Point a = at(i - 1);
    const Point b = at(i);
    const Point c = at(i + 1);
    const Point d = at(i + 2);
    for (int step = 0; step < kStepsPerPiece; ++step) {
      const double t = static_cast<double>(step) / kStepsPerPiece;
      const auto blend = [t](double p, double q, double r, double s) {
        return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t +
                      (3 * q - p - 3 * r + s) * t * t * t);
      };
      line.push_back({blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)});
    }
  }
  if (!corners.empty()) line.push_back(corners.back());
  return line;
}

}  // namespace

std::vector<Stroke> glyph_strokes(char glyph) {
  std::vector<Stroke> strokes;
  for (const Stroke& each : corners(glyph)) strokes.push_back(smooth(each));
  return strokes;
}

std::vector<Stroke> write_line(std::string_view glyphs, Point at, double size) {
  std::vector<Stroke> strokes;
  for (const char glyph : glyphs) {
    for (Stroke stroke : glyph_strokes(glyph)) {
      for (Point& point : stroke) point = {at.x + point.x * size, at.y + point.y * size};
      strokes.push_back(std::move(stroke));
    }
    at.x += size * 1.15;
  }
  return strokes;
}

std::vector<Stroke> write_fraction(char numerator, char denominator, Point at, double size) {
  std::vector<Stroke> strokes = {{at, {at.x + size * 0.6, at.y - 1}, {at.x + size * 1.2, at.y}}};
  for (Stroke& stroke : write_line({&numerator, 1}, {at.x + size * 0.1, at.y - size * 1.65}, size))
    strokes.push_back(stroke);
  for (Stroke& stroke : write_line({&denominator, 1}, {at.x + size * 0.1, at.y + size * 0.2}, size))
    strokes.push_back(stroke);
  return strokes;
}

Stroke arc(Point centre, double radius, double from, double to) {
  Stroke line;
  const int steps = std::max(2, static_cast<int>(std::abs(to - from) * radius / 6));
  for (int i = 0; i <= steps; ++i) {
    const double angle = from + (to - from) * i / steps - std::numbers::pi / 2;
    line.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
  }
  return line;
}

}  // namespace tongke::pipeline::worker::demo
