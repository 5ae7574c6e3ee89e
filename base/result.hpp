#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tongke::base {

/// What kind of trouble it is, by who can do something about it. HTTP statuses and
/// protocol close codes are derived from it in one place each.
enum class Errc {
  invalid,      ///< the caller's input is wrong; the message says what to change
  forbidden,    ///< known caller, not allowed
  not_found,    ///< no such thing, or not for this caller
  conflict,     ///< the thing is in a state that does not allow this
  protocol,     ///< a peer broke its protocol
  overload,     ///< a bound was reached; trying later helps
  unavailable,  ///< something this needs is not there (yet)
  timeout,      ///< a deadline passed
  io,           ///< disk or socket failed
  internal,     ///< our fault
};

/// Snake-case name of a kind, as it appears in problem JSON.
[[nodiscard]] std::string_view to_string(Errc kind) noexcept;

/// A failure on its way up. Add context with in(); log it once, at the owner.
struct Error {
  Errc kind = Errc::internal;
  std::string message;
  /// Name of the request field or config key at fault; empty when none is.
  std::string field = {};

  /// Puts `where` in front of the message: "recording 42: disk full".
  [[nodiscard]] Error in(std::string_view where) && {
    message = std::string(where) + ": " + message;
    return std::move(*this);
  }
};

/// A value or the Error that kept it from being made. Spelled like std::expected,
/// which neither of our compilers has in C++20 mode.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    assert(has_value());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] Error& error() & {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : failed_(true), error_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const& {
    assert(failed_);
    return error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(failed_);
    return std::move(error_);
  }

 private:
  bool failed_ = false;
  Error error_;
};

}  // namespace tongke::base
