#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"

/// Compact JSON text, written field by field. Only encode*.cpp reads it.
namespace tongke::signaling::protocol {

void put_string(std::string& out, std::string_view text);

/// A JSON object in the making.
class Object {
 public:
  Object() = default;
  explicit Object(std::string_view type) { text("t", type); }

  Object& text(std::string_view name, std::string_view value) {
    put_string(key(name), value);
    return *this;
  }
  Object& text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  Object& number(std::string_view name, std::uint64_t value) {
    key(name) += std::to_string(value);
    return *this;
  }
  Object& number_if(std::string_view name, std::uint64_t value) {
    return value == 0 ? *this : number(name, value);
  }
  Object& flag(std::string_view name, bool value) {
    key(name) += value ? "true" : "false";
    return *this;
  }
  Object& flag_if(std::string_view name, bool value) { return value ? flag(name, true) : *this; }
  Object& wall(std::string_view name, base::WallTime time) {
    return number(name, static_cast<std::uint64_t>(time.time_since_epoch().count()));
  }
  Object& media(base::MediaTime time) {
    return number("media_time", static_cast<std::uint64_t>(
                                    std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
  }
  Object& raw(std::string_view name, std::string_view json) {
    key(name) += json;
    return *this;
  }
  std::string close() {
    text_ += '}';
    return std::move(text_);
  }
  /// Bytes so far.
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }

 private:
  std::string& key(std::string_view name) {
    text_ += first_ ? '{' : ',';
    first_ = false;
    put_string(text_, name);
    text_ += ':';
    return text_;
  }

  std::string text_;
  bool first_ = true;
};

/// A list of items that are JSON already.
[[nodiscard]] std::string array_of(std::span<const std::string> items);
/// A list of strings.
[[nodiscard]] std::string array_of_texts(std::span<const std::string> texts);

/// Frames that begin as `head` and list as many items as fit; at least one frame, so that an
/// empty list can be told.
[[nodiscard]] std::vector<std::string> packed(const Object& head, std::string_view name,
                                              std::span<const std::string> items);

}  // namespace tongke::signaling::protocol
