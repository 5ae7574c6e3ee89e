#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace tongke::base::log {

enum class Level { debug, info, warn, error };
enum class Format { text, json };

/// One structured fact of a log line. Lessons are always named by the key "lesson".
struct Field {
  std::string_view key;
  std::string value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <class T>
  requires std::is_arithmetic_v<T> Field(std::string_view k, T v) : key(k), value(std::to_string(v)) {}
};
using Fields = std::initializer_list<Field>;

/// Starts the log thread, writing to standard error. Before it, and after stop(), lines
/// are written synchronously as text. Lines queue up to a bound; then the oldest go.
/// @thread main, once
void start(Level level, Format format);
/// Flushes what is queued.  @thread main
void stop();
/// Takes effect at once.  @thread any
void set_level(Level level);

/// @param message a constant sentence fragment; what varies goes into fields, so that
///        lines can be counted. Values are escaped: no peer can forge a line.
/// @thread any; never waits for the disk
void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

}  // namespace tongke::base::log
