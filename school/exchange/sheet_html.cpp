#include "base/xml_text.hpp"
#include "school/exchange/qr.hpp"
#include "school/exchange/sheet.hpp"

namespace tongke::school::exchange {
namespace {

using base::xml_escaped;
using Cells = std::vector<std::string>;

constexpr std::string_view kStyle =
    "body{font:15px/1.4 sans-serif;margin:12mm}h1{font-size:20px;margin:0}h2{font-size:17px}"
    "section{break-after:page}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:3px 6px;text-align:left}"
    ".cards{display:grid;grid-template-columns:repeat(3,1fr);gap:4mm}"
    ".card{border:1px dashed #999;padding:3mm;text-align:center;break-inside:avoid}"
    ".card svg{width:34mm;height:34mm}.card b{font-size:18px}.card "
    "small{overflow-wrap:anywhere;font-size:9px}";

std::string row_of(const char* tag, const Cells& cells) {
  std::string out = "<tr>";
  for (const std::string& cell : cells) {
    out += '<';
    out += tag;
    out += '>' + xml_escaped(cell) + "</";
    out += tag;
    out += '>';
  }
  return out + "</tr>\n";
}

std::string card_of(const Sheet& sheet, const Cells& cells) {
  const std::string& link = cells.at(*sheet.link_column);
  std::string out = "<div class=\"card\">";
  if (const auto code = QrCode::encode(link)) out += code->svg();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == *sheet.link_column) continue;
    const bool name = i + 1 == *sheet.link_column;
    out += (name ? "<br><b>" : i == 0 ? "<br>" : " ") + xml_escaped(cells[i]) + (name ? "</b>" : "");
  }
  return out + "<br><small>" + xml_escaped(link) + "</small></div>\n";
}

bool same_page(const Sheet& sheet, const Cells& a, const Cells& b) {
  for (const std::size_t column : sheet.page_by) {
    if (a[column] != b[column]) return false;
  }
  return true;
}

std::string page_title(const Sheet& sheet, const Cells& cells) {
  std::string title;
  for (const std::size_t column : sheet.page_by) title += (title.empty() ? "" : " ") + cells[column];
  return title;
}

}  // namespace

std::string to_html(const Sheet& sheet) {
  std::string out =
      "<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta name=\"robots\" "
      "content=\"noindex\"><title>" +
      xml_escaped(sheet.title) + "</title><style>";
  out += kStyle;
  out += "</style></head><body>\n";
  const bool cards = sheet.link_column.has_value();
  for (std::size_t i = 0; i < sheet.rows.size();) {
    const Cells& first = sheet.rows[i];
    out += "<section><h1>" + xml_escaped(sheet.title) + "</h1><h2>" + xml_escaped(page_title(sheet, first)) +
           "</h2>\n";
    if (!sheet.hint.empty()) out += "<p>" + xml_escaped(sheet.hint) + "</p>\n";
    out += cards ? "<div class=\"cards\">\n" : "<table>\n" + row_of("th", sheet.header);
    for (; i < sheet.rows.size() && same_page(sheet, first, sheet.rows[i]); ++i) {
      out += cards ? card_of(sheet, sheet.rows[i]) : row_of("td", sheet.rows[i]);
    }
    out += cards ? "</div></section>\n" : "</table></section>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace tongke::school::exchange
