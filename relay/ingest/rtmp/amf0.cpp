#include "relay/ingest/rtmp/amf0.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "relay/ingest/rtmp/big_endian.hpp"

namespace tongke::relay::ingest::rtmp::amf0 {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;
using base::Result;

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxValues = 1024;

enum class Marker : std::uint8_t {
  number = 0,
  boolean = 1,
  string = 2,
  object = 3,
  null = 5,
  undefined = 6,
  ecma_array = 8,
  object_end = 9,
  strict_array = 10,
  date = 11,
  long_string = 12,
  xml = 15,
  typed_object = 16,
};

void append_number(std::vector<std::uint8_t>& out, double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  append_be(out, static_cast<std::uint32_t>(bits >> 32U), 4);
  append_be(out, static_cast<std::uint32_t>(bits), 4);
}

void append_name(std::vector<std::uint8_t>& out, std::string_view name) {
  const auto kept = name.substr(0, 0xFFFF);
  append_be(out, static_cast<std::uint32_t>(kept.size()), 2);
  append(out, base::as_bytes(kept));
}

void append_marker(std::vector<std::uint8_t>& out, Marker marker) {
  out.push_back(static_cast<std::uint8_t>(marker));
}

class Decoder {
 public:
  explicit Decoder(ByteView& input) : input_(input) {}

  Result<Value> value(int depth) {
    if (depth > kMaxDepth) return Error{Errc::protocol, "AMF0 value nested too deep"};
    if (++values_ > kMaxValues) return Error{Errc::protocol, "AMF0 value too large"};
    if (input_.empty()) return truncated();
    const auto marker = static_cast<Marker>(input_[0]);
    input_ = input_.subspan(1);
    switch (marker) {
      case Marker::number:
        return number();
      case Marker::boolean: {
        if (input_.empty()) return truncated();
        const bool set = input_[0] != 0;
        input_ = input_.subspan(1);
        return Value{set};
      }
      case Marker::string:
        return string(2);
      case Marker::long_string:
      case Marker::xml:
        return string(4);
      case Marker::null:
        return Value{Null{}};
      case Marker::undefined:
        return Value{Undefined{}};
      case Marker::date: {
        auto time = number();
        if (time && input_.size() < 2) return truncated();
        if (time) input_ = input_.subspan(2);  // time zone, reserved
        return time;
      }
      case Marker::typed_object: {
        auto name = string(2);
        if (!name) return name;
        return object(depth);
      }
      case Marker::ecma_array:
        // The count is a hint that some encoders get wrong; the end marker counts.
        if (input_.size() < 4) return truncated();
        input_ = input_.subspan(4);
        return object(depth);
      case Marker::object:
        return object(depth);
      case Marker::strict_array:
        return array(depth);
      case Marker::object_end:
        break;
    }
    return Error{Errc::protocol, "AMF0 marker " + std::to_string(static_cast<unsigned>(marker))};
  }

 private:
  static Error truncated() { return {Errc::protocol, "truncated AMF0 value"}; }

  Result<Value> number() {
    if (input_.size() < 8) return truncated();
    const auto bits = std::uint64_t{read_be(input_, 4)} << 32U | read_be(input_.subspan(4), 4);
    input_ = input_.subspan(8);
    return Value{std::bit_cast<double>(bits)};
  }

  Result<Value> string(std::size_t length_bytes) {
    if (input_.size() < length_bytes) return truncated();
    const std::size_t length = read_be(input_, length_bytes);
    input_ = input_.subspan(length_bytes);
    if (input_.size() < length) return truncated();
    Value text{std::string(base::as_text(input_.first(length)))};
    input_ = input_.subspan(length);
    return text;
  }

  Result<Value> object(int depth) {
    Object object;
    for (;;) {
      auto name = string(2);
      if (!name) return name;
      if (name->string().empty() && !input_.empty() &&
          input_[0] == static_cast<std::uint8_t>(Marker::object_end)) {
        input_ = input_.subspan(1);
        return Value{std::move(object)};
      }
      auto member = value(depth + 1);
      if (!member) return member;
      object.members.emplace_back(std::string(name->string()), std::move(*member));
    }
  }

  Result<Value> array(int depth) {
    if (input_.size() < 4) return truncated();
    const std::size_t count = read_be(input_, 4);
    input_ = input_.subspan(4);
    Array array;
    for (std::size_t i = 0; i < count; ++i) {
      auto item = value(depth + 1);
      if (!item) return item;
      array.items.push_back(std::move(*item));
    }
    return Value{std::move(array)};
  }

  ByteView& input_;
  std::size_t values_ = 0;
};

struct Encoder {
  std::vector<std::uint8_t>& out;

  void operator()(const Undefined&) const { append_marker(out, Marker::undefined); }
  void operator()(const Null&) const { append_marker(out, Marker::null); }
  void operator()(double number) const {
    append_marker(out, Marker::number);
    append_number(out, number);
  }
  void operator()(bool set) const {
    append_marker(out, Marker::boolean);
    out.push_back(set ? 1 : 0);
  }
  void operator()(const std::string& text) const {
    if (text.size() <= 0xFFFF) {
      append_marker(out, Marker::string);
      append_name(out, text);
    } else {
      append_marker(out, Marker::long_string);
      append_be(out, static_cast<std::uint32_t>(text.size()), 4);
      append(out, base::as_bytes(text));
    }
  }
  void operator()(const Object& object) const {
    append_marker(out, Marker::object);
    for (const auto& [name, value] : object.members) {
      append_name(out, name);
      encode(out, value);
    }
    append_name(out, "");
    append_marker(out, Marker::object_end);
  }
  void operator()(const Array& array) const {
    append_marker(out, Marker::strict_array);
    append_be(out, static_cast<std::uint32_t>(array.items.size()), 4);
    for (const auto& item : array.items) encode(out, item);
  }
};

}  // namespace

bool operator==(const Object& a, const Object& b) { return a.members == b.members; }
bool operator==(const Array& a, const Array& b) { return a.items == b.items; }

const Value* Object::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
  return found == members.end() ? nullptr : &found->second;
}

double Value::number(double fallback) const noexcept {
  const auto* number = std::get_if<double>(&data);
  return number ? *number : fallback;
}

std::string_view Value::string() const noexcept {
  const auto* text = std::get_if<std::string>(&data);
  return text ? std::string_view(*text) : std::string_view();
}

Result<Value> decode(ByteView& input) { return Decoder(input).value(0); }

Result<std::vector<Value>> decode_all(ByteView input) {
  std::vector<Value> values;
  Decoder decoder(input);
  while (!input.empty()) {
    auto value = decoder.value(0);
    if (!value) return std::move(value).error();
    values.push_back(std::move(*value));
  }
  return values;
}

void encode(std::vector<std::uint8_t>& out, const Value& value) { std::visit(Encoder{out}, value.data); }

}  // namespace tongke::relay::ingest::rtmp::amf0
