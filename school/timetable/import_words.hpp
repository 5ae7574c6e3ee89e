#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "school/timetable/model.hpp"
#include "school/timetable/stage.hpp"

namespace tongke::school::timetable {

/// What a column of a timetable file may hold, by whatever its header calls it.
enum class Column : std::uint8_t {
  school,
  stage,
  grade,
  class_name,
  groups,
  date,
  weekday,
  period,
  start,  ///< "8:00", or "8:00-8:20"
  end,
  minutes,
  kind,
  delivery,
  subject,
  lead,
  place,
  goal,
  advice,
  evaluation,
};
inline constexpr std::size_t kColumnCount = 19;

/// The column a header names, in Chinese or English: "星期", "Weekday". Case and spaces around
/// it do not matter.
[[nodiscard]] std::optional<Column> column_from(std::string_view header);
/// Its name in error reports: "weekday".
[[nodiscard]] std::string_view to_string(Column column) noexcept;

/// "上课", "眼保健操", "lesson", "eye" …; "空" and "none" are a cell with nothing in it.
struct KindWord {
  Kind kind = Kind::lesson;
  bool blank = false;
};
[[nodiscard]] std::optional<KindWord> kind_word(std::string_view text);
[[nodiscard]] std::optional<Delivery> delivery_word(std::string_view text);
[[nodiscard]] std::optional<Stage> stage_word(std::string_view text);
/// "3", "三", "三年级", "Grade 3", "高一". Not "初一": it is grade 6 under 五四 and 7 under 六三.
[[nodiscard]] std::optional<Grade> grade_word(std::string_view text);
/// "3", "第3节", "第三节".
[[nodiscard]] std::optional<int> period_word(std::string_view text);
/// "8:00-8:20", "8:00～8:20", "8:00至8:20".
[[nodiscard]] std::optional<std::pair<Minutes, Minutes>> time_range_word(std::string_view text);
/// "随堂检测" and "quick check" are a quick check; other words say how.
[[nodiscard]] Evaluation evaluation_word(std::string_view text);

}  // namespace tongke::school::timetable
