#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pipeline/worker/demo/handwriting.hpp"
#include "pipeline/worker/draw/board.hpp"

namespace tongke::pipeline::worker::demo {

using draw::Board;
using draw::Color;
using draw::Point;

/// One thing the teacher does: a stretch of the lesson's time and what it draws when the
/// share `from`…`to` of it passes. Returns where the pen is.
struct Action {
  double begin = 0;
  double end = 0;
  std::function<Point(Board&, double from, double to)> draw;
};

/// A short primary-school lesson on fractions, written on the board by a pen, that begins
/// anew when it is over.
class Lesson {
 public:
  Lesson();
  Lesson(const Lesson&) = delete;
  Lesson& operator=(const Lesson&) = delete;

  /// Advances the board to `time` (seconds since the demo began; must not decrease).
  void show(Board& board, double time);

 private:
  void slide(const std::string& title, int number);
  void wait(double seconds) { clock_ += seconds; }
  void write(const std::vector<Stroke>& strokes, double width, Color color, double pixels_a_second);
  void say(const std::string& markup, Point at, double size, Color color, double seconds);
  void fill(Point centre, double radius, double from, double to, Color color, double seconds);
  void pizza();
  void addition();
  void bars();
  void summary();
  void show_clock(Board& board);

  std::vector<Action> actions_;
  double clock_ = 0;  ///< while composing: where the next action begins
  double shown_ = 0;  ///< within the loop
  double loops_ = 0;
  std::size_t next_ = 0;
  std::string clock_text_;
};

}  // namespace tongke::pipeline::worker::demo
