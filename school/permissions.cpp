#include "school/permissions.hpp"

#include <algorithm>
#include <array>

namespace tongke::school {
namespace {

using namespace people;

/// How far a capacity's hands reach, and whether a reason is asked for.
enum class Grant : std::uint8_t { nothing = 0, own, school, school_reason, all, all_reason };

constexpr Grant O = Grant::nothing;
constexpr Grant N = Grant::own;  // own child, own lesson, own classes, own grade and subject
constexpr Grant S = Grant::school;
constexpr Grant X = Grant::school_reason;
constexpr Grant D = Grant::all;
constexpr Grant R = Grant::all_reason;

struct Row {
  std::string_view name;
  std::array<Grant, kCapacityCount> grants;
};

// Names stay in the class: beyond it only the own school's office has them, the district for a
// reason. The safeguarding officer opens help threads for a reason. Whoever keeps machines
// running, inspects or sends material sees no child.
// clang-format off
constexpr std::array<Row, kActCount> kTable = {{
    //                      pu gu le te ho pr of sa di re in te (in the order of Capacity)
    {"see_school",       {{N, N, O, S, S, S, S, S, D, D, D, S}}},
    {"see_counts",       {{O, O, N, N, N, N, S, S, D, D, D, O}}},
    {"see_names",        {{O, O, O, N, N, O, S, X, R, O, O, O}}},
    {"see_staff",        {{O, O, O, S, S, S, S, S, D, D, D, O}}},
    {"correct_pupil",    {{O, N, O, O, N, O, S, O, O, O, O, O}}},
    {"change_people",    {{O, O, O, O, O, O, S, O, D, O, O, O}}},
    {"make_links",       {{O, O, O, O, N, O, S, O, R, O, O, O}}},
    {"withdraw_links",   {{O, N, O, N, N, O, S, S, D, O, O, O}}},
    {"see_lessons",      {{N, N, N, N, N, N, S, O, D, D, D, S}}},
    {"watch",            {{N, N, N, N, N, N, S, O, D, D, D, O}}},
    {"publish",          {{O, O, N, O, O, O, O, O, O, O, O, O}}},
    {"manage_lessons",   {{O, O, O, O, O, O, S, O, D, O, O, O}}},
    {"name_teacher",     {{O, O, O, O, O, O, S, O, O, O, O, O}}},
    {"see_absent",       {{O, O, O, N, N, O, S, O, O, O, O, O}}},
    {"mark_contact",     {{O, O, O, N, N, O, S, O, O, O, O, O}}},
    {"see_guardians",    {{O, N, O, O, N, O, S, O, O, O, O, O}}},
    {"read_help",        {{N, O, O, N, O, O, O, X, O, O, O, O}}},
    {"see_answers",      {{N, N, O, N, O, O, O, O, O, O, O, O}}},
    {"send_batches",     {{O, O, O, O, O, O, O, O, D, D, O, O}}},
    {"accept_batches",   {{O, O, O, O, O, N, S, O, O, O, O, O}}},
    {"attach",           {{O, O, N, N, O, N, O, O, O, O, O, O}}},
    {"see_timetable",    {{N, N, N, S, S, S, S, S, D, D, D, S}}},
    {"change_timetable", {{O, O, O, O, O, O, S, O, O, O, O, O}}},
    {"set_caps",         {{O, O, O, O, O, O, O, O, D, O, O, O}}},
    {"activate",         {{O, O, O, O, O, O, O, O, D, O, O, O}}},
    {"notify",           {{O, O, O, O, O, O, S, O, D, O, O, O}}},
    {"draw",             {{O, O, O, O, O, O, O, O, D, O, D, O}}},
    {"see_inspections",  {{O, O, N, O, O, O, S, O, D, O, D, O}}},
    {"write_rubric",     {{O, O, O, O, O, O, O, O, O, D, O, O}}},
    {"give_feedback",    {{N, N, O, O, O, O, O, O, O, O, O, O}}},
    {"see_tickets",      {{N, N, O, N, N, O, S, O, O, O, O, O}}},
    {"answer_tickets",   {{O, O, O, O, N, O, S, O, O, O, O, S}}},
    {"make_packages",    {{O, O, O, O, N, O, S, O, O, O, O, O}}},
    {"see_health",       {{O, O, O, O, O, O, O, O, D, O, O, S}}},
    {"manage_accounts",  {{O, O, O, O, O, O, S, O, D, O, O, O}}},
    {"see_access_log",   {{O, N, O, O, O, O, S, S, D, O, O, O}}},
    {"own_data",         {{N, N, O, O, O, O, O, O, O, O, O, O}}},
    {"hold",             {{O, O, O, O, O, O, S, S, D, O, O, O}}},
    {"see_on_duty",      {{O, O, O, S, S, S, S, S, O, O, O, S}}},
    {"set_on_duty",      {{O, O, O, O, O, O, S, O, O, O, O, O}}},
}};
// clang-format on

Grant granted(Act act, Capacity capacity) {
  return kTable.at(static_cast<std::size_t>(act)).grants.at(static_cast<std::size_t>(capacity));
}

bool is_own(const Directory& people, const Asker& asker, const Target& target, Capacity capacity) {
  switch (capacity) {
    case Capacity::pupil:
      return target.pupil && target.pupil == asker.pupil;
    case Capacity::guardian: {
      const Pupil* pupil = people.find(target.pupil);
      return pupil && pupil->home == asker.home;
    }
    case Capacity::lead:
      return target.lead && target.lead == asker.staff;
    case Capacity::teacher: {
      const auto& teaching = people.find(asker.staff)->teaching;
      return target.original_class && std::ranges::any_of(teaching, [&](const Teaching& one) {
               return one.original_class == target.original_class &&
                      (!target.subject || one.subject == target.subject);
             });
    }
    case Capacity::homeroom: {
      const Class* row = people.find(target.original_class);
      return row && row->homeroom == asker.staff;
    }
    case Capacity::prep_lead: {
      const Staff& staff = *people.find(asker.staff);
      return target.grade != 0 && staff.school == target.school &&
             std::ranges::any_of(staff.leads, [&](const PrepLead& one) {
               return one.grade == target.grade && (!target.subject || one.subject == target.subject);
             });
    }
    default:
      return false;  // those whose hands reach further than their own
  }
}

// A technician or an officer of the district's own has every school.
bool is_own_school(const Directory& people, const Asker& asker, const Target& target, Capacity capacity) {
  const Staff& staff = *people.find(asker.staff);
  if (!staff.school) return capacity == Capacity::technician || capacity == Capacity::safeguarding;
  return staff.school == target.school;
}

Verdict verdict(const Directory& people, const Asker& asker, Act act, const Target& target,
                Capacity capacity) {
  switch (granted(act, capacity)) {
    case Grant::nothing:
      return Verdict::no;
    case Grant::own:
      return is_own(people, asker, target, capacity) ? Verdict::yes : Verdict::no;
    case Grant::school:
      return is_own_school(people, asker, target, capacity) ? Verdict::yes : Verdict::no;
    case Grant::school_reason:
      return is_own_school(people, asker, target, capacity) ? Verdict::with_reason : Verdict::no;
    case Grant::all:
      return Verdict::yes;
    case Grant::all_reason:
      return Verdict::with_reason;
  }
  return Verdict::no;
}

/// Duties that reach no further than a school.
constexpr unsigned kOfOneSchool = static_cast<unsigned>(Duty::school_office) |
                                  static_cast<unsigned>(Duty::safeguarding) |
                                  static_cast<unsigned>(Duty::principal);

std::vector<Capacity> capacities(const Directory& people, const Asker& asker) {
  if (const Pupil* pupil = people.find(asker.pupil)) {
    if (pupil->standing == Standing::active) return {Capacity::pupil};
    return {};
  }
  if (people.find(asker.home)) return {Capacity::guardian};
  const Staff* staff = people.find(asker.staff);
  if (!staff || staff->standing != Standing::active) return {};
  std::vector<Capacity> all = {Capacity::lead};
  if (!staff->teaching.empty()) all.push_back(Capacity::teacher);
  if (!people.homerooms_of(staff->id).empty()) all.push_back(Capacity::homeroom);
  if (!staff->leads.empty()) all.push_back(Capacity::prep_lead);
  constexpr std::array<std::pair<Duty, Capacity>, 6> kDuties = {{
      {Duty::school_office, Capacity::school_office},
      {Duty::safeguarding, Capacity::safeguarding},
      {Duty::district_office, Capacity::district_office},
      {Duty::resources, Capacity::resources},
      {Duty::inspector, Capacity::inspector},
      {Duty::technician, Capacity::technician},
  }};
  for (const auto& [duty, capacity] : kDuties) {
    // The school's office of no school, and the district's of one, are mistakes in a list.
    if (capacity == Capacity::school_office && !staff->school) continue;
    if (capacity == Capacity::district_office && staff->school) continue;
    if (staff->has(duty)) all.push_back(capacity);
  }
  return all;
}

}  // namespace

std::string_view to_string(Act act) noexcept { return kTable.at(static_cast<std::size_t>(act)).name; }

std::optional<Act> act_from(std::string_view name) noexcept {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  return row == kTable.end() ? std::nullopt : std::optional(static_cast<Act>(row - kTable.begin()));
}

Target about(const School& school) { return {.school = school.id}; }

Target about(const Class& original_class) {
  return {
      .school = original_class.school, .original_class = original_class.id, .grade = original_class.grade};
}

Target about(const Directory& people, const Pupil& pupil) {
  const Class* original_class = people.find(pupil.original_class);
  Target target = original_class ? about(*original_class) : Target{.school = pupil.school};
  target.pupil = pupil.id;
  return target;
}

Verdict may(const Directory& people, const Asker& asker, Act act, const Target& target) {
  Verdict best = Verdict::no;
  for (const Capacity capacity : capacities(people, asker)) {
    best = std::max(best, verdict(people, asker, act, target, capacity));
  }
  return best;
}

bool may_manage_account(const Directory& people, const Asker& asker, const Staff& staff) {
  if (may(people, asker, Act::manage_accounts, {}) == Verdict::yes) return true;
  return staff.school && (staff.duties & ~kOfOneSchool) == 0 &&
         may(people, asker, Act::manage_accounts, {.school = staff.school}) == Verdict::yes;
}

bool may_give(const Directory& people, const Asker& asker, const Staff& staff, std::uint16_t duties) {
  Staff after = staff;
  after.duties = duties;
  const bool fits = (staff.school || !after.has(Duty::school_office)) &&
                    (!staff.school || !after.has(Duty::district_office)) &&
                    (after.has(Duty::school_office) || !after.has(Duty::principal));
  return fits && may_manage_account(people, asker, staff) && may_manage_account(people, asker, after);
}

bool may_somewhere(const Directory& people, const Asker& asker, Act act) {
  return std::ranges::any_of(capacities(people, asker), [&](Capacity capacity) {
    return capacity != Capacity::lead && granted(act, capacity) != Grant::nothing;
  });
}

}  // namespace tongke::school
