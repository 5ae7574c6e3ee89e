#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "school/people/directory.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {

/// A list to hand out: the same for a spreadsheet, a program and a printer.
struct Sheet {
  std::string title = {};
  std::string hint = {};  ///< one sentence under the title of printed pages
  std::vector<std::string> header = {};
  std::vector<std::vector<std::string>> rows = {};
  /// Rows that agree in these columns print on pages of their own (a class).
  std::vector<std::size_t> page_by = {};
  /// Printed as a QR code; the sheet is then cards to cut out, not a table.
  std::optional<std::size_t> link_column = std::nullopt;
};

/// Whom a sheet is about; everything unset is everybody. Who has left is on no sheet.
struct SheetScope {
  people::SchoolId school = {};
  people::ClassId original_class = {};
  const std::vector<people::PupilId>* only = nullptr;  ///< sorted
};

/// Makes a pupil's personal address.
using LinkMaker = std::function<std::string(const people::Pupil&)>;

/// The roster, with the headers that an import understands: what is exported can be imported,
/// and changes nothing. Telephones are not on it; only their hash is kept.
[[nodiscard]] Sheet roster_sheet(const people::Directory& people, const SheetScope& scope, Language language);
/// One link a pupil.
[[nodiscard]] Sheet link_sheet(const people::Directory& people, const SheetScope& scope,
                               const LinkMaker& link, Language language);

/// Makes a member of staff's personal address.
using StaffLinkMaker = std::function<std::string(const people::Staff&)>;
/// One link for each of a school's staff: to their lessons, whichever they lead or sit beside.
[[nodiscard]] Sheet staff_link_sheet(const people::Directory& people, people::SchoolId school,
                                     const StaffLinkMaker& link, Language language);

enum class Format { csv, xlsx, html };
[[nodiscard]] std::optional<Format> format_of(const std::filesystem::path& file);

/// UTF-8 with byte order mark, which spreadsheets need to read Chinese; cells that a spreadsheet
/// would take for formulas begin with an apostrophe.
[[nodiscard]] std::string to_csv(const Sheet& sheet);
/// One page that stands alone, printable on A4.
[[nodiscard]] std::string to_html(const Sheet& sheet);
/// The sheet as a file's content.  @errors io: a spreadsheet is made in the temporary folder
[[nodiscard]] base::Result<std::string> sheet_bytes(const Sheet& sheet, Format format);
/// Writes the sheet, readable by its owner only: it names children.  @errors io
[[nodiscard]] base::Result<void> write_sheet(const Sheet& sheet, Format format,
                                             const std::filesystem::path& file);

}  // namespace tongke::school::exchange
