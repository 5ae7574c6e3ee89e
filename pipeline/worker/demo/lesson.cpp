#include "pipeline/worker/demo/lesson.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <numbers>
#include <utility>

namespace tongke::pipeline::worker::demo {
namespace {

constexpr double kWidth = 1280;
constexpr double kHeight = 720;
using draw::Rect;

constexpr Rect kWhole{0, 0, 1280, 720};
constexpr Rect kClock{1040, 664, 240, 56};
constexpr Point kPenAway{1215, 610};

constexpr Color kPaper{0.985, 0.973, 0.945};
constexpr Color kGrid{0.93, 0.915, 0.875};
constexpr Color kTeal{0.11, 0.38, 0.40};
constexpr Color kInk{0.13, 0.19, 0.33};
constexpr Color kRed{0.80, 0.24, 0.20};
constexpr Color kGreen{0.16, 0.52, 0.33};
constexpr Color kSun{0.98, 0.78, 0.36};
constexpr Color kSky{0.55, 0.76, 0.88};
constexpr Color kQuiet{0.42, 0.44, 0.48};
constexpr Color kWhite{1, 1, 1};

void set(cairo_t* cr, Color color) { cairo_set_source_rgb(cr, color.r, color.g, color.b); }

double length(const Stroke& stroke) {
  double sum = 0;
  for (std::size_t i = 1; i < stroke.size(); ++i)
    sum += std::hypot(stroke[i].x - stroke[i - 1].x, stroke[i].y - stroke[i - 1].y);
  return sum;
}

/// Draws the part of a stroke between two shares of its length; returns the tip.
Point draw_stroke(Board& board, const Stroke& stroke, double width, Color color, double from, double to) {
  const double whole = length(stroke);
  double passed = 0;
  Point tip = stroke.front();
  for (std::size_t i = 1; i < stroke.size(); ++i) {
    const Point a = stroke[i - 1];
    const Point b = stroke[i];
    const double piece = std::hypot(b.x - a.x, b.y - a.y);
    const double low = std::clamp((from * whole - passed) / std::max(piece, 1e-9), 0.0, 1.0);
    const double high = std::clamp((to * whole - passed) / std::max(piece, 1e-9), 0.0, 1.0);
    if (high > low) {
      tip = {a.x + (b.x - a.x) * high, a.y + (b.y - a.y) * high};
      board.stroke({a.x + (b.x - a.x) * low, a.y + (b.y - a.y) * low}, tip, width, color);
    }
    passed += piece;
  }
  return tip;
}

void draw_paper(Board& board, const std::string& title, int number) {
  board.paint(kWhole, [](cairo_t* cr) {
    set(cr, kPaper);
    cairo_paint(cr);
    set(cr, kGrid);
    cairo_set_line_width(cr, 1);
    for (double x = 40.5; x < kWidth; x += 40) cairo_move_to(cr, x, 84), cairo_line_to(cr, x, kHeight - 56);
    for (double y = 124.5; y < kHeight - 56; y += 40) cairo_move_to(cr, 0, y), cairo_line_to(cr, kWidth, y);
    cairo_stroke(cr);
    set(cr, kTeal);
    cairo_rectangle(cr, 0, 0, kWidth, 84);
    cairo_rectangle(cr, 0, kHeight - 56, kWidth, 56);
    cairo_fill(cr);
    set(cr, kSun);
    cairo_rectangle(cr, 0, 84, kWidth, 5);
    cairo_fill(cr);
  });
  board.text(title, {48, 14}, 38, kWhite);
  board.text("演示课 Demo lesson", {48, kHeight - 45}, 24, kSun);
  board.text("同课 Tongke · 第 " + std::to_string(number) + " / 5 页", {480, kHeight - 43}, 21, kWhite);
}

}  // namespace

Lesson::Lesson() {
  slide("三年级数学", 1);
  say("<b>分数的简单加法</b>", {330, 220}, 88, kInk, 2.4);
  say("Adding simple fractions", {420, 350}, 46, kQuiet, 1.6);
  write({arc({640, 520}, 70, 0, 2 * std::numbers::pi), {{640, 450}, {640, 590}}, {{570, 520}, {710, 520}}}, 5,
        kTeal, 420);
  fill({640, 520}, 67, 0, std::numbers::pi / 2, kSun, 0.8);
  wait(1.5);
  pizza();
  addition();
  bars();
  summary();
}

void Lesson::slide(const std::string& title, int number) {
  actions_.push_back({clock_, clock_, [this, title, number](Board& board, double, double) {
                        draw_paper(board, title, number);
                        clock_text_.clear();  // wiped: to be written again
                        return kPenAway;
                      }});
  wait(0.8);
}

void Lesson::pizza() {
  slide("一、认识几分之一", 2);
  say("把一个圆平均分成 4 份", {80, 120}, 40, kInk, 2.2);
  const Point centre{360, 420};
  constexpr double kQuarter = std::numbers::pi / 2;
  write({arc(centre, 190, 0, 4 * kQuarter)}, 6, kInk, 700);
  write({{{360, 230}, {360, 610}}, {{170, 420}, {550, 420}}}, 5, kInk, 500);
  fill(centre, 186, 0, kQuarter, kSun, 1.2);
  say("每一份是它的", {690, 270}, 40, kInk, 1.5);
  write(write_fraction('1', '4', {990, 300}, 62), 8, kRed, 330);
  wait(0.6);
  fill(centre, 186, kQuarter, 2 * kQuarter, kSky, 1.2);
  say("这样的 2 份就是", {690, 500}, 40, kInk, 1.5);
  write(write_fraction('2', '4', {1030, 530}, 62), 8, kRed, 330);
  wait(1.8);
}

void Lesson::addition() {
  slide("二、同分母分数相加", 3);
  constexpr double kSize = 96;
  write(write_fraction('1', '4', {150, 330}, kSize), 10, kInk, 380);
  write(write_line("+", {310, 260}, kSize), 10, kInk, 300);
  write(write_fraction('2', '4', {450, 330}, kSize), 10, kInk, 380);
  write(write_line("=", {610, 260}, kSize), 10, kInk, 300);
  wait(0.7);
  write(write_fraction('3', '4', {750, 330}, kSize), 10, kRed, 330);
  say("分母不变", {960, 360}, 44, kGreen, 1.0);
  say("分子相加", {960, 240}, 44, kRed, 1.0);
  say("1 份加 2 份，一共 3 份", {150, 570}, 44, kTeal, 2.0);
  wait(2);
}

void Lesson::bars() {
  slide("三、练一练", 4);
  write(write_fraction('2', '6', {120, 240}, 58), 7, kInk, 330);
  write(write_line("+", {215, 195}, 58), 7, kInk, 300);
  write(write_fraction('3', '6', {300, 240}, 58), 7, kInk, 330);
  write(write_line("=?", {395, 195}, 58), 7, kInk, 300);
  constexpr double kLeft = 130;
  constexpr double kTop = 420;
  constexpr double kCell = 165;
  std::vector<Stroke> frame = {{{kLeft, kTop}, {kLeft + 6 * kCell, kTop}},
                               {{kLeft, kTop + 110}, {kLeft + 6 * kCell, kTop + 110}}};
  for (int i = 0; i <= 6; ++i) frame.push_back({{kLeft + i * kCell, kTop}, {kLeft + i * kCell, kTop + 110}});
  write(frame, 5, kInk, 1300);
  for (int i = 0; i < 5; ++i) {
    std::vector<Stroke> hatch;
    Stroke zigzag;
    for (int k = 0; k <= 10; ++k)
      zigzag.push_back({kLeft + i * kCell + 14 + k * (kCell - 28) / 10, k % 2 == 0 ? kTop + 96 : kTop + 14});
    hatch.push_back(std::move(zigzag));
    write(hatch, 11, i < 2 ? kSun : kSky, 1500);
  }
  say("涂色部分一共是", {640, 190}, 40, kInk, 1.4);
  write(write_fraction('5', '6', {990, 225}, 66), 8, kRed, 330);
  wait(2);
}

void Lesson::summary() {
  slide("四、小结", 5);
  constexpr std::array<const char*, 3> kLines = {"分母相同的分数相加，", "分母不变，只把分子相加。",
                                                 "计算以后，要检查一遍。"};
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    const double top = 170 + 120 * static_cast<double>(i);
    write({{{110, top + 32}, {132, top + 56}, {176, top + 4}}}, 8, kGreen, 260);
    say(kLines[i], {220, top}, 50, kInk, 2.4);
  }
  say("谢谢大家，下节课见！", {430, 560}, 46, kRed, 2);
  wait(2.5);
}

void Lesson::write(const std::vector<Stroke>& strokes, double width, Color color, double pixels_a_second) {
  for (const Stroke& stroke : strokes) {
    const double seconds = std::max(0.12, length(stroke) / pixels_a_second);
    actions_.push_back(
        {clock_, clock_ + seconds, [stroke, width, color](Board& board, double from, double to) {
           return draw_stroke(board, stroke, width, color, from, to);
         }});
    clock_ += seconds + 0.12;
  }
}

void Lesson::say(const std::string& markup, Point at, double size, Color color, double seconds) {
  actions_.push_back({clock_, clock_ + seconds, [=](Board& board, double from, double to) {
                        Point tip = board.text(markup, at, size, color, from, to);
                        tip.y += 10 * std::sin(to * seconds * 14);
                        return tip;
                      }});
  clock_ += seconds + 0.25;
}

void Lesson::fill(Point centre, double radius, double from, double to, Color color, double seconds) {
  actions_.push_back(
      {clock_, clock_ + seconds, [=](Board& board, double low, double high) {
         const double a = from + (to - from) * low - std::numbers::pi / 2;
         const double b = from + (to - from) * high - std::numbers::pi / 2;
         const int reach = static_cast<int>(radius) + 2;
         const Rect area{static_cast<int>(centre.x) - reach, static_cast<int>(centre.y) - reach, 2 * reach,
                         2 * reach};
         board.paint(area, [&](cairo_t* cr) {
           cairo_set_operator(cr, CAIRO_OPERATOR_DARKEN);
           set(cr, color);
           cairo_move_to(cr, centre.x, centre.y);
           cairo_arc(cr, centre.x, centre.y, radius, a, b + 0.01);
           cairo_fill(cr);
         });
         return Point{centre.x + radius * 0.7 * std::cos(b), centre.y + radius * 0.7 * std::sin(b)};
       }});
  clock_ += seconds + 0.3;
}

void Lesson::show(Board& board, double time) {
  const double loops = std::floor(time / clock_);
  if (loops > loops_ || next_ == 0) {
    loops_ = loops;
    shown_ = 0;
    next_ = 0;
  }
  const double now = time - loops * clock_;
  Point pen = kPenAway;
  bool writing = false;
  for (std::size_t i = next_; i < actions_.size() && actions_[i].begin <= now; ++i) {
    const Action& action = actions_[i];
    const double span = std::max(action.end - action.begin, 1e-6);
    const double from = std::clamp((shown_ - action.begin) / span, 0.0, 1.0);
    const double to = action.end > action.begin ? std::clamp((now - action.begin) / span, 0.0, 1.0) : 1.0;
    pen = action.draw(board, from, to);
    writing = true;
    if (to >= 1.0) next_ = i + 1;
  }
  if (writing) board.put_pen(pen);
  shown_ = now;
  show_clock(board);
}

void Lesson::show_clock(Board& board) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%H:%M:%S", &local);
  if (clock_text_ == text.data()) return;
  clock_text_ = text.data();
  board.paint(kClock, [](cairo_t* cr) {
    set(cr, kTeal);
    cairo_rectangle(cr, kClock.x, kClock.y, kClock.width, kClock.height);
    cairo_fill(cr);
  });
  board.text("<b><tt>" + clock_text_ + "</tt></b>", {1070, kHeight - 48}, 30, kWhite);
}

}  // namespace tongke::pipeline::worker::demo
