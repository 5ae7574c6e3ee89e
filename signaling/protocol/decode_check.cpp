#include "signaling/protocol/decode_check.hpp"

namespace tongke::signaling::protocol {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxOptionCharacters = 60;

/// A fault's code; empty = none.
using Problem = std::string_view;

Problem take_words(const json& value, std::size_t most, std::string& out) {
  if (!value.is_string()) return "wrong_type";
  out = value.get<std::string>();
  return words_problem(out, most);
}

Problem take_options(const json& list, std::vector<std::string>& out) {
  if (!list.is_array()) return "wrong_type";
  if (list.size() < 2 || list.size() > kMaxOptions) return "out_of_range";
  for (const json& option : list) {
    if (const auto problem = take_words(option, kMaxOptionCharacters, out.emplace_back()); !problem.empty())
      return problem;
  }
  return {};
}

/// Numbers of options, each once.
Problem take_choices(const json& list, std::uint8_t& out) {
  for (const json& choice : list) {
    if (!choice.is_number_unsigned()) return "wrong_type";
    const auto number = choice.get<std::uint64_t>();
    if (number >= kMaxOptions) return "out_of_range";
    const auto bit = static_cast<std::uint8_t>(1U << number);
    if ((out & bit) != 0) return "out_of_range";
    out |= bit;
  }
  return {};
}

Problem take_number(const json& value, std::string& out) {
  auto tidy = tidy_number(value.get_ref<const std::string&>());
  if (!tidy) return "out_of_range";
  out = std::move(*tidy);
  return {};
}

Problem take_right(const json& value, Reply& out) {
  if (value.is_array()) return take_choices(value, out.choices);
  return value.is_string() ? take_number(value, out.number) : "wrong_type";
}

Problem take_kind(const json& value, Ask& out) {
  if (!value.is_string()) return "wrong_type";
  for (std::size_t i = 0; i < kAskCount; ++i) {
    if (to_string(static_cast<Ask>(i)) != value.get_ref<const std::string&>()) continue;
    out = static_cast<Ask>(i);
    return {};
  }
  return "out_of_range";
}

Problem take_item(const json& object, CheckItem& out) {
  if (!object.is_object()) return "wrong_type";
  for (const char* const needed : {"kind", "text"}) {
    if (!object.contains(needed)) return "missing_field";
  }
  for (const auto& [name, value] : object.items()) {
    Problem problem = "unknown_field";
    if (name == "kind") problem = take_kind(value, out.kind);
    if (name == "text") problem = take_words(value, kMaxNoteCharacters, out.text);
    if (name == "options") problem = take_options(value, out.options);
    if (name == "right") problem = take_right(value, out.right.emplace());
    if (!problem.empty()) return problem;
  }
  const bool chooses = out.kind == Ask::single || out.kind == Ask::multi;
  if (chooses == out.options.empty()) return chooses ? "missing_field" : "unknown_field";
  return out.right && !answers(*out.right, out) ? "out_of_range" : "";
}

Problem take_items(const json& list, std::vector<CheckItem>& out) {
  if (!list.is_array()) return "wrong_type";
  if (list.empty() || list.size() > kMaxItems) return "out_of_range";
  for (const json& object : list) {
    if (const auto problem = take_item(object, out.emplace_back()); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace

std::vector<CheckItem> read_items(Reader& in) {
  std::vector<CheckItem> items;
  const auto list = in.list("items");
  if (!list) return items;
  if (const auto problem = take_items(*list, items); !problem.empty()) in.refuse(problem, "items");
  return items;
}

std::vector<CheckItem> parse_items(const json& list) {
  std::vector<CheckItem> items;
  if (!take_items(list, items).empty()) items.clear();
  return items;
}

Answer read_answer(Reader& in) {
  Answer answer;
  answer.check = in.number("check", kMaxSeq);
  answer.item = static_cast<std::uint8_t>(in.number("item", kMaxItems - 1));
  if (const auto choices = in.list("choices", false)) {
    if (choices->empty()) in.refuse("out_of_range", "choices");
    if (const auto problem = take_choices(*choices, answer.reply.choices); !problem.empty())
      in.refuse(problem, "choices");
  }
  if (const auto number = in.text("number", false)) {
    if (auto tidy = tidy_number(*number)) {
      answer.reply.number = std::move(*tidy);
    } else {
      in.refuse("out_of_range", "number");
    }
  }
  if (answer.reply.choices != 0 && !answer.reply.number.empty()) in.refuse("unknown_field", "number");
  if (answer.reply == Reply{}) in.refuse("missing_field", "choices");
  return answer;
}

}  // namespace tongke::signaling::protocol
