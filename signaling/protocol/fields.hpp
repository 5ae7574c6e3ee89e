#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "signaling/protocol/messages.hpp"

/// The fields of one client frame, before anybody asks what they mean. Only decode*.cpp reads it.
namespace tongke::signaling::protocol {

inline constexpr std::size_t kMaxFields = 8;
inline constexpr int kMaxDepth = 4;  // the frame, its list, an object in it, a list in that
inline constexpr std::size_t kMaxToken = 128;
inline constexpr std::size_t kMaxId = 32;
inline constexpr std::size_t kMaxNoteCharacters = 200;
inline constexpr std::uint64_t kMaxSeq = std::uint64_t{1} << 53U;  // what JavaScript counts exactly
inline constexpr std::uint64_t kMaxMediaMs = 7ULL * 24 * 3600 * 1000;

/// What is wrong with a frame: `message` is the code, `field` where.
[[nodiscard]] inline base::Error fault(std::string_view code, std::string_view field) {
  return {base::Errc::invalid, std::string(code), std::string(field)};
}

struct Field {
  std::string name;
  enum class Kind { text, number, boolean, list, other } kind = Kind::other;
  std::string text;
  std::uint64_t number = 0;
  bool used = false;
};

/// Takes the fields of an object out of the parser's hands. A field may be a list, of values, of
/// lists of values, and of flat objects: of those only the form is looked at here, and that no
/// name comes twice. What is deeper ends the parse.
class FlatObject final : public nlohmann::json_sax<nlohmann::json> {
 public:
  [[nodiscard]] const char* problem() const noexcept { return problem_; }
  [[nodiscard]] const std::string& problem_field() const noexcept { return fields_[count_ - 1].name; }
  [[nodiscard]] bool has_fields() const noexcept { return count_ > 0; }

  [[nodiscard]] Field* find(std::string_view name) {
    const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto found = std::find_if(fields_.begin(), end, [&](const Field& f) { return f.name == name; });
    return found == end ? nullptr : &*found;
  }
  [[nodiscard]] const Field* unused() const {
    const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto found = std::find_if(fields_.begin(), end, [](const Field& f) { return !f.used; });
    return found == end ? nullptr : &*found;
  }

  bool null() override { return value(Field::Kind::other); }
  bool boolean(bool v) override { return value(Field::Kind::boolean, v ? 1 : 0); }
  bool number_integer(number_integer_t /*negative*/) override { return value(Field::Kind::other); }
  bool number_unsigned(number_unsigned_t v) override { return value(Field::Kind::number, v); }
  bool number_float(number_float_t /*v*/, const string_t& /*s*/) override {
    return value(Field::Kind::other);
  }
  bool string(string_t& v) override {
    if (!value(Field::Kind::text)) return false;
    if (depth_ == 1) fields_[count_ - 1].text = std::move(v);
    return true;
  }
  bool binary(binary_t& /*v*/) override { return stop("bad_json"); }
  bool start_object(std::size_t /*n*/) override {
    // No field is an object; a list may hold some.
    if (depth_ == 1 || depth_ > 2) return stop("wrong_type");
    if (++depth_ > 1) nested_.clear();
    return true;
  }
  bool key(string_t& name) override {
    if (depth_ > 1) {
      if (std::ranges::find(nested_, name) != nested_.end()) return stop("bad_json");
      nested_.push_back(std::move(name));
      return true;
    }
    if (count_ == kMaxFields) return stop("unknown_field");
    if (find(name) != nullptr) return stop("bad_json");  // said twice
    fields_[count_++].name = std::move(name);
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*n*/) override {
    if (depth_ == 0) return stop("bad_json");
    if (depth_ >= kMaxDepth) return stop("wrong_type");
    if (depth_ == 1) (void)value(Field::Kind::list);
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*why*/) override {
    return stop("bad_json");
  }

 private:
  bool value(Field::Kind kind, std::uint64_t number = 0) {
    if (depth_ == 0) return stop("bad_json");
    if (depth_ > 1) return true;
    fields_[count_ - 1].kind = kind;
    fields_[count_ - 1].number = number;
    return true;
  }
  bool stop(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    return false;
  }

  std::array<Field, kMaxFields> fields_;
  std::size_t count_ = 0;
  std::vector<std::string> nested_;  ///< names in the object of a list being read
  int depth_ = 0;
  const char* problem_ = nullptr;
};

[[nodiscard]] inline bool is_id(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

[[nodiscard]] inline std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The code of what is wrong with a text for people's eyes; empty when nothing is.
[[nodiscard]] inline std::string_view words_problem(std::string_view text, std::size_t most) {
  const bool control = std::ranges::any_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; });
  if (characters(text) > most) return "too_long";
  return control || text.find_first_not_of(" \n") == std::string_view::npos ? "out_of_range" : "";
}

/// Reads fields one by one; the first fault stays, and later reads give defaults.
class Reader {
 public:
  Reader(FlatObject& object, std::string_view frame) : object_(object), frame_(frame) {}

  /// Letters, digits, - and _, 1 to `max` of them.
  std::string id(const char* name, std::size_t max, bool required = true) {
    const Field* const field = take(name, Field::Kind::text, required);
    if (field == nullptr) return {};
    if (field->text.empty() || field->text.size() > max || !is_id(field->text)) refuse("out_of_range", name);
    return field->text;
  }
  std::string words(const char* name, bool required = true) {
    const Field* const field = take(name, Field::Kind::text, required);
    if (field == nullptr) return {};
    if (const auto problem = words_problem(field->text, kMaxNoteCharacters); !problem.empty()) {
      refuse(problem, name);
    }
    return field->text;
  }
  std::optional<std::string> text(const char* name, bool required) {
    const Field* const field = take(name, Field::Kind::text, required);
    return field == nullptr ? std::nullopt : std::optional(field->text);
  }
  std::optional<std::uint32_t> seat() {
    if (object_.find("seat") == nullptr) return std::nullopt;
    return static_cast<std::uint32_t>(number("seat", UINT32_MAX));
  }
  /// A list, which its own reader takes apart: the whole frame, as a document.
  std::optional<nlohmann::json> list(const char* name, bool required = true) {
    const Field* const field = take(name, Field::Kind::list, required);
    if (field == nullptr) return std::nullopt;
    // Its form is known to be harmless: kMaxDepth, no name twice.
    return nlohmann::json::parse(frame_, nullptr, false).at(name);
  }
  std::uint64_t number(const char* name, std::uint64_t max) {
    const Field* const field = take(name, Field::Kind::number, true);
    if (field == nullptr) return 0;
    if (field->number > max) refuse("out_of_range", name);
    return field->number;
  }
  base::MediaTime media_time() { return std::chrono::milliseconds(number("media_time", kMaxMediaMs)); }
  bool boolean(const char* name) {
    const Field* const field = take(name, Field::Kind::boolean, true);
    return field != nullptr && field->number != 0;
  }
  template <class E>
  E choice(const char* name, std::size_t count, std::optional<E> otherwise = std::nullopt) {
    const Field* const field = take(name, Field::Kind::text, !otherwise);
    if (field == nullptr) return otherwise.value_or(E{});
    for (std::size_t i = 0; i < count; ++i) {
      if (to_string(static_cast<E>(i)) == field->text) return static_cast<E>(i);
    }
    refuse("out_of_range", name);
    return E{};
  }

  void refuse(std::string_view code, std::string_view field) {
    if (!error_) error_ = fault(code, field);
  }

  /// The message, unless something was wrong with it or is left over.
  template <class Message>
  base::Result<ClientMessage> done(Message message) {
    if (!error_) {
      if (const Field* const left = object_.unused()) refuse("unknown_field", left->name);
    }
    if (error_) return std::move(*error_);
    return ClientMessage(std::move(message));
  }

 private:
  const Field* take(const char* name, Field::Kind kind, bool required) {
    Field* const field = object_.find(name);
    if (field == nullptr) {
      if (required) refuse("missing_field", name);
      return nullptr;
    }
    field->used = true;
    if (field->kind == kind) return field;
    refuse("wrong_type", name);
    return nullptr;
  }
  FlatObject& object_;
  std::string_view frame_;
  std::optional<base::Error> error_;
};

}  // namespace tongke::signaling::protocol
