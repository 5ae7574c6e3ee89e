#include "base/xml_text.hpp"
#include "school/timetable/programme.hpp"
#include "school/timetable/text_pieces.hpp"

namespace tongke::school::timetable {
namespace {

using base::xml_escaped;

std::string digits(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c >= '0' && c <= '9') out += c;
  return out;
}

/// "20260302080000 +0800"; 24:00 is midnight of the next day.
std::string stamp(Date date, Minutes time, Zone zone) {
  const std::chrono::hours day(24);
  if (time >= day) return stamp(date + std::chrono::days(1), time - day, zone);
  std::string offset = format_zone(zone);
  offset.erase(offset.find(':'), 1);
  return digits(format_date(date)) + digits(format_time(time)) + "00 " + offset;
}

std::string element(std::string_view name, const std::string& text, std::string_view attributes = {}) {
  std::string out = "    <";
  out.append(name).append(attributes).append(">").append(xml_escaped(text)).append("</");
  return out.append(name).append(">\n");
}

/// Elements in the order the DTD wants: title, desc, credits, category.
std::string programme_element(const std::string& channel, const Entry& entry, Zone zone) {
  constexpr std::string_view kZh = " lang=\"zh\"";
  std::string out = "  <programme start=\"" + stamp(entry.date, entry.start, zone) + "\" stop=\"" +
                    stamp(entry.date, entry.end(), zone) + "\" channel=\"" + xml_escaped(channel) + "\">\n";
  out += element("title", title_of(entry, Language::zh), kZh);
  if (entry.subject.empty()) out += element("title", title_of(entry, Language::en), " lang=\"en\"");
  if (!entry.goal.empty()) out += element("desc", entry.goal, kZh);
  if (!entry.lead.empty())
    out += "    <credits><presenter>" + xml_escaped(entry.lead) + "</presenter></credits>\n";
  const std::string kind = "kind." + std::string(to_string(entry.kind));
  out += element("category", label(kind, Language::zh), kZh);
  out += element("category", label(kind, Language::en), " lang=\"en\"");
  return out + "  </programme>\n";
}

}  // namespace

std::string to_xmltv(std::span<const Programme> channels, Zone zone) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tv SYSTEM \"xmltv.dtd\">\n"
      "<tv generator-info-name=\"Tongke\">\n";
  for (const Programme& channel : channels) {
    out += "  <channel id=\"" + xml_escaped(channel.id) + "\">\n" +
           element("display-name", channel.title, " lang=\"zh\"") + "  </channel>\n";
  }
  for (const Programme& channel : channels)
    for (const Entry& entry : channel.entries)
      if (entry.delivery == Delivery::live) out += programme_element(channel.id, entry, zone);
  return out + "</tv>\n";
}

}  // namespace tongke::school::timetable
