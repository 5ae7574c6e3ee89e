#include "relay/app/retention_rows.hpp"

#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "school/store/access_table.hpp"
#include "school/store/feedback_table.hpp"
#include "school/store/inspection_table.hpp"
#include "school/store/plan_table.hpp"

namespace tongke::relay::app {
namespace {

namespace retention = school::retention;
namespace store = school::store;
using base::Result;
using base::WallTime;
using retention::Deletion;
using retention::Kind;

/// What whoever kept a copy of a signed record can hash again: its text, its seal, its stills.
Result<retention::Content> content_of(store::Store& store, const std::string& id) {
  auto check = store::load_check(store, id);
  if (!check) return std::move(check).error();
  auto stills = store::load_stills(store, id);
  if (!stills) return std::move(stills).error();
  std::vector<std::pair<std::string, std::string>> pieces;
  if (*check) pieces = {{"record", (*check)->record}, {"seal", (*check)->seal}};
  for (std::size_t i = 0; i < stills->size(); ++i)
    pieces.emplace_back("still-" + std::to_string(i + 1), std::string(base::as_text((*stills)[i].webp)));
  return retention::content_of(pieces);
}

Result<void> drop_unheld(store::Store& store, const RetentionSearch& search,
                         const std::vector<RetentionTask>& due, bool only_say, std::vector<Deletion>& gone) {
  for (const RetentionTask& task : due) {
    if (task.held) continue;
    const auto content = content_of(store, task.row);
    if (!content) return base::Error(content.error());
    if (!only_say) {
      if (auto removed = store::remove_check(store, task.row); !removed) return removed;
    }
    gone.push_back({.at = search.now,
                    .kind = std::string(to_string(task.kind)),
                    .lesson = task.lesson,
                    .items = content->files,
                    .bytes = content->bytes,
                    .hash = content->hash});
  }
  return {};
}

Result<void> note(Kind kind, const Result<std::size_t>& rows, WallTime now, std::vector<Deletion>& gone) {
  if (!rows) return base::Error(rows.error());
  if (*rows > 0)
    gone.push_back(
        {.at = now, .kind = std::string(to_string(kind)), .items = static_cast<std::int64_t>(*rows)});
  return {};
}

}  // namespace

Result<std::vector<RetentionTask>> find_due_rows(store::Store& store, const RetentionSearch& search) {
  const WallTime up_to = search.now - search.rules.spot_checks + std::chrono::milliseconds(1);
  auto old = store::load_checks_before(store, up_to);
  if (!old) return std::move(old).error();
  std::vector<RetentionTask> due;
  for (const auto& check : *old) {
    const retention::Facts facts{.last = check.is_signed() ? check.finished : check.opened};
    if (!is_due(Kind::spot_check, facts, search.rules, search.now)) continue;
    const auto lesson = search.lessons.find(check.lesson);
    due.push_back({.kind = Kind::spot_check,
                   .lesson = check.lesson,
                   .row = check.id,
                   .held = lesson != search.lessons.end() && lesson->second.held});
  }
  return due;
}

Result<std::vector<Deletion>> drop_rows(store::Store& store, const RetentionSearch& search,
                                        const std::vector<RetentionTask>& due, bool only_say) {
  std::vector<Deletion> gone;
  if (auto done = drop_unheld(store, search, due, only_say, gone); !done) return std::move(done).error();
  if (only_say) return gone;
  const auto& rules = search.rules;
  const WallTime term_over =
      rules.zone.wall(rules.term_end + std::chrono::days(1), std::chrono::milliseconds(0));
  const retention::Facts last_of_term{.last = term_over - std::chrono::milliseconds(1)};
  if (search.term_known && is_due(Kind::air, last_of_term, rules, search.now)) {
    auto done = note(Kind::air, store::drop_air(store, term_over), search.now, gone);
    if (!done) return std::move(done).error();
  }
  auto done = note(Kind::access, store::drop_accesses(store, search.now - rules.access), search.now, gone);
  if (!done) return std::move(done).error();
  done = note(Kind::feedback, store::drop_feedback(store, search.now - rules.help), search.now, gone);
  if (!done) return std::move(done).error();
  return gone;
}

}  // namespace tongke::relay::app
