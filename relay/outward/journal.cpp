#include "relay/outward/journal.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "school/timetable/when.hpp"

namespace tongke::relay::outward {
namespace {

namespace tt = school::timetable;
using base::Result;
using base::WallTime;
using nlohmann::json;

constexpr std::chrono::hours kKeep{24};
constexpr std::chrono::hours kDay{24};
constexpr std::chrono::minutes kRecent{1};

std::string name_of(WallTime day) { return tt::format_date(tt::Zone{tt::Minutes(0)}.local(day).date); }

std::string line_of(const json& line) { return line.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Strings of an array; what else is in it is left out.
std::vector<std::string> strings(const json& from, const char* field) {
  std::vector<std::string> out;
  const auto found = from.find(field);
  if (found == from.end() || !found->is_array()) return out;
  for (const auto& one : *found)
    if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}

using Done = std::set<std::pair<std::string, std::string>>;  // receiver and notice

void read_settled(const json& line, WallTime now, Journal::Kept& kept, Done& done) {
  const auto receiver = line.find("from");
  const auto at = line.find("at");
  if (receiver == line.end() || !receiver->is_string() || at == line.end() || !at->is_number_integer())
    return;
  for (auto& id : strings(line, "ids")) done.emplace(receiver->get<std::string>(), std::move(id));
  const WallTime when{std::chrono::milliseconds(at->get<std::int64_t>())};
  if (when <= now && when > now - kRecent) kept.sent[receiver->get<std::string>()].push_back(when);
}

}  // namespace

Journal::Kept read_journal(std::string_view lines, WallTime now, std::chrono::milliseconds keep) {
  Journal::Kept kept;
  Done done;
  std::vector<std::vector<std::string>> to;  // of each notice told
  while (!lines.empty()) {
    const std::string_view text = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), text.size() + 1));
    const json line = json::parse(text, nullptr, false);
    if (!line.is_object()) continue;
    if (line.contains("from")) {
      read_settled(line, now, kept, done);
    } else if (auto notice = notice_from(line.value("notice", json()))) {
      kept.told.push_back(std::move(*notice));
      to.push_back(strings(line, "to"));
    }
  }
  for (std::size_t i = 0; i < kept.told.size(); ++i) {
    const Notice& notice = kept.told[i];
    if (notice.at <= now - keep) continue;
    for (const auto& receiver : to[i])
      if (!done.contains({receiver, notice.id})) kept.waiting[receiver].push_back(notice);
  }
  return kept;
}

Result<Journal::Kept> Journal::open(WallTime now) {
  prune(now);
  std::string lines;
  for (const WallTime day : {now - kDay, now}) {
    auto text = log_.read(name_of(day));
    if (!text) return std::move(text).error();
    lines += *text;
  }
  return read_journal(lines, now, kKeep);
}

void Journal::told(const Notice& notice, const std::vector<std::string>& receivers) {
  // A full queue is counted by the log itself, and costs a repeat after a restart.
  (void)log_.append(name_of(notice.at), line_of({{"to", receivers}, {"notice", to_json(notice)}}));
}

void Journal::settled(const std::string& receiver, const std::vector<std::string>& ids, WallTime at) {
  (void)log_.append(name_of(at),
                    line_of({{"from", receiver}, {"at", at.time_since_epoch().count()}, {"ids", ids}}));
}

void Journal::prune(WallTime now) const {
  const auto names = log_.names();
  if (!names) return;
  std::error_code ignored;
  for (const auto& name : *names)
    if (tt::parse_date(name) && name < name_of(now - kDay)) std::filesystem::remove(folder_ / name, ignored);
}

}  // namespace tongke::relay::outward
