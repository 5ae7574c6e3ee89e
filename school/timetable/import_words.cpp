#include "school/timetable/import_words.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

template <class Value>
struct Word {
  std::string_view word;
  Value value;
};

template <class Value, std::size_t N>
std::optional<Value> look_up(const std::array<Word<Value>, N>& words, std::string_view text) {
  const std::string wanted = lower(trimmed(text));
  const auto found = std::ranges::find(words, std::string_view(wanted), &Word<Value>::word);
  if (found == words.end()) return std::nullopt;
  return found->value;
}

constexpr auto kHeaders = std::to_array<Word<Column>>({
    {"学校", Column::school},
    {"school", Column::school},
    {"学段", Column::stage},
    {"stage", Column::stage},
    {"年级", Column::grade},
    {"grade", Column::grade},
    {"班级", Column::class_name},
    {"班", Column::class_name},
    {"class", Column::class_name},
    {"分组", Column::groups},
    {"分层组", Column::groups},
    {"层", Column::groups},
    {"groups", Column::groups},
    {"group", Column::groups},
    {"日期", Column::date},
    {"date", Column::date},
    {"星期", Column::weekday},
    {"周", Column::weekday},
    {"weekday", Column::weekday},
    {"day", Column::weekday},
    {"节次", Column::period},
    {"节", Column::period},
    {"period", Column::period},
    {"时间", Column::start},
    {"time", Column::start},
    {"开始", Column::start},
    {"开始时间", Column::start},
    {"start", Column::start},
    {"结束", Column::end},
    {"结束时间", Column::end},
    {"end", Column::end},
    {"时长", Column::minutes},
    {"分钟", Column::minutes},
    {"minutes", Column::minutes},
    {"类型", Column::kind},
    {"kind", Column::kind},
    {"type", Column::kind},
    {"方式", Column::delivery},
    {"授课方式", Column::delivery},
    {"delivery", Column::delivery},
    {"学科", Column::subject},
    {"科目", Column::subject},
    {"课程", Column::subject},
    {"subject", Column::subject},
    {"主讲", Column::lead},
    {"主讲教师", Column::lead},
    {"任课教师", Column::lead},
    {"教师", Column::lead},
    {"lead", Column::lead},
    {"teacher", Column::lead},
    {"教室", Column::place},
    {"地点", Column::place},
    {"place", Column::place},
    {"room", Column::place},
    {"教学目标", Column::goal},
    {"目标", Column::goal},
    {"goal", Column::goal},
    {"教学建议", Column::advice},
    {"建议", Column::advice},
    {"advice", Column::advice},
    {"评价方式", Column::evaluation},
    {"怎样检查", Column::evaluation},
    {"evaluation", Column::evaluation},
});

constexpr std::array<std::string_view, kColumnCount> kColumns = {
    "school",  "stage", "grade",    "class",   "groups", "date",  "weekday", "period", "start",     "end",
    "minutes", "kind",  "delivery", "subject", "lead",   "place", "goal",    "advice", "evaluation"};

constexpr auto kKinds = std::to_array<Word<Kind>>({
    {"上课", Kind::lesson},       {"新授", Kind::lesson},     {"课", Kind::lesson},
    {"答疑", Kind::qa},           {"辅导", Kind::qa},         {"课间", Kind::rest},
    {"课间休息", Kind::rest},     {"休息", Kind::rest},       {"眼保健操", Kind::eye},
    {"眼操", Kind::eye},          {"课间操", Kind::exercise}, {"广播操", Kind::exercise},
    {"体育锻炼", Kind::exercise}, {"劳动", Kind::labour},     {"家务劳动", Kind::labour},
    {"艺术", Kind::arts},         {"文体活动", Kind::arts},   {"班会", Kind::homeroom},
    {"家长会", Kind::parent},
});
constexpr auto kBlanks =
    std::to_array<Word<bool>>({{"空", true}, {"无", true}, {"none", true}, {"blank", true}});
constexpr auto kDeliveries = std::to_array<Word<Delivery>>({
    {"直播", Delivery::live},
    {"录播", Delivery::recorded},
    {"点播", Delivery::recorded},
    {"离线", Delivery::offline},
    {"离屏", Delivery::offline},
    {"离屏任务", Delivery::offline},
});
constexpr auto kStages = std::to_array<Word<Stage>>({
    {"低段", Stage::low},
    {"小学低段", Stage::low},
    {"中高段", Stage::middle},
    {"小学中高段", Stage::middle},
    {"初中", Stage::junior},
    {"高中", Stage::senior},
});
constexpr auto kEvaluations = std::to_array<Word<Evaluation>>({
    {"随堂检测", Evaluation::quick_check},
    {"快速检测", Evaluation::quick_check},
    {"quick check", Evaluation::quick_check},
    {"quick_check", Evaluation::quick_check},
});
constexpr auto kNumerals = std::to_array<Word<int>>({
    {"一", 1},
    {"二", 2},
    {"三", 3},
    {"四", 4},
    {"五", 5},
    {"六", 6},
    {"七", 7},
    {"八", 8},
    {"九", 9},
    {"十", 10},
    {"十一", 11},
    {"十二", 12},
});

/// "3" or "三", 1 to `most`, and nothing else.
std::optional<int> numeral(std::string_view text, int most) {
  text = trimmed(text);
  std::optional<int> value = look_up(kNumerals, text);
  if (!value) {
    value = take_number(text, 2);
    if (!value || !text.empty()) return std::nullopt;
  }
  if (*value < 1 || *value > most) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Column> column_from(std::string_view header) { return look_up(kHeaders, header); }

std::string_view to_string(Column column) noexcept { return kColumns.at(static_cast<std::size_t>(column)); }

std::optional<KindWord> kind_word(std::string_view text) {
  if (look_up(kBlanks, text)) return KindWord{.blank = true};
  auto kind = kind_from(lower(trimmed(text)));
  if (!kind) kind = look_up(kKinds, text);
  if (!kind) return std::nullopt;
  return KindWord{.kind = *kind};
}

std::optional<Delivery> delivery_word(std::string_view text) {
  const auto delivery = delivery_from(lower(trimmed(text)));
  return delivery ? delivery : look_up(kDeliveries, text);
}

std::optional<Stage> stage_word(std::string_view text) {
  const auto stage = stage_from(lower(trimmed(text)));
  return stage ? stage : look_up(kStages, text);
}

std::optional<Grade> grade_word(std::string_view text) {
  std::string word = lower(trimmed(text));
  std::string_view rest = word;
  int first = 0;
  if (take(rest, "高")) {
    first = 9;
  } else if (!take(rest, "grade") && !take(rest, "g") && rest.ends_with("年级")) {
    rest.remove_suffix(std::string_view("年级").size());
  }
  const auto value = numeral(rest, first == 0 ? kLastGrade : 3);
  if (!value) return std::nullopt;
  return static_cast<Grade>(first + *value);
}

std::optional<int> period_word(std::string_view text) {
  text = trimmed(text);
  take(text, "第");
  if (text.ends_with("节")) text.remove_suffix(std::string_view("节").size());
  return numeral(text, 30);
}

std::optional<std::pair<Minutes, Minutes>> time_range_word(std::string_view text) {
  for (const std::string_view mark : {"-", "–", "—", "~", "～", "至", "到"}) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    const auto start = parse_time(text.substr(0, at));
    const auto end = parse_time(text.substr(at + mark.size()));
    if (!start || !end || *start >= *end) return std::nullopt;
    return std::pair(*start, *end);
  }
  return std::nullopt;
}

Evaluation evaluation_word(std::string_view text) {
  if (trimmed(text).empty()) return Evaluation::none;
  return look_up(kEvaluations, text).value_or(Evaluation::text);
}

}  // namespace tongke::school::timetable
