#include "school/retention/holds.hpp"

#include "school/clean_text.hpp"
#include "school/store/retention_table.hpp"

namespace tongke::school::retention {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxReason = 500;

Result<void> check_text(const std::string& text, std::size_t most, const char* field) {
  if (!text.empty() && text.size() <= most && is_clean_text(text)) return {};
  return Error{Errc::invalid, "must be 1 to " + std::to_string(most) + " bytes of text on one line", field};
}

}  // namespace

Result<Holds> Holds::open(store::Store& store) {
  auto rows = store::load_holds(store);
  if (!rows) return std::move(rows).error();
  Holds holds(store);
  for (auto& row : *rows) holds.holds_.emplace(row.lesson, std::move(row));
  return holds;
}

Result<Hold> Holds::set(const std::string& lesson, const std::string& by, const std::string& reason,
                        base::WallTime now) {
  if (auto ok = check_text(by, kMaxName, "by"); !ok) return std::move(ok).error();
  const auto known = holds_.find(lesson);
  if (known == holds_.end()) {
    if (auto ok = check_text(reason, kMaxReason, "reason"); !ok) return std::move(ok).error();
    return save({.lesson = lesson, .reason = reason, .first_by = by, .first_at = now});
  }
  Hold changed = known->second;
  if (!changed.second_by.empty()) return changed;
  if (changed.first_by == by) return Error{Errc::conflict, "a second person has to agree", "by"};
  changed.second_by = by;
  changed.second_at = now;
  return save(std::move(changed));
}

Result<Hold> Holds::release(const std::string& lesson, const std::string& by) {
  if (auto ok = check_text(by, kMaxName, "by"); !ok) return std::move(ok).error();
  const auto known = holds_.find(lesson);
  if (known == holds_.end()) return Error{Errc::not_found, "no such hold", "lesson"};
  Hold hold = known->second;
  const bool by_two = !hold.second_by.empty();
  if (by_two && hold.release_by.empty()) {
    hold.release_by = by;
    return save(std::move(hold));
  }
  if (by_two && hold.release_by == by) return Error{Errc::conflict, "a second person has to agree", "by"};
  if (auto gone = store::remove_hold(*store_, lesson); !gone) return std::move(gone).error();
  holds_.erase(known);
  return hold;
}

bool Holds::holds(std::string_view lesson, base::WallTime now) const {
  const auto known = holds_.find(lesson);
  if (known == holds_.end()) return false;
  return !known->second.second_by.empty() || now - known->second.first_at < kOnePersonHolds;
}

Result<Hold> Holds::save(Hold changed) {
  if (auto saved = store::save_hold(*store_, changed); !saved) return std::move(saved).error();
  holds_.insert_or_assign(changed.lesson, changed);
  return changed;
}

}  // namespace tongke::school::retention
