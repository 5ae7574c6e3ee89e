#include "school/exchange/sheet.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/fd.hpp"
#include "base/file_io.hpp"
#include "school/exchange/csv.hpp"
#include "school/exchange/names.hpp"
#include "school/exchange/report.hpp"

namespace tongke::school::exchange {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using namespace people;

constexpr double kColumnWidth = 16;

Error failed(const std::filesystem::path& file) {
  return Error{Errc::io, file.string() + ": " + std::strerror(errno)};
}

std::string word(const char* prefix, std::string_view key, Language language) {
  return text(std::string(prefix) += key, language);
}

std::vector<std::string> headers(const std::vector<Column>& columns, Language language) {
  std::vector<std::string> out;
  for (const Column column : columns) out.push_back(word("column.", to_string(column), language));
  return out;
}

// By school, grade, class and number, as registers are kept.
std::vector<const Pupil*> pupils_in(const Directory& people, const SheetScope& scope) {
  std::vector<const Pupil*> pupils;
  for (const Pupil& pupil : people.pupils()) {
    const bool wanted = pupil.id && pupil.standing == Standing::active &&
                        (!scope.school || pupil.school == scope.school) &&
                        (!scope.original_class || pupil.original_class == scope.original_class) &&
                        (!scope.only || std::ranges::binary_search(*scope.only, pupil.id));
    if (wanted) pupils.push_back(&pupil);
  }
  const auto place = [&](const Pupil* pupil) {
    const Class& in = *people.find(pupil->original_class);
    return std::tuple(pupil->school, in.grade, in.number, std::string_view(pupil->number));
  };
  std::ranges::sort(pupils, [&](const Pupil* a, const Pupil* b) { return place(a) < place(b); });
  return pupils;
}

Result<void> write_bytes(const std::string& bytes, const std::filesystem::path& file) {
  const base::Fd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out) return failed(file);
  return base::write_all(out.get(), base::as_bytes(bytes)) ? Result<void>() : failed(file);
}

Result<void> write_xlsx(const Sheet& sheet, const std::filesystem::path& file) {
  if (auto ok = write_bytes({}, file); !ok) return ok;  // the library would make it readable by all
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  lxw_worksheet* page = book ? workbook_add_worksheet(book, nullptr) : nullptr;
  if (!page) return Error{Errc::io, file.string() + ": cannot be written"};
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  worksheet_set_column(page, 0, static_cast<lxw_col_t>(sheet.header.size()), kColumnWidth, nullptr);
  worksheet_freeze_panes(page, 1, 0);
  const auto write_row = [&](lxw_row_t at, const std::vector<std::string>& cells, lxw_format* format) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      worksheet_write_string(page, at, static_cast<lxw_col_t>(i), cells[i].c_str(), format);
    }
  };
  write_row(0, sheet.header, bold);
  lxw_row_t at = 1;
  for (const auto& row : sheet.rows) write_row(at++, row, nullptr);
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
    return Error{Errc::io, file.string() + ": " + lxw_strerror(error)};
  }
  return {};
}

}  // namespace

Sheet roster_sheet(const Directory& people, const SheetScope& scope, Language language) {
  Sheet sheet{.title = text("sheet.roster", language), .page_by = {0, 1, 2}};
  sheet.header = headers({Column::school, Column::grade, Column::class_number, Column::pupil_number,
                          Column::name, Column::condition, Column::home},
                         language);
  for (const Pupil* pupil : pupils_in(people, scope)) {
    const Class& in = *people.find(pupil->original_class);
    sheet.rows.push_back({people.find(pupil->school)->name, std::to_string(in.grade),
                          std::to_string(in.number), pupil->number, pupil->name,
                          word("condition.", to_string(pupil->condition), language),
                          people.find(pupil->home)->code});
  }
  return sheet;
}

Sheet link_sheet(const Directory& people, const SheetScope& scope, const LinkMaker& link, Language language) {
  Sheet sheet{.title = text("sheet.links", language),
              .hint = text("sheet.links.hint", language),
              .page_by = {0, 1},
              .link_column = 4};
  sheet.header =
      headers({Column::school, Column::class_number, Column::pupil_number, Column::name}, language);
  sheet.header.push_back(text("column.link", language));
  for (const Pupil* pupil : pupils_in(people, scope)) {
    const Class& in = *people.find(pupil->original_class);
    sheet.rows.push_back({people.find(pupil->school)->name, class_label({in.grade, in.number}), pupil->number,
                          pupil->name, link(*pupil)});
  }
  return sheet;
}

Sheet staff_link_sheet(const Directory& people, SchoolId school, const StaffLinkMaker& link,
                       Language language) {
  Sheet sheet{.title = text("sheet.staff_links", language),
              .hint = text("sheet.staff_links.hint", language),
              .page_by = {0},
              .link_column = 3};
  sheet.header = headers({Column::school, Column::staff_number, Column::name}, language);
  sheet.header.push_back(text("column.link", language));
  for (const StaffId id : people.staff_of(school)) {
    const Staff& staff = *people.find(id);
    if (staff.standing != Standing::active) continue;
    sheet.rows.push_back({people.find(school)->name, staff.number, staff.name, link(staff)});
  }
  return sheet;
}

std::optional<Format> format_of(const std::filesystem::path& file) {
  const std::string extension = plain(file.extension().string());
  if (extension == ".csv") return Format::csv;
  if (extension == ".xlsx") return Format::xlsx;
  if (extension == ".html") return Format::html;
  return std::nullopt;
}

std::string to_csv(const Sheet& sheet) {
  const auto safe = [](std::vector<std::string> cells) {
    for (std::string& cell : cells) {
      if (!cell.empty() && std::string_view("=+-@").find(cell.front()) != std::string_view::npos)
        cell.insert(0, 1, '\'');
    }
    return cells;
  };
  std::string out = "\xEF\xBB\xBF";
  write_csv_row(out, sheet.header);
  for (const auto& row : sheet.rows) write_csv_row(out, safe(row));
  return out;
}

Result<void> write_sheet(const Sheet& sheet, Format format, const std::filesystem::path& file) {
  if (format == Format::xlsx) return write_xlsx(sheet, file);
  return write_bytes(format == Format::csv ? to_csv(sheet) : to_html(sheet), file);
}

}  // namespace tongke::school::exchange
