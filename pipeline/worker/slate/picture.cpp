#include "pipeline/worker/slate/picture.hpp"

#include <glib.h>

#include <algorithm>
#include <memory>
#include <string>

namespace tongke::pipeline::worker::slate {
namespace {

constexpr draw::Color kGround{0.086, 0.165, 0.227};
constexpr draw::Color kMark{0.98, 0.78, 0.36};
constexpr draw::Color kWords{0.97, 0.97, 0.95};
constexpr draw::Color kQuiet{0.72, 0.78, 0.82};

std::string escaped(const std::string& text) {
  const std::unique_ptr<char, decltype(&g_free)> markup(
      g_markup_escape_text(text.data(), static_cast<gssize>(text.size())), g_free);
  return markup.get();
}

}  // namespace

draw::Picture picture_of(const wire::Slate& slate) {
  const auto width = static_cast<int>(slate.width);
  const auto height = static_cast<int>(slate.height);
  draw::Board board(width, height);
  board.paint({0, 0, width, height}, [](cairo_t* cr) {
    cairo_set_source_rgb(cr, kGround.r, kGround.g, kGround.b);
    cairo_paint(cr);
  });
  // A phone held upright has room for a dozen Chinese characters across.
  const double size = std::min(width / 15.0, height / 10.0);
  const double left = width * 0.08;
  const double top = height * 0.5 - size * 1.6;
  board.stroke({left, top - size * 0.6}, {left + size * 2, top - size * 0.6}, size * 0.14, kMark);
  board.text(escaped(slate.heading), {left, top}, size, kWords);
  board.text(escaped(slate.text), {left, top + size * 1.8}, size * 0.5, kQuiet);
  return board.picture();
}

}  // namespace tongke::pipeline::worker::slate
