#include <algorithm>
#include <map>

#include "base/xml_text.hpp"
#include "school/timetable/programme.hpp"
#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

using base::xml_escaped;

using Times = std::pair<Minutes, Minutes>;

constexpr std::string_view kCss = R"(@page { size: A4 landscape; margin: 10mm }
body { font: 11pt/1.3 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #000; margin: 0 }
h1 { font-size: 18pt; margin: 0 0 2mm }
p { margin: 0 0 3mm }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { border: 0.3mm solid #444; padding: 1.2mm 1.5mm; vertical-align: top; text-align: left; overflow-wrap: anywhere }
th { background: #eee; -webkit-print-color-adjust: exact; print-color-adjust: exact }
th.time { width: 24mm }
tr { break-inside: avoid }
thead { display: table-header-group }
.what { font-weight: bold }
.goal, .lead { font-size: 9pt; display: block }
.pause { color: #444 }
footer { margin-top: 3mm; font-size: 9pt }
@media screen { body { padding: 4mm; max-width: 297mm } }
)";

/// The days to print: Monday to Friday, and the weekend where something is on it.
std::vector<Date> days(const Programme& programme, Week week) {
  std::vector<Date> out;
  for (int i = 0; i < 7; ++i) {
    const Date date = week.monday + std::chrono::days(i);
    const bool used = std::ranges::find(programme.entries, date, &Entry::date) != programme.entries.end();
    if (i < 5 || used) out.push_back(date);
  }
  return out;
}

std::string described(const Entry& entry, Language language) {
  std::string out = is_pause(entry.kind) ? R"(<div class="pause">)" : "<div>";
  out += R"(<span class="what">)" + xml_escaped(title_of(entry, language)) + "</span>";
  if (entry.delivery != Delivery::live)
    out += " (" + xml_escaped(label("delivery." + std::string(to_string(entry.delivery)), language)) + ")";
  if (!entry.lead.empty()) out += R"( <span class="lead">)" + xml_escaped(entry.lead) + "</span>";
  if (!entry.goal.empty()) out += R"( <span class="goal">)" + xml_escaped(entry.goal) + "</span>";
  return out + "</div>";
}

std::string head(const Programme& programme, Week week, Language language, std::string_view stylesheet) {
  const std::string title = xml_escaped(programme.title);
  std::string out = "<!DOCTYPE html>\n<html lang=\"";
  out += language == Language::zh ? "zh-CN" : "en";
  out += "\">\n<head><meta charset=\"utf-8\"/><title>" + title + "</title>";
  if (stylesheet.empty()) {
    out.append("<style>\n").append(kCss).append("</style>");
  } else {
    out.append(R"(<link rel="stylesheet" href=")").append(xml_escaped(stylesheet)).append(R"("/>)");
  }
  out += "</head>\n<body>\n<h1>" + title + "</h1>\n<p>" + format_date(week.monday) + " – " +
         format_date(week.monday + std::chrono::days(6)) + "</p>\n";
  return out;
}

/// A row of the table: a cell for each day, holding the entries that `in_row` takes.
template <class InRow>
std::string row(const Programme& programme, const std::vector<Date>& columns, const std::string& name,
                Language language, InRow in_row) {
  std::string out = R"(<tr><th class="time" scope="row">)" + name + "</th>";
  for (const Date date : columns) {
    out += "<td>";
    for (const Entry& entry : programme.entries)
      if (entry.date == date && in_row(entry)) out += described(entry, language);
    out += "</td>";
  }
  return out + "</tr>\n";
}

}  // namespace

std::string_view print_css() { return kCss; }

std::string to_html(const Programme& programme, Week week, Language language, std::string_view stylesheet) {
  const std::vector<Date> columns = days(programme, week);
  std::string out = head(programme, week, language, stylesheet);
  out +=
      R"(<table><thead><tr><th class="time" scope="col">)" + xml_escaped(label("time", language)) + "</th>";
  for (const Date date : columns) {
    const std::string day = label("day." + std::to_string(iso_day(Weekday(date))), language);
    out += R"(<th scope="col">)" + xml_escaped(day) + " " + format_date(date).substr(5) + "</th>";
  }
  out += "</tr></thead>\n<tbody>\n";
  std::map<Times, bool> times;
  bool any_time = false;
  for (const Entry& entry : programme.entries) {
    if (entry.delivery == Delivery::live) times[{entry.start, entry.end()}] = true;
    any_time |= entry.delivery != Delivery::live;
  }
  for (const auto& [time, used] : times) {
    out += row(programme, columns, format_time(time.first) + "–" + format_time(time.second), language,
               [&time = time](const Entry& e) {
                 return e.delivery == Delivery::live && Times(e.start, e.end()) == time;
               });
  }
  if (any_time) {
    out += row(programme, columns, xml_escaped(label("any_time", language)), language,
               [](const Entry& e) { return e.delivery != Delivery::live; });
  }
  out +=
      "</tbody></table>\n<footer>" + xml_escaped(label("free", language)) + "</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace tongke::school::timetable
