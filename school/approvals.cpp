#include "school/approvals.hpp"

#include <algorithm>
#include <iterator>

#include "school/crypto.hpp"
#include "school/store/approval_table.hpp"

namespace tongke::school {

using base::Errc;
using base::Error;
using base::Result;

namespace {

constexpr std::size_t kIdBytes = 12;
constexpr std::ptrdiff_t kMostOfOne = 100;  // so that nobody keeps all others from asking

bool is_over(const Approval& one, base::WallTime now) { return now - one.asked >= Approvals::kLasts; }

/// A wish for a class covers its pupils, one for a school its classes.
bool covers(const Target& wish, const Target& look) {
  return wish.school == look.school && (!wish.original_class || wish.original_class == look.original_class) &&
         (!wish.pupil || wish.pupil == look.pupil);
}

}  // namespace

std::string_view to_string(Approval::State state) noexcept {
  return state == Approval::State::asked ? "asked" : state == Approval::State::agreed ? "agreed" : "refused";
}

bool may_approve(const people::Directory& people, people::StaffId staff, const Approval& wish) {
  const people::Staff* row = people.find(staff);
  return row && row->id != wish.asker && row->standing == people::Standing::active && wish.target.school &&
         row->school == wish.target.school && row->has(people::Duty::school_office);
}

Result<void> Approvals::load(store::Store& store, base::WallTime now) {
  if (auto dropped = store::drop_approvals(store, now - kLasts); !dropped) return dropped;
  auto rows = store::load_approvals(store);
  if (!rows) return std::move(rows).error();
  all_.with([&](auto& all) {
    all.clear();
    all.insert(all.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
  });
  return {};
}

Result<Approval> Approvals::ask(store::Store& store, people::StaffId asker, Act act, const Target& target,
                                std::string reason, base::WallTime now) {
  Approval wish{.id = crypto::base64url(crypto::random_bytes(kIdBytes)),
                .asker = asker,
                .act = act,
                .target = target,
                .reason = std::move(reason),
                .asked = now};
  const bool full = all_.with([&](auto& all) {
    while (!all.empty() && is_over(all.front(), now)) all.pop_front();
    return all.size() >= kMost || std::ranges::count(all, asker, &Approval::asker) >= kMostOfOne;
  });
  if (full) return Error{Errc::overload, "too many wishes wait for an answer"};
  if (auto dropped = store::drop_approvals(store, now - kLasts); !dropped) return std::move(dropped).error();
  if (auto saved = store::save_approval(store, wish); !saved) return std::move(saved).error();
  all_.with([&](auto& all) { all.push_back(wish); });
  return wish;
}

Result<Approval> Approvals::answer(store::Store& store, const people::Directory& people,
                                   const std::string& id, people::StaffId approver, bool agrees,
                                   base::WallTime now) {
  // Nobody else changes them: only the store thread does.
  const auto known = all_.with([&](const auto& all) -> std::optional<Approval> {
    const auto found = std::ranges::find(all, id, &Approval::id);
    return found == all.end() ? std::nullopt : std::optional(*found);
  });
  if (!known || is_over(*known, now) || !may_approve(people, approver, *known))
    return Error{Errc::not_found, "no such wish"};
  if (known->state != Approval::State::asked) return Error{Errc::conflict, "it was answered already"};
  Approval answered = *known;
  answered.state = agrees ? Approval::State::agreed : Approval::State::refused;
  answered.approver = approver;
  if (auto saved = store::save_approval(store, answered); !saved) return std::move(saved).error();
  all_.with([&](auto& all) { *std::ranges::find(all, id, &Approval::id) = answered; });
  return answered;
}

std::optional<Approval> Approvals::agreed(const std::string& id, people::StaffId asker, Act act,
                                          const Target& target, base::WallTime now) const {
  return all_.with([&](const auto& all) -> std::optional<Approval> {
    const auto found = std::ranges::find(all, id, &Approval::id);
    if (found == all.end() || is_over(*found, now) || found->state != Approval::State::agreed ||
        found->asker != asker || found->act != act || !covers(found->target, target))
      return std::nullopt;
    return *found;
  });
}

std::vector<Approval> Approvals::of(const people::Directory& people, people::StaffId staff,
                                    base::WallTime now) const {
  return all_.with([&](const auto& all) {
    std::vector<Approval> mine;
    for (auto one = all.rbegin(); one != all.rend(); ++one)
      if (!is_over(*one, now) && (one->asker == staff || may_approve(people, staff, *one)))
        mine.push_back(*one);
    return mine;
  });
}

}  // namespace tongke::school
