#include "relay/app/timetable_rows.hpp"

#include <algorithm>
#include <charconv>

#include "school/crypto.hpp"
#include "school/schedule/bridge.hpp"
#include "school/schedule/moving.hpp"
#include "school/timetable/json.hpp"

namespace tongke::relay::app {
namespace {

namespace people = school::people;
namespace schedule = school::schedule;
namespace tt = school::timetable;
using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr int kMostPeriods = 20;
constexpr std::size_t kMostRows = 2'000;         // of one sheet
constexpr std::int64_t kLastNumber = INT32_MAX;  // of a row of the store
constexpr std::int64_t kMostInvited = 1'000;

Error bad(const char* field, const char* what) { return {Errc::invalid, what, field}; }

/// A row by its number or by its public id or name, as `find` knows it.
template <class Id, class Find>
Result<std::optional<Id>> id_in(const json& value, const char* field, Find find) {
  if (value.is_null()) return std::optional<Id>();
  std::int64_t number = 0;
  if (value.is_number_integer()) {
    number = value.get<std::int64_t>();
  } else if (value.is_string()) {
    number = find(value.get<std::string>());
  }
  if (number <= 0 || number > kLastNumber) return Error{Errc::not_found, "nobody knows it", field};
  return std::optional<Id>(Id{number});
}

template <class Row>
std::int64_t number_of(const Row* row) {
  return row ? static_cast<std::int64_t>(row->id.value) : 0;
}

/// Numbers and names of one district.
class Words {
 public:
  explicit Words(const people::Directory& people) : people_(people) {}

  Result<std::optional<tt::SchoolId>> school(const json& value) const {
    return id_in<tt::SchoolId>(value, "school", [&](const std::string& text) {
      const auto id = people::PublicId::parse(text);
      return number_of(id ? people_.school(*id) : people_.school_named(text));
    });
  }
  Result<std::optional<tt::ClassId>> original_class(const json& value) const {
    return id_in<tt::ClassId>(value, "class", [&](const std::string& text) {
      const auto id = people::PublicId::parse(text);
      return number_of(id ? people_.original_class(*id) : nullptr);
    });
  }
  Result<std::optional<tt::SubjectId>> subject(const json& value) const {
    return id_in<tt::SubjectId>(
        value, "subject", [&](const std::string& text) { return number_of(people_.subject_named(text)); });
  }
  Result<std::optional<tt::TeacherId>> lead(const json& value) const {
    return id_in<tt::TeacherId>(value, "lead", [&](const std::string& text) {
      const auto id = people::PublicId::parse(text);
      return number_of(id ? people_.staff(*id) : nullptr);
    });
  }
  Result<std::optional<tt::GroupId>> group(const json& value) const {
    return id_in<tt::GroupId>(value, "groups", [&](const std::string& text) {
      const auto id = people::PublicId::parse(text);
      return number_of(id ? people_.group(*id) : nullptr);
    });
  }

 private:
  const people::Directory& people_;
};

template <class T>
Result<void> put(Result<T> value, T& into) {
  if (!value) return std::move(value).error();
  into = std::move(*value);
  return {};
}

Result<int> small_number(const json& value, const char* field, int least, int most) {
  if (!value.is_number_integer()) return bad(field, "must be a number");
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) return bad(field, "out of range");
  return static_cast<int>(number);
}

Result<tt::Minutes> time_in(const json& value, const char* field) {
  const auto time = value.is_string() ? tt::parse_time(value.get<std::string>()) : std::nullopt;
  if (!time) return bad(field, "must be a time such as 08:00");
  return *time;
}

Result<void> set_groups(const Words& words, const json& value, std::vector<tt::GroupId>& groups) {
  if (!value.is_array() || value.size() > school::kMaxRooms) return bad("groups", "a list of at most 60");
  groups.clear();
  for (const json& one : value) {
    const auto group = words.group(one);
    if (!group) return Error(group.error());
    if (*group) groups.push_back(**group);
  }
  return {};
}

/// Start and end are said together or one by one; a row that is moved by its start keeps its length.
Result<void> set_times(const json& said, tt::Slot& slot) {
  if (const auto start = said.find("start"); start != said.end())
    if (auto done = put(time_in(*start, "start"), slot.start); !done) return done;
  if (const auto end = said.find("end"); end != said.end()) {
    const auto time = time_in(*end, "end");
    if (!time) return Error(time.error());
    slot.length = *time - slot.start;
  }
  return {};
}

Result<void> set_field(const Words& words, const std::string& key, const json& value, tt::Row& row) {
  tt::Slot& slot = row.slot;
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  if (key == "day") {
    const auto day = small_number(value, "day", 1, 7);
    if (!day) return Error(day.error());
    slot.day = tt::Weekday(static_cast<unsigned>(*day % 7));
  } else if (key == "period") {
    return put(small_number(value, "period", 0, kMostPeriods), slot.period);
  } else if (key == "kind") {
    const auto kind = tt::kind_from(text);
    if (!kind) return bad("kind", "no such kind");
    slot.kind = *kind;
  } else if (key == "delivery") {
    const auto delivery = tt::delivery_from(text);
    if (!delivery) return bad("delivery", "live, recorded or offline");
    slot.delivery = *delivery;
  } else if (key == "subject") {
    return put(words.subject(value), slot.subject);
  } else if (key == "lead") {
    return put(words.lead(value), slot.lead);
  } else if (key == "groups") {
    return set_groups(words, value, slot.groups);
  } else if (key == "invited") {
    const auto invited = small_number(value, "invited", 0, kMostInvited);
    if (!invited) return Error(invited.error());
    slot.invited = static_cast<std::uint32_t>(*invited);
  } else if (key == "card") {
    return put(tt::card_from(slot.card, value), slot.card);
  } else if (key == "blank") {
    if (!value.is_boolean()) return bad("blank", "true or false");
    row.blank = value.get<bool>();
  } else if (key == "place") {
    return put(id_in<tt::PlaceId>(value, "place", [](const std::string&) { return 0; }), slot.place);
  } else if (key != "id" && key != "start" && key != "end" && key != "state" && key != "classes") {
    return Error{Errc::invalid, "no such field", key};
  }
  return {};
}

Result<tt::Row> row_from(const Words& words, tt::Row row, const json& said) {
  if (!said.is_object()) return bad("row", "must be an object");
  for (const auto& [key, value] : said.items())
    if (auto done = set_field(words, key, value, row); !done) return std::move(done).error();
  if (auto done = set_times(said, row.slot); !done) return std::move(done).error();
  return row;
}

Result<schedule::SheetKey> sheet_from(const Words& words, const json& said) {
  if (!said.is_object()) return bad("sheet", "must be an object");
  schedule::SheetKey key;
  if (auto done = put(words.school(said.value("school", json())), key.scope.school); !done)
    return std::move(done).error();
  if (auto done = put(words.original_class(said.value("class", json())), key.scope.class_id); !done)
    return std::move(done).error();
  if (const json grade = said.value("grade", json()); !grade.is_null()) {
    const auto number = small_number(grade, "grade", 1, 12);
    if (!number) return Error(number.error());
    key.scope.grade = *number;
  }
  if (const json stage = said.value("stage", json()); !stage.is_null()) {
    key.scope.stage = tt::stage_from(stage.is_string() ? stage.get<std::string>() : std::string());
    if (!key.scope.stage) return bad("stage", "must be low, middle, junior or senior");
  }
  if (const json week = said.value("week", json()); !week.is_null()) {
    const auto date = week.is_string() ? tt::parse_date(week.get<std::string>()) : std::nullopt;
    if (!date) return bad("week", "must be a date such as 2026-11-30");
    key.week = tt::Week::of(*date);
  }
  return key;
}

json shown(const tt::Row& row) {
  json out = to_json(row.slot);
  out["blank"] = row.blank;
  out.erase("state");    // a draft
  out.erase("classes");  // follow from the sheet
  return out;
}

json sheet_json(const schedule::SheetKey& key) {
  const tt::Scope& scope = key.scope;
  return {{"stage", scope.stage ? json(to_string(*scope.stage)) : json(nullptr)},
          {"grade", scope.grade ? json(*scope.grade) : json(nullptr)},
          {"school", scope.school ? json(scope.school->value) : json(nullptr)},
          {"class", scope.class_id ? json(scope.class_id->value) : json(nullptr)},
          {"week", key.week ? json(tt::format_date(key.week->monday)) : json(nullptr)}};
}

/// What the rules say of a sheet with these rows; saved unless it is only asked.
Result<json> settle(const TimetableTools& use, const schedule::SheetKey& key, schedule::Rows rows,
                    const tt::Row& row, const json& arguments, bool is_new) {
  const auto& timetable = use.view.timetable();
  auto plan = plan_sheet(use.view.rules_people(), with_hours(use.rules, timetable), timetable, key,
                         std::move(rows), {row.slot.id}, use.rules.zone.local(use.now).date);
  if (is_new) plan.changes.rows_used = 1;
  const bool dry_run = arguments.value("dry_run", false);
  json answer = findings_answer(use, plan.findings);
  answer["ok"] = plan.ok();
  answer["saved"] = !dry_run;
  answer.update(row_answer(key, row));
  if (dry_run) return answer;
  if (auto done = use.book.commit(use.store, plan.changes); !done) return std::move(done).error();
  return answer;
}

Result<json> add_row(const TimetableTools& use, const json& arguments) {
  const Words words(use.view.people());
  const auto key = sheet_from(words, arguments.value("sheet", json()));
  if (!key) return Error(key.error());
  if (use.school && schedule::owner_of(use.view.people(), key->scope) != use.school)
    return Error{Errc::not_found, "no such sheet of yours", "sheet"};
  const auto& timetable = use.view.timetable();
  tt::Row fresh;
  fresh.slot.id = {timetable.next_row};
  auto row = row_from(words, fresh, arguments.value("row", json()));
  if (!row) return std::move(row).error();
  const auto known = timetable.drafts.find(*key);
  schedule::Rows rows = known == timetable.drafts.end() ? schedule::Rows() : known->second;
  if (rows.size() >= kMostRows) return Error{Errc::conflict, "the sheet is full", "sheet"};
  rows.push_back(*row);
  return settle(use, *key, std::move(rows), *row, arguments, true);
}

}  // namespace

bool is_row_command(const std::string& command) { return command.starts_with("row."); }

std::string row_tag(const tt::Row& row) {
  constexpr std::string_view kKey = "row";
  const std::string text = shown(row).dump();
  const auto digest = school::crypto::hmac_sha256(base::as_bytes(kKey), base::as_bytes(text));
  return '"' + school::crypto::base64url(base::ByteView(digest).first(12)) + '"';
}

Result<FoundRow> find_row(const TimetableTools& use, const std::string& id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error == std::errc() && end == id.data() + id.size()) {
    for (const auto& [key, rows] : use.view.timetable().drafts) {
      const auto row =
          std::ranges::find(rows, tt::SlotId{number}, [](const tt::Row& r) { return r.slot.id; });
      if (row == rows.end()) continue;
      if (use.school && schedule::owner_of(use.view.people(), key.scope) != use.school) break;
      return FoundRow{key, rows, static_cast<std::size_t>(row - rows.begin())};
    }
  }
  return Error{Errc::not_found, "no such row", "row"};
}

Result<tt::Row> changed_row(const TimetableTools& use, tt::Row row, const json& said) {
  return row_from(Words(use.view.people()), std::move(row), said);
}

std::vector<std::vector<schedule::WeekFinding>> try_others(const TimetableTools& use, const FoundRow& found,
                                                           const std::vector<tt::Row>& others) {
  const auto& timetable = use.view.timetable();
  return try_rows(use.view.rules_people(), with_hours(use.rules, timetable), timetable,
                  {found.key, found.rows, found.at}, others, use.rules.zone.local(use.now).date);
}

json row_answer(const schedule::SheetKey& key, const tt::Row& row) {
  return {{"row", shown(row)}, {"sheet", sheet_json(key)}, {"etag", row_tag(row)}};
}

Result<json> run_row_command(const TimetableTools& use, const std::string& command, const json& arguments) {
  if (command == "row.add") return add_row(use, arguments);
  if (command == "row.moves") return try_moves(use, arguments);
  auto found = find_row(use, arguments.value("id", std::string()));
  if (!found) return std::move(found).error();
  const tt::Row old = found->rows[found->at];
  if (command == "row.show") {
    json looked = arguments;
    looked["dry_run"] = true;
    return settle(use, found->key, std::move(found->rows), old, looked, false);
  }
  const std::string match = arguments.value("match", std::string());
  if (!match.empty() && match != "*" && match != row_tag(old))
    return Error{Errc::conflict, "changed meanwhile", "If-Match"};
  if (command == "row.remove") {
    found->rows.erase(found->rows.begin() + static_cast<std::ptrdiff_t>(found->at));
    return settle(use, found->key, std::move(found->rows), old, arguments, false);
  }
  tt::Row from = old;
  if (command == "row.put") {
    from = {};
    from.slot.id = old.slot.id;
  }
  auto row = changed_row(use, std::move(from), arguments.value("row", json()));
  if (!row) return std::move(row).error();
  if (arguments.value("strict", false)) {
    if (const auto tried = try_others(use, *found, {*row}).front(); has_errors(tried)) {
      json answer = findings_answer(use, tried);
      answer.update(row_answer(found->key, old));
      answer["ok"] = false;
      answer["saved"] = false;
      return answer;
    }
  }
  found->rows[found->at] = *row;
  return settle(use, found->key, std::move(found->rows), *row, arguments, false);
}

}  // namespace tongke::relay::app
