#include <algorithm>
#include <unordered_map>

#include "school/exchange/workbench.hpp"

namespace tongke::school::exchange {
namespace {

using namespace people;

constexpr std::size_t kLongestName = 60;
// More pupils with one telephone are no family: somebody filled in the teacher's.
constexpr std::size_t kMostSiblings = 8;
constexpr std::size_t kMostPhones = 4;
constexpr std::size_t kFullNumber = 7;  // digits from which on a number names one telephone

struct Said {
  const Table* table;
  const Row* row;
  Pupil pupil;
  std::vector<std::string> phones;  ///< digits
};

/// Pupils in two passes: first what each row says, then homes, because a family may be known
/// from a row further down.
class PupilPlanner {
 public:
  PupilPlanner(Workbench& bench, const PhoneMarker& phones) : bench_(bench), marker_(phones) {}

  void read(const Table& table) {
    for (const Row& row : table.rows) {
      bench_.at(table, row);
      Said said{&table, &row, {}, {}};
      if (read_row(row, said) && is_first(said)) said_.push_back(std::move(said));
    }
  }

  void settle() {
    for (const Said& said : said_) {
      for (const std::string& phone : said.phones) ++shared_[phone];
    }
    for (const Said& said : said_) {
      if (said.pupil.home) remember(said, said.pupil.home);
    }
    for (Said& said : said_) {
      bench_.at(*said.table, *said.row);
      const HomeId home = home_of(said);
      remember(said, home);
      mark_phones(home, said.phones);
      said.pupil.home = home;
      if (!said.pupil.id) said.pupil.id = {bench_.work.next_pupil()};
      bench_.put(bench_.touched.pupils, said.pupil);
    }
  }

 private:
  bool read_row(const Row& row, Said& said) {
    const auto school = bench_.school(row);
    if (!school || !bench_.number(row, Column::pupil_number) ||
        !bench_.text(row, Column::name, kLongestName) ||
        !bench_.text(row, Column::home, kLongestName, false)) {
      return false;
    }
    const auto grade = parse_grade(row[Column::grade], school->stages);
    if (!grade && !row[Column::grade].empty()) return bench_.problem(Column::grade, Reason::bad_grade);
    const auto name = parse_class(row[Column::class_number], school->stages, grade);
    if (!name) {
      return bench_.problem(Column::class_number,
                            row[Column::class_number].empty() ? Reason::missing : Reason::bad_class);
    }
    Pupil& pupil = said.pupil;
    if (const Pupil* known = bench_.work.pupil_numbered(school->id, row[Column::pupil_number])) {
      pupil = *known;
    } else {
      pupil.public_id = PublicId::make();
      pupil.school = school->id;
      pupil.number = row[Column::pupil_number];
    }
    pupil.name = row[Column::name];
    if (!read_condition(row, pupil) || !read_standing(row, pupil) || !read_phones(row, said)) return false;
    pupil.original_class = bench_.class_id(*school, *name);
    return true;
  }

  // An empty cell says nothing: what a survey found before stays.
  bool read_condition(const Row& row, Pupil& pupil) {
    if (row[Column::condition].empty()) return true;
    const auto key = spelled_key("condition", row[Column::condition],
                                 {"wifi", "mobile_only", "shared_device", "tv_only", "none", "unknown"});
    if (!key) return bench_.problem(Column::condition, Reason::bad_condition);
    pupil.condition = condition_from(*key).value_or(Condition::unknown);
    return true;
  }

  bool read_standing(const Row& row, Pupil& pupil) {
    const auto key = spelled_key("standing", row[Column::standing], {"active", "left"});
    if (!key) return bench_.problem(Column::standing, Reason::bad_standing);
    pupil.standing = *key == "left" ? Standing::left : Standing::active;
    return true;
  }

  bool read_phones(const Row& row, Said& said) {
    std::string cell = row[Column::phone];
    std::replace(cell.begin(), cell.end(), ' ', '-');  // a space inside a number is no separator
    for (const std::string& piece : parse_list(cell)) {
      auto digits = phone_digits(plain(piece));
      if (!digits) return bench_.problem(Column::phone, Reason::bad_phone);
      if (std::ranges::find(said.phones, *digits) == said.phones.end())
        said.phones.push_back(std::move(*digits));
    }
    return true;
  }

  // The same row twice is harmless; the same number with other content is somebody's mistake.
  bool is_first(const Said& said) {
    const auto [seen, first] =
        seen_.try_emplace(std::to_string(said.pupil.school.value) + '/' + said.pupil.number, said_.size());
    if (first) return true;
    const Pupil& other = said_[seen->second].pupil;
    const bool same = other.name == said.pupil.name && other.original_class == said.pupil.original_class &&
                      other.condition == said.pupil.condition;
    if (!same) bench_.problem(Column::pupil_number, Reason::duplicate);
    return false;
  }

  [[nodiscard]] bool names_a_home(const std::string& phone) const {
    return phone.size() >= kFullNumber && shared_.at(phone) <= kMostSiblings;
  }

  void remember(const Said& said, HomeId home) {
    for (const std::string& phone : said.phones) {
      if (names_a_home(phone)) phone_home_.try_emplace(phone, home);
    }
  }

  HomeId home_of(const Said& said) {
    const std::string& code = (*said.row)[Column::home];
    if (const Home* known = bench_.work.home_coded(code)) return known->id;
    if (said.pupil.home && code.empty()) return said.pupil.home;
    for (const std::string& phone : said.phones) {
      if (phone.size() >= kFullNumber && !names_a_home(phone))
        bench_.note(Column::phone, Reason::shared_phone);
      const auto known = phone_home_.find(phone);
      if (code.empty() && known != phone_home_.end()) return known->second;
    }
    const Home made{.id = {bench_.work.next_home()}, .public_id = PublicId::make(), .code = code};
    bench_.put(bench_.touched.homes, made);
    return made.id;
  }

  void mark_phones(HomeId id, const std::vector<std::string>& phones) {
    Home home = *bench_.work.find(id);
    for (const std::string& phone : phones) {
      const std::string_view last_four = std::string_view(phone).substr(phone.size() - 4);
      if (marker_.matches(home, last_four)) continue;
      home.phones.insert(home.phones.begin(), marker_.mark(last_four));
      if (home.phones.size() > kMostPhones) home.phones.pop_back();
      bench_.put(bench_.touched.homes, home);
    }
  }

  Workbench& bench_;
  const PhoneMarker& marker_;
  std::vector<Said> said_;
  std::unordered_map<std::string, std::size_t> seen_;    // school/number → place in said_
  std::unordered_map<std::string, std::size_t> shared_;  // telephone → how many rows have it
  std::unordered_map<std::string, HomeId> phone_home_;   // telephone → home; forgotten with the import
};

}  // namespace

void plan_pupils(Workbench& bench, const std::vector<const Table*>& tables, const PhoneMarker& phones) {
  PupilPlanner planner(bench, phones);
  for (const Table* table : tables) planner.read(*table);
  planner.settle();
}

}  // namespace tongke::school::exchange
