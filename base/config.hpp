#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace tongke::base {

/// A number of bytes, written "200MB", "4GiB" or plain digits in config.
struct ByteCount {
  std::uint64_t value = 0;
  friend bool operator==(ByteCount, ByteCount) = default;
};

/// A config file's keys, declared once: from the same declarations come parsing, checks,
/// environment overrides (TONGKE_<SECTION>_<KEY>) and the annotated sample. A key nobody
/// declared is an error that names file, line and key.
class ConfigSchema {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using Strings = std::vector<std::string>;
  using Target =
      std::variant<bool*, std::int64_t*, double*, std::string*, Milliseconds*, ByteCount*, Strings*>;
  using Environment = std::map<std::string, std::string>;

  struct Range {
    std::int64_t min = 0;
    std::int64_t max = INT64_MAX;
  };
  struct Key {
    std::string section;
    std::string name;
    Target target;                          ///< holds the default until load() overwrites it
    std::string doc;                        ///< one sentence with units, printed in the sample
    Range range = {};                       ///< numbers only
    std::vector<std::string> choices = {};  ///< strings only; empty = any
    /// Strings, and each of an array of them: says what is wrong with one, without repeating it.
    std::function<Result<void>(const std::string&)> check = {};
  };

  void add(Key key);

  /// Reads TOML `text` into the targets, then overrides from `environment`.
  /// @param file  only used in messages
  /// @errors invalid: "file:line: section.key: what is wrong"
  [[nodiscard]] Result<void> load(std::string_view text, const std::string& file,
                                  const Environment& environment);

  /// A commented TOML file that holds every key with its current value.
  [[nodiscard]] std::string sample() const;

 private:
  std::vector<Key> keys_;
};

/// "200ms", "2s", "15m", "1h", "1d"; a bare number is an error.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "512", "200MB" (10^6), "4GiB" (2^30).
[[nodiscard]] Result<ByteCount> parse_byte_count(std::string_view text);
/// The variables of this process whose names start with TONGKE_.
[[nodiscard]] ConfigSchema::Environment tongke_environment();

}  // namespace tongke::base
