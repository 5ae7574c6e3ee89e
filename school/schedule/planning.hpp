#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "school/people/directory.hpp"
#include "school/schedule/timetable.hpp"
#include "school/timetable/import_rows.hpp"
#include "school/timetable/validate.hpp"

/// Works out what a wish would change, without changing anything: Book::commit() does.
namespace tongke::school::schedule {

/// A cell of a file that keeps its line out; column counts from 1 where the file is a sheet of
/// days and periods, else 0.
struct FileProblem {
  std::size_t line = 0;
  std::size_t column_at = 0;
  timetable::BadCell::Why why = timetable::BadCell::Why::missing;
  std::string column = {};
};

/// What an import would do.
struct ImportPlan {
  Changes changes;
  std::size_t rows = 0;     ///< read from the file
  std::size_t created = 0;  ///< of them new
  std::size_t updated = 0;  ///< in the place of others
  std::size_t unchanged = 0;
  std::size_t removed = 0;    ///< with `replace`
  bool weekly_hours = false;  ///< it was the province's table, not a timetable
  std::vector<FileProblem> problems = {};
  std::vector<std::string> ignored = {};  ///< headers that say nothing to us
};

struct ImportWish {
  people::SchoolId school = {};  ///< meant by rows without one
  bool replace = false;          ///< sheets that the file has rows of are replaced whole
};

/// Reads a timetable (a list of rows, or a sheet of days × periods for each class) or the table
/// of weekly hours (grade, subject, lessons), as spreadsheets save CSV. Lines with problems are
/// left out of the changes.
/// @errors invalid: no text, or no such file at all
[[nodiscard]] base::Result<ImportPlan> plan_import(const people::Directory& people,
                                                   const Timetable& timetable, base::ByteView file,
                                                   const ImportWish& wish);

/// What the rules say of a wish, with the week it is about.
struct WeekFinding {
  std::optional<timetable::Week> week;  ///< none: every week without a sheet of its own
  timetable::Finding finding;
};

[[nodiscard]] bool has_errors(const std::vector<WeekFinding>& findings) noexcept;

struct PublishPlan {
  Changes changes;                    ///< empty when `blocking` is not
  std::vector<WeekFinding> blocking;  ///< errors that stand in the way
  std::vector<WeekFinding> warnings;
  std::size_t sheets = 0;  ///< that would change
};

/// Whose drafts: everybody's, or one school's.
using Chosen = std::function<bool(const SheetKey&)>;

/// Publishes the chosen drafts. Every week they hold in is looked at as a whole, together with
/// what is published already; an error stands in the way when it names one of their rows or was
/// not there before. Weeks before `today` are the past.
[[nodiscard]] PublishPlan plan_publish(const timetable::People& people, const timetable::RuleSettings& rules,
                                       const Timetable& timetable, const Chosen& chosen,
                                       timetable::Date today, std::string by, base::WallTime now);

/// Everything the rules say of the drafts as if they were published, in the weeks that have
/// sheets and in one without.
[[nodiscard]] std::vector<WeekFinding> check_drafts(const timetable::People& people,
                                                    const timetable::RuleSettings& rules,
                                                    const Timetable& timetable, timetable::Date today);

/// What becomes of one draft sheet, and what the rules say of it.
struct SheetPlan {
  Changes changes;
  /// Of the drafts as if all were published: what names one of `about`, and what was not there
  /// before.
  std::vector<WeekFinding> findings = {};
  [[nodiscard]] bool ok() const;  ///< no error among them
};

/// Gives a draft sheet these rows. Drafts may break rules, publishing them may not.
/// @param about  the rows that are edited
[[nodiscard]] SheetPlan plan_sheet(const timetable::People& people, const timetable::RuleSettings& rules,
                                   const Timetable& timetable, const SheetKey& key, Rows rows,
                                   const std::vector<timetable::SlotId>& about, timetable::Date today);

/// Puts back what the last publication replaced.  @errors conflict: there is none
[[nodiscard]] base::Result<Changes> plan_undo(const Timetable& timetable);

/// The rules with the timetable's own table of weekly hours.
[[nodiscard]] timetable::RuleSettings with_hours(timetable::RuleSettings rules, const Timetable& timetable);

}  // namespace tongke::school::schedule
