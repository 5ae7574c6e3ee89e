#include "school/exchange/xlsx/workbook.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string>

#include "school/exchange/xlsx/archive.hpp"
#include "school/exchange/xlsx/sheet_reader.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange::xlsx {
namespace {

using base::Errc;
using base::Error;
using base::Result;

struct Sheet {
  std::string relation;  ///< names its file
  bool is_visible = true;
};

void ignore_end(std::string_view /*name*/) {}
void ignore_text(std::string_view /*piece*/) {}

/// Reads an entry through; one that is not there is empty.
Result<void> read_part(Archive& archive, const std::string& name, const XmlHandler& handler) {
  const auto part = archive.read(name);
  if (!part) return part.error();
  return *part ? read_xml(**part, handler) : Result<void>();
}

Result<std::vector<Sheet>> read_sheets(Archive& archive, Workbook& workbook) {
  std::vector<Sheet> sheets;
  const auto begin = [&](std::string_view name, const Attributes& attributes) {
    if (name == "sheet")
      sheets.push_back({std::string(attributes["id"]), attributes["state"].substr(0, 4) != "hidd" &&
                                                           attributes["state"].substr(0, 4) != "very"});
    if (name == "workbookPr")
      workbook.is_1904 = attributes["date1904"] == "1" || attributes["date1904"] == "true";
  };
  if (auto read = read_part(archive, "xl/workbook.xml", {begin, ignore_end, ignore_text}); !read)
    return std::move(read).error();
  return sheets;
}

/// Files by what sheets call them, seen from the archive's root.
Result<std::map<std::string, std::string>> read_relations(Archive& archive) {
  std::map<std::string, std::string> files;
  const auto begin = [&](std::string_view name, const Attributes& attributes) {
    if (name != "Relationship") return;
    const std::string_view target = attributes["Target"];
    files[std::string(attributes["Id"])] =
        target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
  };
  if (auto read = read_part(archive, "xl/_rels/workbook.xml.rels", {begin, ignore_end, ignore_text}); !read)
    return std::move(read).error();
  return files;
}

Result<void> read_strings(Archive& archive, Workbook& workbook) {
  bool in_text = false;
  bool in_sound = false;
  const auto begin = [&](std::string_view name, const Attributes& /*attributes*/) {
    if (name == "si") workbook.strings.emplace_back();
    if (name == "rPh") in_sound = true;
    if (name == "t") in_text = !in_sound && !workbook.strings.empty();
  };
  const auto end = [&](std::string_view name) {
    if (name == "rPh") in_sound = false;
    if (name == "t") in_text = false;
  };
  const auto piece = [&](std::string_view text) {
    if (in_text) workbook.strings.back() += text;
  };
  return read_part(archive, "xl/sharedStrings.xml", {begin, end, piece});
}

Result<void> read_styles(Archive& archive, Workbook& workbook) {
  std::map<std::string, Show, std::less<>> own;  // by the format's number
  bool in_cells = false;
  const auto begin = [&](std::string_view name, const Attributes& attributes) {
    if (name == "numFmt") own.emplace(attributes["numFmtId"], show_of(attributes["formatCode"]));
    if (name == "cellXfs") in_cells = true;
    if (name != "xf" || !in_cells) return;
    const std::string_view number = attributes["numFmtId"];
    const auto found = own.find(number);
    unsigned builtin = 0;
    std::from_chars(number.data(), number.data() + number.size(), builtin);
    workbook.shows.push_back(found == own.end() ? show_of(builtin) : found->second);
  };
  const auto end = [&](std::string_view name) {
    if (name == "cellXfs") in_cells = false;
  };
  return read_part(archive, "xl/styles.xml", {begin, end, ignore_text});
}

Result<std::vector<CsvRow>> read_sheet(Archive& archive, const Workbook& workbook, const std::string& file) {
  SheetReader reader(workbook);
  if (auto read = read_part(archive, file, reader.handler()); !read) return std::move(read).error();
  if (reader.is_too_large()) return Error{Errc::invalid, text("import.too_large")};
  return reader.take_rows();
}

}  // namespace

bool is_workbook(base::ByteView bytes) noexcept { return base::as_text(bytes).starts_with("PK\x03\x04"); }

Result<std::vector<CsvRow>> read_workbook(base::ByteView bytes) {
  auto archive = Archive::open(bytes);
  if (!archive) return std::move(archive).error();
  Workbook workbook;
  const auto sheets = read_sheets(*archive, workbook);
  if (!sheets) return sheets.error();
  const auto files = read_relations(*archive);
  if (!files) return files.error();
  if (auto read = read_strings(*archive, workbook); !read) return std::move(read).error();
  if (auto read = read_styles(*archive, workbook); !read) return std::move(read).error();
  for (const Sheet& sheet : *sheets) {
    const auto file = files->find(sheet.relation);
    if (!sheet.is_visible || file == files->end()) continue;
    auto rows = read_sheet(*archive, workbook, file->second);
    if (!rows || !rows->empty()) return rows;
  }
  return Error{Errc::invalid, text(sheets->empty() ? "import.damaged_workbook" : "import.empty_workbook")};
}

}  // namespace tongke::school::exchange::xlsx
