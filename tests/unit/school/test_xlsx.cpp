#include <zip.h>

#include <fstream>
#include <iterator>
#include <map>

#include "school/exchange/rows.hpp"
#include "school/exchange/sheet.hpp"
#include "school/exchange/table.hpp"
#include "school/exchange/xlsx/archive.hpp"
#include "school/exchange/xlsx/number.hpp"
#include "school/exchange/xlsx/sheet_reader.hpp"
#include "school/exchange/xlsx/workbook.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::school::exchange;

namespace {

using Fields = std::vector<std::string>;

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(FIXTURES) + "/rosters/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<CsvRow> rows_of(const std::string& bytes) {
  auto read = xlsx::read_workbook(base::as_bytes(bytes));
  INFO((read ? std::string() : read.error().message));
  REQUIRE(read);
  return std::move(*read);
}

/// A zip file of these entries.
std::string zipped(const std::map<std::string, std::string>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const out = zip_source_buffer_create(nullptr, 0, 0, &error);
  REQUIRE(out);
  zip_source_keep(out);
  zip_t* const archive = zip_open_from_source(out, ZIP_TRUNCATE, &error);
  REQUIRE(archive);
  for (const auto& [name, text] : entries) {
    zip_source_t* const in = zip_source_buffer(archive, text.data(), text.size(), 0);
    REQUIRE(zip_file_add(archive, name.c_str(), in, ZIP_FL_ENC_UTF_8) >= 0);
  }
  REQUIRE(zip_close(archive) == 0);
  REQUIRE(zip_source_open(out) == 0);
  std::string bytes;
  std::array<char, 4096> piece{};
  for (zip_int64_t got = 0; (got = zip_source_read(out, piece.data(), piece.size())) > 0;)
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  zip_source_close(out);
  zip_source_free(out);
  return bytes;
}

std::map<std::string, std::string> workbook(const std::string& sheet, const std::string& strings = "<sst/>") {
  return {{"xl/workbook.xml",
           R"(<workbook xmlns:r="r"><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>)"},
          {"xl/_rels/workbook.xml.rels",
           R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)"},
          {"xl/sharedStrings.xml", strings},
          {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>"}};
}

}  // namespace

TEST_CASE("xlsx: a roster as LibreOffice saves it is the roster") {
  const auto bytes = fixture("libreoffice-pupils.xlsx");
  const auto rows = rows_of(bytes);
  REQUIRE(rows.size() == 5);
  CHECK(rows[2] == CsvRow{3, {"七年级", "1班", "20260101", "李明", "13904510001"}});
  CHECK(rows[3].fields.at(3) == "张,芳");
  CHECK(rows[3].fields.at(5) == "两\n行");
  const auto table = read_table("名单.xlsx", base::as_bytes(bytes));
  REQUIRE(table);
  CHECK(table->kind == Kind::pupils);
  CHECK(table->encoding == "XLSX");
  REQUIRE(table->rows.size() == 3);
  CHECK(table->rows[2].line == 5);
  CHECK(table->rows[2][Column::pupil_number] == "20260203");
}

TEST_CASE("xlsx: the first visible sheet with anything in it, cells as they are shown") {
  const auto rows = rows_of(fixture("openpyxl-timetable.xlsx"));
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].fields.front() == "班级");
  CHECK(rows[1].fields == Fields{"7(1)", "2026-09-01", "1", "10:00-10:20", "数学", "王老师", "认识负数",
                                 "备好纸笔", "随堂检测"});
  CHECK(rows[2].fields.at(1) == "2026-09-02 08:30");
  CHECK(rows[2].fields.at(3) == "10:40");
  CHECK(rows[3].line == 5);
  CHECK(rows[3].fields.at(10) == "2.30102201501011E+17");
  CHECK(rows[3].fields.at(11) == "1.5");
  CHECK(rows[3].fields.at(12).empty());  // a formula that nobody has worked out
  CHECK(rows[3].fields.at(13) == "2026-09-01 08:00");
  CHECK(rows[3].fields.at(14) == "10:30");
  CHECK(rows[3].fields.at(15) == "<&\"引号\">");
}

TEST_CASE("xlsx: what is exported comes in again") {
  Sheet sheet{.title = "名单"};
  sheet.header = {"年级", "班级", "学号", "姓名"};
  sheet.rows = {{"3", "1", "007", "甲"}, {"3", "2", "20260102", "乙 丙"}};
  const auto bytes = sheet_bytes(sheet, Format::xlsx);
  REQUIRE(bytes);
  const auto table = read_table("a.xlsx", base::as_bytes(*bytes));
  REQUIRE(table);
  REQUIRE(table->rows.size() == 2);
  CHECK(table->rows[0][Column::pupil_number] == "007");
  CHECK(table->rows[1][Column::name] == "乙 丙");
}

TEST_CASE("xlsx: numbers are written as their format shows them") {
  struct Case {
    const char* number;
    const char* format;
    const char* text;
  };
  const auto [number, format, text] = GENERATE(values<Case>({
      {"46266", "yyyy\\-mm\\-dd", "2026-09-01"},
      {"46266", "yyyy\"年\"m\"月\"d\"日\"", "2026-09-01"},
      {"46266", "m/d/yy h:mm", "2026-09-01"},
      {"46266.5", "[$-804]yyyy/m/d h:mm;@", "2026-09-01 12:00"},
      {"0.333333333333333", "h:mm", "08:00"},
      {"0.99999999999", "h:mm:ss", "00:00"},
      {"1.25", "[h]:mm", "06:00"},
      {"0.5", "m\"月\"", "1899-12-30"},
      {"3", "General", "3"},
      {"3", "General\"日\"", "3"},
      {"-2.5", "0.00", "-2.5"},
      {"20260101", "@", "20260101"},
      {"7", "[Red]0", "7"},
      {"7", "\\d0", "7"},
      {"123456789012345", "0", "123456789012345"},
      {"1.3904510001E10", "0", "13904510001"},
      {"230102201501011234", "0", "2.30102201501011E+17"},
      {"-1", "yyyy", "-1"},
      {"9999999", "yyyy", "9999999"},
      {"nan", "0", "nan"},
      {"12x", "0", "12x"},
      {"", "yyyy", ""},
  }));
  CHECK(xlsx::number_text(number, xlsx::show_of(format), false) == text);
}

TEST_CASE("xlsx: days count from 1904 where the workbook says so; built-in formats are known") {
  CHECK(xlsx::number_text("44804", xlsx::Show::date, true) == "2026-09-01");
  CHECK(xlsx::show_of(14U) == xlsx::Show::date);
  CHECK(xlsx::show_of(22U) == xlsx::Show::moment);
  CHECK(xlsx::show_of(20U) == xlsx::Show::time);
  CHECK(xlsx::show_of(31U) == xlsx::Show::date);
  CHECK(xlsx::show_of(2U) == xlsx::Show::number);
  CHECK(xlsx::column_of("A7") == 1);
  CHECK(xlsx::column_of("AB1") == 28);
  CHECK(xlsx::column_of("7") == 0);
}

TEST_CASE("xlsx: cells without names, styles or values, and rows out of order") {
  const auto rows = rows_of(zipped(workbook(
      R"(<row><c t="inlineStr"><is><r><t>一</t></r><r><t>二</t></r><rPh><t>音</t></rPh></is></c><c/><c t="s"><v>1</v></c></row>)"
      R"(<row r="9"><c r="B9" t="b"><v>1</v></c><c r="ZZZ9"><v>5</v></c><c r="A9" s="77"><v>4</v></c></row>)"
      R"(<row r="2"><c t="e"><v>#N/A</v></c><c t="s"><v>99</v></c></row><row r="99999999999"><c t="str"><v>x</v></c></row><row r="12"/>)",
      R"(<sst><si><t>a</t></si><si><t>b</t><rPh><t>音</t></rPh></si></sst>)")));
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == CsvRow{1, {"一二", "", "b"}});
  CHECK(rows[1] == CsvRow{9, {"4", "1"}});
  CHECK(rows[2] == CsvRow{10, {"#N/A"}});
  CHECK(rows[3] == CsvRow{11, {"x"}});
}

TEST_CASE("xlsx: what is no workbook, or means harm, is refused") {
  const auto refused = [](const std::string& bytes) { return !xlsx::read_workbook(base::as_bytes(bytes)); };
  const std::string good = fixture("libreoffice-pupils.xlsx");
  CHECK(refused("PK\x03\x04"));
  CHECK(refused(good.substr(0, good.size() / 2)));
  CHECK(refused(zipped({{"word/document.xml", "<w/>"}})));
  CHECK(refused(zipped(workbook(""))));
  CHECK(refused(zipped(workbook("<row><c>"))));
  auto entities = workbook("<row><c><v>&a;</v></c></row>");
  entities["xl/worksheets/sheet1.xml"].insert(0, R"(<!DOCTYPE x [<!ENTITY a "b">]>)");
  CHECK(refused(zipped(entities)));
  // One long string in every cell.
  std::string cells = "<row>";
  for (int i = 0; i < 200; ++i) cells += R"(<c t="s"><v>0</v></c>)";
  CHECK(refused(
      zipped(workbook(cells + "</row>", "<sst><si><t>" + std::string(1U << 20U, 'a') + "</t></si></sst>"))));
  // A megabyte that says it is a quarter of a gigabyte.
  auto bomb = workbook("<row/>");
  bomb["xl/sharedStrings.xml"] = std::string(xlsx::Archive::kMaxUnpacked + 1, ' ');
  CHECK(refused(zipped(bomb)));
  CHECK_FALSE(read_rows(base::as_bytes(std::string("\xD0\xCF\x11\xE0old"))));
}
