#include "tests/unit/school/small_district.hpp"

namespace tongke::test {

using namespace school::people;

Changes small_district() {
  Changes all;
  all.district = "阿城区";
  all.schools = {{.id = {1}, .public_id = PublicId::make(), .name = "第一小学"},
                 {.id = {2}, .public_id = PublicId::make(), .name = "和平中学", .stages = kFiveFour}};
  all.subjects = {{.id = {1}, .name = "语文"}, {.id = {2}, .name = "数学"}};
  all.classes = {
      {.id = {1}, .public_id = PublicId::make(), .school = {1}, .grade = 3, .number = 1, .homeroom = {1}},
      {.id = {2}, .public_id = PublicId::make(), .school = {1}, .grade = 3, .number = 2, .homeroom = {2}},
      {.id = {3}, .public_id = PublicId::make(), .school = {2}, .grade = 6, .number = 1, .homeroom = {}}};
  for (std::uint32_t i = 1; i <= 9; ++i) {
    // The ninth is the big sister of the first.
    const HomeId home{i == 9 ? 1 : i};
    if (i < 9) {
      all.homes.push_back(
          {.id = home, .public_id = PublicId::make(), .code = i == 1 ? "H-1" : "", .phones = {}});
    }
    all.pupils.push_back({.id = {i},
                          .public_id = PublicId::make(),
                          .school = {i == 9 ? 2U : 1U},
                          .original_class = {i == 9 ? 3 : (i - 1) / 4 + 1},
                          .home = home,
                          .condition = static_cast<Condition>(i % kConditionCount),
                          .standing = Standing::active,
                          .number = "20230" + std::to_string(i),
                          .name = "学生" + std::to_string(i)});
  }
  all.homes.front().phones = {{.salt = "c2FsdA", .hash = "aGFzaA"}, {.salt = "c2FsdDI", .hash = "aGFzaDI"}};
  all.staff = {{.id = {1},
                .public_id = PublicId::make(),
                .school = {1},
                .number = "T1",
                .name = "王老师",
                .teaching = {{{1}, {1}}, {{2}, {1}}},
                .leads = {{3, {1}}}},
               {.id = {2},
                .public_id = PublicId::make(),
                .school = {1},
                .number = "T2",
                .name = "李老师",
                .teaching = {{{2}, {2}}},
                .leads = {}},
               {.id = {3},
                .public_id = PublicId::make(),
                .school = {},
                .duties = static_cast<std::uint16_t>(Duty::inspector),
                .number = "",
                .name = "督学",
                .teaching = {},
                .leads = {}}};
  all.groups = {{.id = {1},
                 .public_id = PublicId::make(),
                 .school = {1},
                 .grade = 3,
                 .subject = {2},
                 .name = "A层",
                 .members = {{1}, {2}, {5}}},
                {.id = {2},
                 .public_id = PublicId::make(),
                 .school = {1},
                 .grade = 3,
                 .subject = {2},
                 .name = "B层",
                 .members = {{3}, {6}, {7}, {8}}}};
  return all;
}

}  // namespace tongke::test
