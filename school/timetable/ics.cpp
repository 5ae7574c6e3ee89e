#include <array>
#include <cstdio>

#include "school/timetable/programme.hpp"

namespace tongke::school::timetable {
namespace {

constexpr std::size_t kLineOctets = 75;  // RFC 5545 section 3.1, without the line break

/// A value of type TEXT (RFC 5545 section 3.3.11).
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\':
      case ';':
      case ',':
        out += '\\';
        out += c;
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    }
  }
  return out;
}

/// Adds a content line, folded so that no line is over 75 octets and no character is cut.
void add(std::string& out, std::string_view line) {
  std::size_t room = kLineOctets;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
    if (cut == 0) cut = room;  // not UTF-8: anywhere
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kLineOctets - 1;  // the space counts
  }
  out.append(line).append("\r\n");
}

std::string utc(base::WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

bool belongs_in_a_calendar(const Entry& entry) {
  return entry.delivery == Delivery::live && entry.kind != Kind::rest && entry.kind != Kind::eye &&
         entry.kind != Kind::exercise;
}

std::string description(const Entry& entry, Language language) {
  std::string out;
  const auto add_line = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    if (!out.empty()) out += '\n';
    out += label(key, language) + ": " + value;
  };
  add_line("lead", entry.lead);
  add_line("goal", entry.goal);
  add_line("advice", entry.advice);
  return out;
}

}  // namespace

std::string to_ics(const Programme& programme, Zone zone, base::WallTime made, std::string_view domain,
                   Language language) {
  std::string out;
  add(out, "BEGIN:VCALENDAR");
  add(out, "VERSION:2.0");
  add(out, "PRODID:-//Tongke//Timetable//ZH");
  add(out, "CALSCALE:GREGORIAN");
  add(out, "METHOD:PUBLISH");
  add(out, "X-WR-CALNAME:" + escaped(programme.title));
  for (const Entry& entry : programme.entries) {
    if (!belongs_in_a_calendar(entry)) continue;
    add(out, "BEGIN:VEVENT");
    add(out, "UID:" + escaped(programme.id) + "." + std::to_string(entry.id.value) + "." +
                 format_date(entry.date) + "@" + escaped(domain));
    add(out, "DTSTAMP:" + utc(made));
    add(out, "DTSTART:" + utc(zone.wall(entry.date, entry.start)));
    add(out, "DTEND:" + utc(zone.wall(entry.date, entry.end())));
    add(out, "SUMMARY:" + escaped(title_of(entry, language)));
    const std::string text = description(entry, language);
    if (!text.empty()) add(out, "DESCRIPTION:" + escaped(text));
    add(out, "CATEGORIES:" + escaped(label("kind." + std::string(to_string(entry.kind)), language)));
    add(out, "END:VEVENT");
  }
  add(out, "END:VCALENDAR");
  return out;
}

}  // namespace tongke::school::timetable
