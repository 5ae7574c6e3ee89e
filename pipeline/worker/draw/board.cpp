#include "pipeline/worker/draw/board.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

namespace tongke::pipeline::worker::draw {
namespace {

constexpr const char* kFamilies = "Noto Sans CJK SC, WenQuanYi Micro Hei, sans-serif";

struct ReleaseLayout {
  void operator()(PangoLayout* p) const noexcept { g_object_unref(p); }
};

std::unique_ptr<PangoLayout, ReleaseLayout> layout_of(cairo_t* cr, const std::string& markup, double size) {
  std::unique_ptr<PangoLayout, ReleaseLayout> layout(pango_cairo_create_layout(cr));
  PangoFontDescription* font = pango_font_description_from_string(kFamilies);
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_markup(layout.get(), markup.c_str(), -1);
  return layout;
}

Rect around(Point a, Point b, double margin) {
  const int x = static_cast<int>(std::floor(std::min(a.x, b.x) - margin));
  const int y = static_cast<int>(std::floor(std::min(a.y, b.y) - margin));
  return {x, y, static_cast<int>(std::ceil(std::max(a.x, b.x) + margin)) - x,
          static_cast<int>(std::ceil(std::max(a.y, b.y) + margin)) - y};
}

}  // namespace

Rect Rect::joined(const Rect& other) const {
  if (empty()) return other;
  if (other.empty()) return *this;
  const int left = std::min(x, other.x);
  const int top = std::min(y, other.y);
  return {left, top, std::max(x + width, other.x + other.width) - left,
          std::max(y + height, other.y + other.height) - top};
}

Board::Board(int width, int height)
    : width_(width),
      height_(height),
      ink_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      shown_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      pen_on_ink_(cairo_create(ink_.get())) {
  const auto luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  picture_ = {.width = width, .height = height, .y = std::vector<std::uint8_t>(luma), .u = {}, .v = {}};
  picture_.u.resize(luma / 4);
  picture_.v.resize(luma / 4);
  cairo_set_line_cap(pen_on_ink_.get(), CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(pen_on_ink_.get(), CAIRO_LINE_JOIN_ROUND);
  touch({0, 0, width, height});
}

void Board::paint(const Rect& area, const std::function<void(cairo_t*)>& paint) {
  cairo_save(pen_on_ink_.get());
  paint(pen_on_ink_.get());
  cairo_restore(pen_on_ink_.get());
  touch(area);
}

void Board::stroke(Point from, Point to, double width, Color color) {
  paint(around(from, to, width + 1), [&](cairo_t* cr) {
    cairo_set_source_rgb(cr, color.r, color.g, color.b);
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, from.x, from.y);
    cairo_line_to(cr, to.x, to.y);
    cairo_stroke(cr);
  });
}

Point Board::text(const std::string& markup, Point at, double size, Color color, double from, double to) {
  const auto layout = layout_of(pen_on_ink_.get(), markup, size);
  int width = 0;
  int height = 0;
  pango_layout_get_pixel_size(layout.get(), &width, &height);
  // Whole pixels, so that neighbouring strips neither overlap nor leave a seam.
  const double left = at.x + std::floor(width * from);
  const double right = at.x + (to < 1 ? std::floor(width * to) : width + 2);
  paint(around({left, at.y}, {right, at.y + height}, 2), [&](cairo_t* cr) {
    cairo_rectangle(cr, left, at.y - 2, right - left, height + 4);
    cairo_clip(cr);
    cairo_set_source_rgb(cr, color.r, color.g, color.b);
    cairo_move_to(cr, at.x, at.y);
    pango_cairo_show_layout(cr, layout.get());
  });
  return {right, at.y + height * 0.7};
}

const Picture& Board::picture() {
  if (pen_.x != pen_shown_.x || pen_.y != pen_shown_.y) {
    const Rect before = pen_area(pen_shown_);
    const Rect after = pen_area(pen_);
    pen_shown_ = pen_;
    touch(before);
    touch(after);
  }
  if (!dirty_.empty()) {
    compose(dirty_);
    convert(dirty_);
    dirty_ = {};
  }
  return picture_;
}

Rect Board::pen_area(Point tip) const { return around(tip, {tip.x + 60, tip.y - 90}, 8); }

void Board::touch(const Rect& area) {
  const int left = std::clamp(area.x, 0, width_) & ~1;
  const int top = std::clamp(area.y, 0, height_) & ~1;
  const int right = (std::clamp(area.x + area.width, 0, width_) + 1) & ~1;
  const int bottom = (std::clamp(area.y + area.height, 0, height_) + 1) & ~1;
  dirty_ = dirty_.joined({left, top, right - left, bottom - top});
}

void Board::compose(const Rect& area) {
  const Handle<cairo_t> cr(cairo_create(shown_.get()));
  cairo_rectangle(cr.get(), area.x, area.y, area.width, area.height);
  cairo_clip(cr.get());
  cairo_set_source_surface(cr.get(), ink_.get(), 0, 0);
  cairo_paint(cr.get());
  // A pen: tip at its position, leaning right.
  cairo_translate(cr.get(), pen_shown_.x, pen_shown_.y);
  cairo_rotate(cr.get(), 0.6);
  cairo_set_source_rgb(cr.get(), 0.15, 0.16, 0.2);
  cairo_move_to(cr.get(), 0, 0);
  cairo_line_to(cr.get(), -6, -16);
  cairo_line_to(cr.get(), 6, -16);
  cairo_close_path(cr.get());
  cairo_fill(cr.get());
  cairo_set_source_rgb(cr.get(), 0.93, 0.47, 0.2);
  cairo_rectangle(cr.get(), -6, -92, 12, 76);
  cairo_fill(cr.get());
  cairo_set_source_rgb(cr.get(), 1.0, 0.72, 0.42);
  cairo_rectangle(cr.get(), -2.5, -92, 3.5, 76);
  cairo_fill(cr.get());
}

// @source ITU-R BT.709 section 3; coefficients scaled by 256
void Board::convert(const Rect& area) {
  cairo_surface_flush(shown_.get());
  const std::uint8_t* pixels = cairo_image_surface_get_data(shown_.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(shown_.get()));
  const auto width = static_cast<std::size_t>(width_);
  for (int y = area.y; y < area.y + area.height; y += 2) {
    for (int x = area.x; x < area.x + area.width; x += 2) {
      int red = 0;
      int green = 0;
      int blue = 0;
      for (int k = 0; k < 4; ++k) {
        const auto row = static_cast<std::size_t>(y + k / 2);
        const auto column = static_cast<std::size_t>(x + k % 2);
        const std::uint8_t* pixel = pixels + row * stride + column * 4;  // B, G, R, unused
        red += pixel[2];
        green += pixel[1];
        blue += pixel[0];
        const int luma = 16 + (47 * pixel[2] + 157 * pixel[1] + 16 * pixel[0] + 128) / 256;
        picture_.y[row * width + column] = static_cast<std::uint8_t>(luma);
      }
      const std::size_t chroma =
          static_cast<std::size_t>(y / 2) * (width / 2) + static_cast<std::size_t>(x / 2);
      picture_.u[chroma] = static_cast<std::uint8_t>(128 + (-26 * red - 87 * green + 113 * blue) / 1024);
      picture_.v[chroma] = static_cast<std::uint8_t>(128 + (112 * red - 102 * green - 10 * blue) / 1024);
    }
  }
}

}  // namespace tongke::pipeline::worker::draw
