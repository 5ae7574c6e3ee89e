// Frames of what people ask, answer and tell each other.
#include "signaling/protocol/encode.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace tongke::signaling::protocol::encode {
namespace {

std::string choice_list(std::uint8_t choices) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < kMaxOptions; ++i) {
    if (((choices >> i) & 1U) != 0) numbers.push_back(std::to_string(i));
  }
  return array_of(numbers);
}

Object& put_reply(Object& out, const Reply& reply) {
  return reply.number.empty() ? out.raw("choices", choice_list(reply.choices))
                              : out.text("number", reply.number);
}

std::string item_line(const CheckItem& item, bool with_right) {
  Object out;
  out.text("kind", to_string(item.kind)).text("text", item.text);
  if (!item.options.empty()) out.raw("options", array_of_texts(item.options));
  if (with_right && item.right) {
    const Reply& right = *item.right;
    right.number.empty() ? out.raw("right", choice_list(right.choices)) : out.text("right", right.number);
  }
  return out.close();
}

std::string tally_line(const ItemTally& tally) {
  Object out;
  out.text("kind", to_string(tally.kind)).number("answered", tally.answered);
  if (tally.right) out.number("right", *tally.right);
  std::vector<std::string> items;
  if (tally.kind == Ask::number) {
    for (const auto& [number, count] : tally.numbers)
      items.push_back(Object().text("number", number).number("count", count).close());
    return out.raw("numbers", array_of(items)).close();
  }
  for (const auto count : tally.choices) items.push_back(std::to_string(count));
  return out.raw("choices", array_of(items)).close();
}

}  // namespace

std::string check(std::uint64_t seq, std::string_view room, std::string_view from, const Check& check,
                  bool with_right) {
  std::vector<std::string> items;
  items.reserve(check.items.size());
  for (const auto& item : check.items) items.push_back(item_line(item, with_right));
  Object out("check");
  out.number("seq", seq).text_if("room", room).text_if("from", from).media(check.media_time);
  return out.raw("items", array_of(items)).close();
}

std::string answer(const Answer& answer, std::optional<bool> right) {
  Object out("answer");
  out.number("check", answer.check).number("item", answer.item);
  put_reply(out, answer.reply);
  if (right) out.flag("right", *right);
  return out.close();
}

std::string tally(std::uint64_t check, std::string_view room, std::span<const ItemTally> items) {
  std::vector<std::string> lines;
  lines.reserve(items.size());
  for (const auto& item : items) lines.push_back(tally_line(item));
  return Object("tally").number("check", check).text("room", room).raw("items", array_of(lines)).close();
}

std::vector<std::string> answers(std::uint64_t check, std::string_view room, std::uint8_t item,
                                 std::span<const AnswerLine> lines) {
  std::vector<std::string> seats;
  seats.reserve(lines.size());
  for (const auto& line : lines) {
    Object out;
    out.number("seat", line.seat).text_if("label", line.label);
    put_reply(out, line.reply);
    if (line.right) out.flag("right", *line.right);
    seats.push_back(out.close());
  }
  return packed(Object("answers").number("check", check).text("room", room).number("item", item), "seats",
                seats);
}

std::string help(const HelpLine& line) {
  Object out("help");
  out.number("id", line.id).text("room", line.room).number("seat", line.seat).text_if("label", line.label);
  return out.flag("teacher", line.from_teacher).text("text", line.text).wall("at", line.at).close();
}

std::string hand(bool on) { return Object("hand").flag("on", on).close(); }

std::string chat(const ChatLine& line) {
  Object out("chat");
  out.number("id", line.id).text("room", line.room).text_if("from", line.from);
  out.flag_if("teacher", line.from_teacher).flag_if("mine", line.mine).flag_if("pending", line.pending);
  return out.text("text", line.text).wall("at", line.at).close();
}

std::string chat_gone(std::uint64_t id, std::string_view room) {
  return Object("chat_gone").number("id", id).text("room", room).close();
}

std::string chat_mode(std::uint64_t seq, std::string_view room, ChatMode mode) {
  return Object("chat_mode").number("seq", seq).text("room", room).text("mode", to_string(mode)).close();
}

}  // namespace tongke::signaling::protocol::encode
