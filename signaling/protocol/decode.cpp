#include "signaling/protocol/decode.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace tongke::signaling::protocol {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kMaxFields = 8;
constexpr std::size_t kMaxToken = 128;
constexpr std::size_t kMaxId = 32;
constexpr std::size_t kMaxNoteCharacters = 200;
constexpr std::uint64_t kMaxSeq = std::uint64_t{1} << 53U;  // what JavaScript counts exactly
constexpr std::uint64_t kMaxMediaMs = 7ULL * 24 * 3600 * 1000;

Error fault(const char* code, std::string_view field) { return {Errc::invalid, code, std::string(field)}; }

struct Field {
  std::string name;
  enum class Kind { text, number, boolean, other } kind = Kind::other;
  std::string text;
  std::uint64_t number = 0;
  bool used = false;
};

/// Takes the fields of a flat object out of the parser's hands; nesting ends the parse.
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
    fields_[count_ - 1].text = std::move(v);
    return true;
  }
  bool binary(binary_t& /*v*/) override { return stop("bad_json"); }
  bool start_object(std::size_t /*n*/) override {
    return depth_++ == 0 || stop("wrong_type");  // no field is an object
  }
  bool key(string_t& name) override {
    if (count_ == kMaxFields) return stop("unknown_field");
    if (find(name) != nullptr) return stop("bad_json");  // said twice
    fields_[count_++].name = std::move(name);
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*n*/) override { return stop(depth_ == 0 ? "bad_json" : "wrong_type"); }
  bool end_array() override { return stop("bad_json"); }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*why*/) override {
    return stop("bad_json");
  }

 private:
  bool value(Field::Kind kind, std::uint64_t number = 0) {
    if (depth_ == 0) return stop("bad_json");
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
  int depth_ = 0;
  const char* problem_ = nullptr;
};

bool is_id(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Reads fields one by one; the first fault stays, and later reads give defaults.
class Reader {
 public:
  explicit Reader(FlatObject& object) : object_(object) {}

  /// Letters, digits, - and _, 1 to `max` of them.
  std::string id(const char* name, std::size_t max, bool required = true) {
    const Field* const field = take(name, Field::Kind::text, required);
    if (field == nullptr) return {};
    if (field->text.empty() || field->text.size() > max || !is_id(field->text)) refuse("out_of_range", name);
    return field->text;
  }
  std::string words(const char* name) {
    const Field* const field = take(name, Field::Kind::text, true);
    if (field == nullptr) return {};
    const bool control = std::ranges::any_of(
        field->text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; });
    if (characters(field->text) > kMaxNoteCharacters) refuse("too_long", name);
    if (field->text.find_first_not_of(" \n") == std::string::npos || control) refuse("out_of_range", name);
    return field->text;
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

  /// The message, unless something was wrong with it or is left over.
  template <class Message>
  Result<ClientMessage> done(Message message) {
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
  void refuse(const char* code, std::string_view field) {
    if (!error_) error_ = fault(code, field);
  }

  FlatObject& object_;
  std::optional<Error> error_;
};

Hello hello(Reader& in, bool resume) {
  Hello hello;
  hello.token = in.id("token", kMaxToken);
  hello.device = in.id("device", kMaxId, false);
  hello.screen = in.choice<Screen>("screen", kScreenCount, Screen::phone);
  if (resume) hello.resume = Point{in.id("epoch", kMaxId), in.number("seq", kMaxSeq)};
  return hello;
}

Result<ClientMessage> read(std::string_view type, Reader& in) {
  if (type == "presence") {
    Presence presence;
    presence.media_time = in.media_time();
    presence.state = in.choice<Play>("state", kPlayCount);
    presence.rendition = in.id("rendition", kMaxId, false);
    return in.done(std::move(presence));
  }
  if (type == "hello" || type == "resume") return in.done(hello(in, type == "resume"));
  if (type == "companion") return in.done(Companion{in.choice<Who>("who", kWhoCount)});
  if (type == "sibling") return in.done(Sibling{in.id("token", kMaxToken)});
  if (type == "unclear") return in.done(Unclear{in.media_time()});
  if (type == "bye") return in.done(Bye{});
  if (type == "note") {
    Note note;
    note.media_time = in.media_time();
    note.text = in.words("text");
    note.room = in.id("room", kMaxId, false);
    return in.done(std::move(note));
  }
  if (type == "freeze") {
    Freeze freeze;
    freeze.on = in.boolean("on");
    freeze.room = in.id("room", kMaxId, false);
    return in.done(std::move(freeze));
  }
  return fault("unknown_type", "t");
}

}  // namespace

Result<ClientMessage> decode(std::string_view frame) {
  if (frame.size() > kMaxFrame) return fault("too_long", "");
  FlatObject object;
  if (!nlohmann::json::sax_parse(frame, &object)) {
    const bool named = object.has_fields() && std::string_view(object.problem()) != "bad_json";
    return fault(object.problem(), named ? std::string_view(object.problem_field()) : "");
  }
  Field* const type = object.find("t");
  if (type == nullptr) return fault("missing_field", "t");
  if (type->kind != Field::Kind::text) return fault("wrong_type", "t");
  type->used = true;
  Reader in(object);
  return read(type->text, in);
}

}  // namespace tongke::signaling::protocol
