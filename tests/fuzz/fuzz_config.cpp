#include <cstddef>
#include <cstdint>

#include "base/config.hpp"

using namespace tongke::base;

// Any text is a config or an error; and what a sample() prints loads again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bool flag = false;
  std::int64_t number = 5;
  double fraction = 0.5;
  std::string text = "x";
  std::chrono::milliseconds time{200};
  ByteCount bytes{1024};
  ConfigSchema::Strings list = {"a"};
  ConfigSchema schema;
  schema.add({.section = "s", .name = "flag", .target = &flag, .doc = "A flag."});
  schema.add({.section = "s", .name = "number", .target = &number, .doc = "A number.", .range = {0, 10}});
  schema.add({.section = "s", .name = "fraction", .target = &fraction, .doc = "A fraction."});
  schema.add({.section = "t", .name = "text", .target = &text, .doc = "A text."});
  schema.add({.section = "t", .name = "time", .target = &time, .doc = "A time."});
  schema.add({.section = "t", .name = "bytes", .target = &bytes, .doc = "Bytes."});
  schema.add({.section = "t", .name = "list", .target = &list, .doc = "A list."});
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)parse_duration(input);
  (void)parse_byte_count(input);
  (void)schema.load(input, "fuzz.toml", {});
  return 0;
}
