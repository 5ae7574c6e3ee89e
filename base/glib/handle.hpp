#pragma once

#include <gio/gio.h>

#include <memory>

namespace tongke::base::glib {

/// One overloaded deleter for the GLib border; modules with more C types extend it.
struct Release {
  void operator()(GMainContext* p) const noexcept { g_main_context_unref(p); }
  void operator()(GMainLoop* p) const noexcept { g_main_loop_unref(p); }
  void operator()(GBytes* p) const noexcept { g_bytes_unref(p); }
  void operator()(GError* p) const noexcept { g_error_free(p); }
  void operator()(GSource* p) const noexcept {
    g_source_destroy(p);
    g_source_unref(p);
  }
  void operator()(char* p) const noexcept { g_free(p); }
  template <class T>
  requires requires(T* p) { G_OBJECT(p); }
  void operator()(T* p) const noexcept { g_object_unref(p); }
};

/// Sole owner of one reference.
template <class T>
using Handle = std::unique_ptr<T, Release>;

/// Takes over a reference that the callee gave away ("transfer full").
template <class T>
[[nodiscard]] Handle<T> adopt(T* full) noexcept {
  return Handle<T>(full);
}

/// Adds a reference to something borrowed ("transfer none").
template <class T>
[[nodiscard]] Handle<T> retain(T* borrowed) noexcept {
  return Handle<T>(borrowed ? static_cast<T*>(g_object_ref(borrowed)) : nullptr);
}

/// Out-parameter for `GError**`.
class ErrorOut {
 public:
  ~ErrorOut() { g_clear_error(&error_); }
  ErrorOut() = default;
  ErrorOut(const ErrorOut&) = delete;
  ErrorOut& operator=(const ErrorOut&) = delete;
  operator GError**() noexcept { return &error_; }
  [[nodiscard]] const char* message() const noexcept { return error_ ? error_->message : "unknown error"; }
  [[nodiscard]] const GError* get() const noexcept { return error_; }
  explicit operator bool() const noexcept { return error_ != nullptr; }

 private:
  GError* error_ = nullptr;
};

}  // namespace tongke::base::glib
