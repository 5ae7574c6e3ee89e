#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// Action Message Format 0: the values RTMP commands are made of.
/// @source AMF 0 specification (Adobe, 2007)
namespace tongke::relay::ingest::rtmp::amf0 {

struct Null {
  friend bool operator==(const Null&, const Null&) = default;
};
struct Undefined {
  friend bool operator==(const Undefined&, const Undefined&) = default;
};
struct Value;
/// Object, typed object or ECMA array: names in order, as sent.
struct Object {
  std::vector<std::pair<std::string, Value>> members;
  [[nodiscard]] const Value* find(std::string_view name) const noexcept;
  friend bool operator==(const Object&, const Object&);
};
struct Array {
  std::vector<Value> items;
  friend bool operator==(const Array&, const Array&);
};

struct Value {
  std::variant<Undefined, Null, double, bool, std::string, Object, Array> data;

  /// Number or string; `fallback` if it is something else.
  [[nodiscard]] double number(double fallback = 0) const noexcept;
  [[nodiscard]] std::string_view string() const noexcept;
  [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&data); }
  friend bool operator==(const Value&, const Value&) = default;
};

/// Takes one value off the front of `input`. Dates come as numbers, XML and long strings
/// as strings.
/// @errors protocol: truncated, nested deeper than 8, more than 1024 values, or of a type
///         no encoder sends (references, AMF3)
[[nodiscard]] base::Result<Value> decode(base::ByteView& input);

/// Every value in `input`, e.g. a whole command.
[[nodiscard]] base::Result<std::vector<Value>> decode_all(base::ByteView input);

void encode(std::vector<std::uint8_t>& out, const Value& value);

}  // namespace tongke::relay::ingest::rtmp::amf0
