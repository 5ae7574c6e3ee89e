#include "school/demo/seed.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "school/people/stage.hpp"

extern const char kDemoNamesJson[];

namespace tongke::school::demo {
namespace {

using exchange::Column;
using exchange::Kind;
using exchange::Row;
using exchange::Table;
using nlohmann::json;
using people::Grade;
using people::Stage;
using people::StageBoundaries;

const json& names() {
  static const auto parsed = json::parse(kDemoNamesJson);
  return parsed;
}

// The year in which the first grade of this demo entered school; pupil numbers begin with it.
constexpr unsigned kYear = 2026;
// One family in eight has another child at school (E).
constexpr unsigned kFamiliesPerSibling = 8;

/// What a school of each kind looks like; sizes are those of requirements §4.1.
struct Shape {
  const char* kind;
  unsigned half_classes;  ///< of a grade, in halves: 5 are 2 or 3
  unsigned class_size;
};
constexpr Shape kPrimary{"primary", 5, 41};
constexpr Shape kJunior{"junior", 11, 45};
constexpr Shape kSenior{"senior", 15, 48};

class Seeder {
 public:
  explicit Seeder(const SeedOptions& options) : options_(options), random_(options.seed) {
    for (std::size_t i = 0; i < exchange::kKindCount; ++i) {
      tables_.push_back({.file = "demo", .kind = static_cast<Kind>(i), .encoding = "UTF-8"});
    }
  }

  std::vector<Table> run() {
    const std::size_t count = std::min(options_.schools, kMostSchools);
    // Of ten schools, six are primary, three junior and one senior.
    for (std::size_t i = 0; i < count; ++i) {
      const Shape& shape = i % 10 < 6 ? kPrimary : i % 10 < 9 ? kJunior : kSenior;
      add_school(i, shape, i % 4 == 1 && shape.kind != kSenior.kind);
    }
    add_district_staff();
    return std::move(tables_);
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  const std::string& pick(const char* list) {
    const auto& all = names().at(list);
    return all[below(static_cast<unsigned>(all.size()))].get_ref<const std::string&>();
  }
  std::string person() {
    std::string name = pick("surnames") + pick("given");
    if (below(4) != 0) name += pick("given");
    return name;
  }
  Row& add(Kind kind) {
    auto& rows = tables_[static_cast<std::size_t>(kind)].rows;
    rows.push_back({.line = rows.size() + 2});
    return rows.back();
  }

  void add_school(std::size_t index, const Shape& shape, bool five_four) {
    const auto& places = names().at("places");
    school_ = places[index % places.size()].get<std::string>();
    if (index >= places.size()) school_ += "第" + std::to_string(index / places.size() + 1);
    school_ += names().at("kinds").at(shape.kind).get<std::string>();
    Row& row = add(Kind::schools);
    row[Column::school] = school_;
    row[Column::system] = names().at("systems").at(five_four ? "five_four" : "six_three").get<std::string>();

    const StageBoundaries stages = five_four ? people::kFiveFour : people::kSixThree;
    const Stage stage = &shape == &kPrimary ? Stage::low : &shape == &kJunior ? Stage::junior : Stage::senior;
    const Grade last = stages.last[static_cast<std::size_t>(stage == Stage::low ? Stage::upper : stage)];
    staff_ = 0;
    for (Grade grade = stages.first(stage); grade <= last; ++grade) add_grade(grade, shape);
    if (stage == Stage::junior) add_groups(last);
    for (const char* duty : {"office", "technician"}) add_officer(school_, duty);
  }

  void add_grade(Grade grade, const Shape& shape) {
    const unsigned classes = (shape.half_classes + below(2)) / 2;
    for (unsigned number = 1; number <= classes; ++number) {
      const unsigned size = shape.class_size - 5 + below(11);
      for (unsigned seat = 1; seat <= size; ++seat) add_pupil(grade, number, seat);
    }
    add_teachers(grade, classes, shape);
  }

  static std::string pupil_number(Grade grade, unsigned number, unsigned seat) {
    return std::to_string((kYear + 1 - grade) * 10000 + number * 100 + seat);
  }

  void add_pupil(Grade grade, unsigned number, unsigned seat) {
    Row& row = add(Kind::pupils);
    row[Column::school] = school_;
    row[Column::grade] = std::to_string(grade);
    row[Column::class_number] = std::to_string(number);
    row[Column::pupil_number] = pupil_number(grade, number, seat);
    row[Column::name] = person();
    const bool sibling = homes_ > 0 && below(kFamiliesPerSibling) == 0;
    const unsigned home = sibling ? 1 + below(homes_) : ++homes_;
    row[Column::home] = "H" + std::to_string(100000 + home);
    // Made from the home, so that siblings have the same one.
    row[Column::phone] = "139" + std::to_string(10000000 + home * 7919U % 90000000U);
    row[Column::condition] = condition();
  }

  std::string condition() {
    unsigned left = below(100);
    for (const auto& entry : names().at("conditions")) {
      const auto share = entry.at(1).get<unsigned>();
      if (left < share) return entry.at(0).get<std::string>();
      left -= share;
    }
    return {};
  }

  Row& add_staff(const std::string& school, std::string number) {
    Row& row = add(Kind::staff);
    row[Column::school] = school;
    row[Column::staff_number] = std::move(number);
    row[Column::name] = person();
    return row;
  }
  std::string next_number() { return "T" + std::to_string(1000 + ++staff_); }

  // [subject, classes a teacher has, first grade that has it]
  void add_teachers(Grade grade, unsigned classes, const Shape& shape) {
    unsigned main_subject = 0;  // the first two take turns as homeroom teachers
    for (const auto& entry : names().at("subjects").at(shape.kind)) {
      if (grade < entry.at(2).get<unsigned>()) continue;
      const auto each = entry.at(1).get<unsigned>();
      for (unsigned first = 1; first <= classes; first += each) {
        Row& row = add_staff(school_, next_number());
        row[Column::subject] = entry.at(0).get<std::string>();
        for (unsigned number = first; number < first + each && number <= classes; ++number) {
          append(row[Column::teaches], grade, number);
          if (is_homeroom(main_subject, each, number)) append(row[Column::homeroom], grade, number);
        }
        if (first == 1) row[Column::prep_lead] = std::to_string(grade);
      }
      ++main_subject;
    }
  }
  static bool is_homeroom(unsigned subject, unsigned each, unsigned number) {
    return each == 1 ? subject == 0 : subject < 2 && number % 2 == subject;
  }
  static void append(std::string& list, Grade grade, unsigned number) {
    if (!list.empty()) list += "、";
    list += std::to_string(grade) + "(" + std::to_string(number) + ")";
  }

  // The first two classes of the last grade are taught mathematics in two layers.
  void add_groups(Grade grade) {
    const auto& layers = names().at("groups");
    const auto& pupils = tables_[static_cast<std::size_t>(Kind::pupils)].rows;
    for (const Row& pupil : pupils) {
      const bool first_two = pupil[Column::class_number] == "1" || pupil[Column::class_number] == "2";
      if (pupil[Column::school] != school_ || pupil[Column::grade] != std::to_string(grade) || !first_two)
        continue;
      Row& row = add(Kind::groups);
      row[Column::school] = school_;
      row[Column::grade] = pupil[Column::grade];
      row[Column::subject] = layers.at("subject").get<std::string>();
      row[Column::group] = layers.at("names").at(below(2)).get<std::string>();
      row[Column::pupil_number] = pupil[Column::pupil_number];
    }
  }

  void add_officer(const std::string& school, const char* duty) {
    Row& row =
        add_staff(school, school.empty() ? "D" + std::to_string(100 + ++district_staff_) : next_number());
    row[Column::duty] = names().at("duties").at(duty).get<std::string>();
  }
  void add_district_staff() {
    for (const char* duty :
         {"district", "district", "inspector", "inspector", "inspector", "resources", "resources"}) {
      add_officer({}, duty);
    }
  }

  const SeedOptions options_;
  std::mt19937_64 random_;
  std::vector<Table> tables_;
  std::string school_;  // the one in hand
  unsigned staff_ = 0;  // numbers given out in it
  unsigned district_staff_ = 0;
  unsigned homes_ = 0;
};

}  // namespace

std::vector<Table> demo_district(const SeedOptions& options) { return Seeder(options).run(); }

std::string demo_district_name() { return names().at("district").get<std::string>(); }

}  // namespace tongke::school::demo
