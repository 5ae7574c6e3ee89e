#include <fstream>
#include <sstream>

#include "school/exchange/csv.hpp"
#include "school/exchange/planner.hpp"
#include "school/exchange/qr.hpp"
#include "school/exchange/sheet.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using namespace tongke::school::exchange;

namespace {

people::Directory directory() {
  people::Directory people;
  people.apply(test::small_district());
  return people;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return std::move(all).str();
}

}  // namespace

TEST_CASE("sheets: a roster that is exported and imported again changes nothing") {
  const auto people = directory();
  for (const Language language : {Language::zh, Language::en}) {
    const std::string csv = to_csv(roster_sheet(people, {}, language));
    const auto table = read_table("roster.csv", base::as_bytes(csv));
    REQUIRE(table);
    CHECK(table->rows.size() == 9);
    const Plan plan = plan_import(people, {*table}, people::PhoneMarker({}));
    CHECK(plan.report.problems.empty());
    CHECK(plan.changes.empty());
  }
}

TEST_CASE("sheets: only those asked for, in the order of a register") {
  auto people = directory();
  CHECK(roster_sheet(people, {.school = {2}}, Language::zh).rows.size() == 1);
  const auto sheet = roster_sheet(people, {.original_class = {2}}, Language::zh);
  REQUIRE(sheet.rows.size() == 4);
  CHECK(sheet.rows[0][3] == "202305");
  CHECK(sheet.rows[3][3] == "202308");
  const std::vector<people::PupilId> only = {{2}, {9}};
  CHECK(roster_sheet(people, {.only = &only}, Language::zh).rows.size() == 2);
  auto gone = *people.find(people::PupilId{5});
  gone.standing = people::Standing::left;
  people.apply({.pupils = {gone}});
  CHECK(roster_sheet(people, {.original_class = {2}}, Language::zh).rows.size() == 3);
}

TEST_CASE("sheets: a name is never a formula or markup") {
  Sheet sheet{.title = "<t>", .header = {"a", "b"}, .rows = {{"=1+1", "<b>\"x\"&"}, {"-2", "a,b"}}};
  const std::string csv = to_csv(sheet);
  CHECK(csv.find("\r\n'=1+1,") != std::string::npos);
  CHECK(csv.find("\r\n'-2,\"a,b\"\r\n") != std::string::npos);
  const std::string html = to_html(sheet);
  CHECK(html.find("&lt;b&gt;&quot;x&quot;&amp;") != std::string::npos);
  CHECK(html.find("<b>\"x") == std::string::npos);
}

TEST_CASE("sheets: links print as one QR code a pupil, a page a class") {
  const auto people = directory();
  const auto sheet = link_sheet(
      people, {}, [](const people::Pupil& pupil) { return "https://x/w/" + pupil.public_id.str(); },
      Language::zh);
  REQUIRE(sheet.rows.size() == 9);
  const std::string html = to_html(sheet);
  const auto count = [&](std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = html.find(what); at != std::string::npos; at = html.find(what, at + 1)) ++found;
    return found;
  };
  CHECK(count("<svg ") == 9);
  CHECK(count("<section>") == 3);
  CHECK(html.find(people.find(people::PupilId{1})->public_id.view()) != std::string::npos);
  CHECK(html.find("http://") == std::string::npos);  // nothing from elsewhere
}

TEST_CASE("sheets: each of a school's staff who is there has a link of their own") {
  auto people = directory();
  const people::SchoolId school{1};
  const auto before = people.staff_of(school).size();
  const people::Staff here{.id = {90}, .school = school, .number = "T90", .name = "李老师"};
  const people::Staff gone{
      .id = {91}, .school = school, .standing = people::Standing::left, .number = "T91", .name = "赵老师"};
  people.apply({.staff = {here, gone}});
  const auto sheet = staff_link_sheet(
      people, school, [](const people::Staff& staff) { return "https://x/l/" + staff.number; }, Language::zh);
  CHECK(sheet.rows.size() == before + 1);
  const std::string csv = to_csv(sheet);
  CHECK(csv.find("李老师,https://x/l/T90") != std::string::npos);
  CHECK(csv.find("赵老师") == std::string::npos);
}

TEST_CASE("sheets: files are their owner's only, and XLSX is a workbook") {
  const test::TempDir dir;
  const auto sheet = roster_sheet(directory(), {}, Language::zh);
  for (const char* name : {"r.csv", "r.xlsx", "r.html"}) {
    INFO(name);
    const auto file = dir.path() / name;
    REQUIRE(format_of(file));
    REQUIRE(write_sheet(sheet, *format_of(file), file));
    CHECK(std::filesystem::file_size(file) > 300);
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) ==
          std::filesystem::perms::none);
  }
  CHECK(content(dir.path() / "r.xlsx").starts_with("PK\x03\x04"));
  CHECK_FALSE(format_of("r.pdf"));
  CHECK_FALSE(write_sheet(sheet, Format::csv, "/nowhere/r.csv"));
  CHECK_FALSE(write_sheet(sheet, Format::xlsx, "/nowhere/r.xlsx"));
}

TEST_CASE("qr: finder patterns stand where scanners look") {
  const auto code = QrCode::encode("https://live.example.cn/w/abc");
  REQUIRE(code);
  for (int i = 0; i < 7; ++i) {
    CHECK(code->dark(i, 0));
    CHECK(code->dark(0, i));
    CHECK(code->dark(code->size() - 1 - i, 0));
    CHECK(code->dark(i, code->size() - 1));
  }
  CHECK_FALSE(code->dark(7, 7));
  CHECK_FALSE(code->dark(-1, 0));
  CHECK(code->svg().starts_with("<svg viewBox"));
  CHECK_FALSE(QrCode::encode(std::string(4000, 'x')));
}
