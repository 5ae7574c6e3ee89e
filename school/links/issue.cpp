#include "school/links/issue.hpp"

#include "school/links/revocations.hpp"

namespace tongke::school::links {

Token pupil_link(const LinkBook& book, const people::Pupil& pupil, const std::string& lesson,
                 base::WallTime expires) {
  return {.role = Role::pupil,
          .lesson = lesson,
          .seat = kRosterSeats + pupil.id.value,
          .version = book.version(person(pupil.id)),
          .expires = expires};
}

Token guardian_link(const LinkBook& book, const people::Pupil& child, const std::string& lesson,
                    base::WallTime expires) {
  return {.role = Role::guardian,
          .lesson = lesson,
          .seat = kRosterSeats + child.id.value,
          .version = book.version(person(child.home)),
          .expires = expires};
}

Token home_link(const LinkBook& book, people::HomeId home, base::WallTime expires) {
  return {.role = Role::guardian,
          .lesson = {},
          .seat = kRosterSeats + home.value,
          .version = book.version(person(home)),
          .expires = expires};
}

Token staff_link(const LinkBook& book, people::StaffId staff, Role role, const std::string& lesson,
                 base::WallTime expires) {
  return {.role = role,
          .lesson = lesson,
          .seat = kRosterSeats + staff.value,
          .version = book.version(person(staff)),
          .expires = expires};
}

namespace {

// A screen's number has the row of its class or school above, and of a school's the grade below.
constexpr unsigned kGradeBits = 4;
constexpr std::uint32_t kGradeMask = (1U << kGradeBits) - 1;
constexpr std::uint32_t kOfClass = 0;
constexpr std::uint32_t kAllGrades = kGradeMask;
static_assert(people::kLastGrade < kAllGrades);

}  // namespace

Person person(const Screen& screen) {
  if (screen.original_class) return {Bearer::screen, (screen.original_class.value << kGradeBits) | kOfClass};
  return {Bearer::screen,
          (screen.school.value << kGradeBits) | (screen.grade == 0 ? kAllGrades : screen.grade)};
}

Token screen_link(const LinkBook& book, const Screen& screen, std::string_view lesson,
                  base::WallTime expires) {
  const Person who = person(screen);
  // Screens are the technician's; the mark keeps them from being a technician.
  return {.role = Role::technician,
          .lesson = kChannelMark + std::string(lesson),
          .seat = kRosterSeats + who.row,
          .version = book.version(who),
          .expires = expires};
}

std::optional<Screen> screen_of(const Token& token) noexcept {
  const auto bearer = bearer_of(token);
  if (!bearer || bearer->first != Bearer::screen) return std::nullopt;
  const std::uint32_t row = bearer->second >> kGradeBits;
  const std::uint32_t low = bearer->second & kGradeMask;
  if (low == kOfClass) return Screen{.original_class = people::ClassId{row}};
  return Screen{.school = people::SchoolId{row},
                .grade = static_cast<people::Grade>(low == kAllGrades ? 0 : low)};
}

const people::Pupil* seated(const Token& token, const people::Directory& people) {
  const auto bearer = bearer_of(token);
  if (!bearer || (bearer->first != Bearer::pupil && bearer->first != Bearer::guardian_of)) return nullptr;
  const people::Pupil* pupil = people.find(people::PupilId{bearer->second});
  return pupil && pupil->standing == people::Standing::active ? pupil : nullptr;
}

}  // namespace tongke::school::links
