#include "signaling/class_work.hpp"

#include <algorithm>
#include <charconv>

namespace tongke::signaling {

using protocol::Answer;
using protocol::Ask;
using protocol::CheckItem;
using protocol::ItemTally;
using protocol::Reply;

namespace {

constexpr std::uint32_t kEverySeat = UINT32_MAX;

/// The next word of a line.
std::string_view word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  const std::string_view found = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return found;
}

template <class Number>
bool take(std::string_view& rest, Number& out) {
  const std::string_view text = word(rest);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Reply> read_reply(std::string_view text) {
  Reply reply;
  if (text.starts_with('c')) {
    text.remove_prefix(1);
    if (!take(text, reply.choices)) return std::nullopt;
    return reply;
  }
  if (!text.starts_with('n')) return std::nullopt;
  auto number = protocol::tidy_number(text.substr(1));
  if (!number) return std::nullopt;
  reply.number = std::move(*number);
  return reply;
}

void count(ItemTally& tally, const Reply& reply, std::map<std::string, std::uint32_t>& numbers) {
  if (reply == Reply{}) return;
  ++tally.answered;
  if (tally.kind == Ask::number) {
    ++numbers[reply.number];
    return;
  }
  for (std::size_t i = 0; i < tally.choices.size(); ++i) tally.choices[i] += (reply.choices >> i) & 1U;
}

}  // namespace

void ClassWork::ask(std::uint64_t id, Room room, std::vector<CheckItem> items) {
  checks_.insert_or_assign(id, Check{room, std::move(items), {}});
}

bool ClassWork::call(Room room) {
  if (called_everywhere_ || (room ? called_rooms_.contains(*room) : !called_rooms_.empty())) return false;
  if (room) {
    called_rooms_.insert(*room);
  } else {
    called_everywhere_ = true;
  }
  return true;
}

const CheckItem* ClassWork::find(std::uint64_t check, std::uint8_t item, std::uint16_t room) const {
  const auto found = checks_.find(check);
  if (found == checks_.end() || item >= found->second.items.size()) return nullptr;
  return found->second.room.value_or(room) == room ? &found->second.items[item] : nullptr;
}

void ClassWork::answer(std::uint16_t room, std::uint32_t seat, const Answer& answer) {
  Reply& kept = checks_.at(answer.check).replies[{room, seat}].at(answer.item);
  if (kept == answer.reply) return;
  kept = answer.reply;
  changed_[{answer.check, room, answer.item}].insert(seat);
}

std::optional<bool> ClassWork::right(const Answer& answer) const {
  const auto& key = checks_.at(answer.check).items.at(answer.item).right;
  return key ? std::optional(*key == answer.reply) : std::nullopt;
}

std::vector<Answer> ClassWork::of_seat(std::uint16_t room, std::uint32_t seat) const {
  std::vector<Answer> mine;
  for (const auto& [id, check] : checks_) {
    const auto replies = check.replies.find({room, seat});
    if (replies == check.replies.end()) continue;
    for (std::uint8_t item = 0; item < check.items.size(); ++item) {
      const Reply& reply = replies->second.at(item);
      if (!(reply == Reply{})) mine.push_back({id, item, reply});
    }
  }
  return mine;
}

std::vector<std::uint64_t> ClassWork::asked(std::uint16_t room) const {
  std::vector<std::uint64_t> ids;
  for (const auto& [id, check] : checks_) {
    if (check.room.value_or(room) == room) ids.push_back(id);
  }
  return ids;
}

std::vector<ItemTally> ClassWork::tally(std::uint64_t id, std::uint16_t room) const {
  const Check& check = checks_.at(id);
  std::vector<ItemTally> tallies;
  for (std::size_t item = 0; item < check.items.size(); ++item) {
    const CheckItem& asked = check.items[item];
    ItemTally tally{.kind = asked.kind, .answered = 0, .right = {}, .choices = {}, .numbers = {}};
    tally.choices.resize(option_count(asked));
    if (asked.right) tally.right = 0;
    std::map<std::string, std::uint32_t> numbers;
    const auto end = check.replies.upper_bound({room, kEverySeat});
    for (auto entry = check.replies.lower_bound({room, 0}); entry != end; ++entry) {
      const Reply& reply = entry->second.at(item);
      count(tally, reply, numbers);
      if (asked.right && *asked.right == reply) ++*tally.right;
    }
    tally.numbers.assign(numbers.begin(), numbers.end());
    std::ranges::stable_sort(tally.numbers, std::greater<>(), &std::pair<std::string, std::uint32_t>::second);
    if (tally.numbers.size() > protocol::kMaxNumbers) tally.numbers.resize(protocol::kMaxNumbers);
    tallies.push_back(std::move(tally));
  }
  return tallies;
}

std::vector<protocol::AnswerLine> ClassWork::answers(const Place& place,
                                                     const std::function<std::string(std::uint32_t)>& label,
                                                     const std::set<std::uint32_t>* only) const {
  std::vector<protocol::AnswerLine> lines;
  const auto& replies = checks_.at(place.check).replies;
  const auto end = replies.upper_bound({place.room, kEverySeat});
  for (auto entry = replies.lower_bound({place.room, 0}); entry != end; ++entry) {
    const std::uint32_t seat = entry->first.second;
    const Reply& reply = entry->second.at(place.item);
    if (reply == Reply{} || (only != nullptr && !only->contains(seat))) continue;
    lines.push_back({seat, label(seat), reply, right({place.check, place.item, reply})});
  }
  return lines;
}

std::string ClassWork::line(std::string_view room, std::uint32_t seat, const Answer& answer) {
  std::string text = "a " + std::to_string(answer.check) + " " + std::to_string(answer.item) + " ";
  text.append(room).append(" ").append(std::to_string(seat));
  return text + (answer.reply.number.empty() ? " c" + std::to_string(answer.reply.choices)
                                             : " n" + answer.reply.number);
}

std::string ClassWork::line(std::string_view room, std::uint32_t seat) {
  return std::string("h ").append(room).append(" ").append(std::to_string(seat));
}

std::optional<ClassWork::Line> ClassWork::parse(std::string_view text) {
  const std::string_view kind = word(text);
  Line line;
  line.here = kind == "h";
  if (!line.here && kind != "a") return std::nullopt;
  if (!line.here && (!take(text, line.answer.check) || !take(text, line.answer.item))) return std::nullopt;
  line.room = word(text);
  if (!take(text, line.seat)) return std::nullopt;
  if (line.here) return text.empty() ? std::optional(line) : std::nullopt;
  auto reply = read_reply(text);
  if (!reply) return std::nullopt;
  line.answer.reply = std::move(*reply);
  return line;
}

bool ClassWork::read(std::string_view text, const RoomNumber& room_number) {
  const auto line = parse(text);
  const auto room = line ? room_number(line->room) : std::nullopt;
  if (!room) return false;
  if (line->here) {
    (void)here(*room, line->seat);
    return true;
  }
  const CheckItem* const asked = find(line->answer.check, line->answer.item, *room);
  if (asked == nullptr || !protocol::answers(line->answer.reply, *asked)) return false;
  answer(*room, line->seat, line->answer);
  return true;
}

void ClassWork::forget(std::uint32_t seat) {
  for (auto& [id, check] : checks_) {
    for (auto entry = check.replies.begin(); entry != check.replies.end();) {
      const auto [room, who] = entry->first;
      if (who != seat) {
        ++entry;
        continue;
      }
      for (std::uint8_t item = 0; item < check.items.size(); ++item) changed_[{id, room, item}].erase(seat);
      entry = check.replies.erase(entry);
    }
  }
  std::erase_if(here_, [seat](const auto& answered) { return answered.second == seat; });
}

}  // namespace tongke::signaling
