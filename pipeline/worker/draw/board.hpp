#pragma once

#include <cairo.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tongke::pipeline::worker::draw {

struct Point {
  double x = 0;
  double y = 0;
};

struct Color {
  double r = 0;
  double g = 0;
  double b = 0;
};

/// Whole pixels; even-aligned by the board, since chroma is subsampled.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  [[nodiscard]] Rect joined(const Rect& other) const;
};

struct Release {
  void operator()(cairo_surface_t* p) const noexcept { cairo_surface_destroy(p); }
  void operator()(cairo_t* p) const noexcept { cairo_destroy(p); }
};
template <class T>
using Handle = std::unique_ptr<T, Release>;

/// A picture in planar YCbCr 4:2:0, BT.709 in video range.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> y, u, v;
};

/// What a picture is drawn on. Ink stays; a pen, if there is one, floats above it. Only what
/// changed is composed and converted again, which keeps a lesson at a few milliseconds a second.
class Board {
 public:
  Board(int width, int height);

  /// Draws for good.
  /// @param area  all that `paint` touches
  void paint(const Rect& area, const std::function<void(cairo_t*)>& paint);
  void stroke(Point from, Point to, double width, Color color);
  /// Pango markup with its top left corner at `at`, of which only the share `from`…`to` of
  /// the width is drawn.
  /// @return the right end of what was drawn, for the pen to follow
  Point text(const std::string& markup, Point at, double size, Color color, double from = 0, double to = 1);

  /// Where the pen's tip is; off the board when nobody writes.
  void put_pen(Point tip) { pen_ = tip; }

  /// The picture as it is now.
  const Picture& picture();

 private:
  void compose(const Rect& area);
  void convert(const Rect& area);
  void touch(const Rect& area);
  [[nodiscard]] Rect pen_area(Point tip) const;

  int width_;
  int height_;
  Handle<cairo_surface_t> ink_;
  Handle<cairo_surface_t> shown_;
  Handle<cairo_t> pen_on_ink_;
  Picture picture_;
  Rect dirty_;
  Point pen_{-1000, -1000};
  Point pen_shown_{-1000, -1000};
};

}  // namespace tongke::pipeline::worker::draw
