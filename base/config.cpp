#include "base/config.hpp"

// toml++ 3.3 asserts what a broken file can cause ("[~"); without, it reports an error.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <sstream>
#include <type_traits>

extern "C" char** environ;

namespace tongke::base {
namespace {

using Key = ConfigSchema::Key;

Error wrong(std::string message) { return Error{Errc::invalid, std::move(message)}; }

struct Unit {
  std::string_view suffix;
  std::uint64_t factor;
};
constexpr std::array kDurationUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                       Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kByteUnits = {Unit{"", 1},
                                   Unit{"kB", 1000},
                                   Unit{"MB", 1'000'000},
                                   Unit{"GB", 1'000'000'000},
                                   Unit{"KiB", 1024},
                                   Unit{"MiB", 1024 * 1024},
                                   Unit{"GiB", 1024ULL * 1024 * 1024}};

template <std::size_t N>
Result<std::uint64_t> parse_with_unit(std::string_view text, const std::array<Unit, N>& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return wrong("expected a number with a unit");
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units) {
    if (unit.suffix != suffix) continue;
    constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (number > limit / unit.factor) return wrong("number too large");
    return number * unit.factor;
  }
  std::string known;
  for (const Unit& unit : units) {
    if (unit.suffix.empty()) continue;
    known += (known.empty() ? "" : ", ") + std::string(unit.suffix);
  }
  return wrong("unknown unit \"" + std::string(suffix) + "\"; use one of " + known);
}

Result<void> in_range(const Key& key, std::int64_t value) {
  if (value < key.range.min || value > key.range.max) {
    return wrong("must be between " + std::to_string(key.range.min) + " and " +
                 std::to_string(key.range.max));
  }
  return {};
}

Result<void> checked(const Key& key, const std::string& text) {
  return key.check ? key.check(text) : Result<void>();
}

Result<void> assign_strings(const Key& key, ConfigSchema::Strings& target, ConfigSchema::Strings strings) {
  for (const auto& one : strings)
    if (auto fine = checked(key, one); !fine) return fine;
  target = std::move(strings);
  return {};
}

Result<void> assign_text(const Key& key, std::string_view text) {
  return std::visit(
      [&](auto* target) -> Result<void> {
        using T = std::remove_pointer_t<decltype(target)>;
        if constexpr (std::is_same_v<T, std::string>) {
          if (!key.choices.empty() && std::ranges::find(key.choices, text) == key.choices.end()) {
            std::string known;
            for (const auto& choice : key.choices) known += (known.empty() ? "" : ", ") + choice;
            return wrong("must be one of " + known);
          }
          if (auto fine = checked(key, std::string(text)); !fine) return fine;
          *target = text;
        } else if constexpr (std::is_same_v<T, ConfigSchema::Milliseconds>) {
          auto parsed = parse_duration(text);
          if (!parsed) return parsed.error();
          if (auto ok = in_range(key, parsed->count()); !ok) return ok;
          *target = *parsed;
        } else if constexpr (std::is_same_v<T, ByteCount>) {
          auto parsed = parse_byte_count(text);
          if (!parsed) return parsed.error();
          *target = *parsed;
        } else if constexpr (std::is_same_v<T, bool>) {
          if (text != "true" && text != "false") return wrong("must be true or false");
          *target = text == "true";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          std::int64_t number = 0;
          const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
          if (error != std::errc() || end != text.data() + text.size())
            return wrong("must be a whole number");
          if (auto ok = in_range(key, number); !ok) return ok;
          *target = number;
        } else if constexpr (std::is_same_v<T, double>) {
          double number = 0;
          const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
          if (error != std::errc() || end != text.data() + text.size()) return wrong("must be a number");
          *target = number;
        } else {
          ConfigSchema::Strings strings;
          for (std::size_t begin = 0; begin < text.size();) {
            const auto end = std::min(text.find(',', begin), text.size());
            if (end > begin) strings.emplace_back(text.substr(begin, end - begin));
            begin = end + 1;
          }
          return assign_strings(key, *target, std::move(strings));
        }
        return {};
      },
      key.target);
}

Result<void> assign_node(const Key& key, const toml::node& node) {
  if (const auto* text = node.as_string()) {
    if (std::holds_alternative<ConfigSchema::Strings*>(key.target))
      return wrong("must be an array of strings");
    if (!std::holds_alternative<std::string*>(key.target) &&
        !std::holds_alternative<ConfigSchema::Milliseconds*>(key.target) &&
        !std::holds_alternative<ByteCount*>(key.target)) {
      return wrong("must not be quoted");
    }
    return assign_text(key, text->get());
  }
  if (const auto* number = node.as_integer()) {
    if (std::holds_alternative<std::string*>(key.target)) return wrong("must be a quoted string");
    return assign_text(key, std::to_string(number->get()));
  }
  if (const auto* number = node.as_floating_point()) {
    if (auto* const* target = std::get_if<double*>(&key.target)) {
      **target = number->get();
      return {};
    }
    return wrong("must be a whole number");
  }
  if (const auto* flag = node.as_boolean()) {
    if (!std::holds_alternative<bool*>(key.target)) return wrong("must not be true or false");
    return assign_text(key, flag->get() ? "true" : "false");
  }
  if (const auto* array = node.as_array()) {
    auto* const* target = std::get_if<ConfigSchema::Strings*>(&key.target);
    if (!target) return wrong("must not be an array");
    ConfigSchema::Strings strings;
    for (const auto& element : *array) {
      const auto* text = element.as_string();
      if (!text) return wrong("must be an array of strings");
      strings.push_back(text->get());
    }
    return assign_strings(key, **target, std::move(strings));
  }
  return wrong("has a type no setting uses");
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string spell_duration(std::chrono::milliseconds value) {
  for (auto unit = kDurationUnits.rbegin(); unit != kDurationUnits.rend(); ++unit) {
    const auto factor = static_cast<std::int64_t>(unit->factor);
    if (value.count() != 0 && value.count() % factor == 0) {
      return std::to_string(value.count() / factor) + std::string(unit->suffix);
    }
  }
  return "0ms";
}

std::string spell_bytes(ByteCount value) {
  for (const std::string_view suffix : {"GiB", "MiB", "GB", "MB", "kB"}) {
    const auto unit = std::ranges::find(kByteUnits, suffix, &Unit::suffix);
    if (value.value != 0 && value.value % unit->factor == 0) {
      return std::to_string(value.value / unit->factor) + std::string(suffix);
    }
  }
  return std::to_string(value.value);
}

std::string spell(const ConfigSchema::Target& target) {
  return std::visit(
      [](auto* value) -> std::string {
        using T = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return quoted(*value);
        } else if constexpr (std::is_same_v<T, ConfigSchema::Milliseconds>) {
          return quoted(spell_duration(*value));
        } else if constexpr (std::is_same_v<T, ByteCount>) {
          return quoted(spell_bytes(*value));
        } else if constexpr (std::is_same_v<T, bool>) {
          return *value ? "true" : "false";
        } else if constexpr (std::is_same_v<T, ConfigSchema::Strings>) {
          std::string out = "[";
          for (const auto& item : *value) out += (out.size() > 1 ? ", " : "") + quoted(item);
          return out + "]";
        } else {
          std::ostringstream out;
          out << *value;
          return out.str();
        }
      },
      target);
}

std::string environment_name(const Key& key) {
  std::string name = "TONGKE_" + key.section + "_" + key.name;
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

/// Number of the first line that has more than ASCII and Chinese characters (U+4000 to U+9FFF)
/// outside of comments; 0 if none. toml++ 3.3 does not survive some others where it does not expect
/// them: it marks a branch that is taken as unreachable.
std::size_t line_of_strange_letter(std::string_view text) {
  std::size_t line = 1;
  char quote = 0;
  bool comment = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      ++line;
      quote = 0;
      comment = false;
    } else if (!comment) {
      if (byte >= 0xC0 && (byte < 0xE4 || byte > 0xE9)) return line;
      if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      comment = c == '#' && quote == 0;
    }
  }
  return 0;
}

}  // namespace

void ConfigSchema::add(Key key) { keys_.push_back(std::move(key)); }

Result<void> ConfigSchema::load(std::string_view text, const std::string& file,
                                const Environment& environment) {
  if (const auto line = line_of_strange_letter(text); line != 0) {
    return wrong(file + ":" + std::to_string(line) +
                 ": only ASCII and Chinese characters outside of comments");
  }
  toml::table document;
  try {
    document = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return wrong(file + ":" + std::to_string(error.source().begin.line) + ": " +
                 std::string(error.description()));
  }
  const auto at = [&](const toml::node& node, std::string_view what) {
    return file + ":" + std::to_string(node.source().begin.line) + ": " + std::string(what) + ": ";
  };
  for (const auto& [section, node] : document) {
    const auto* table = node.as_table();
    if (!table) return wrong(at(node, section.str()) + "keys live in a [section]");
    // Named again, because clang 14 does not let lambdas capture structured bindings.
    const std::string_view section_name = section.str();
    if (std::ranges::none_of(keys_, [&](const Key& key) { return key.section == section_name; })) {
      return wrong(at(node, section.str()) + "unknown section");
    }
    for (const auto& [name, value] : *table) {
      const std::string_view key_name = name.str();
      const auto key = std::ranges::find_if(
          keys_, [&](const Key& k) { return k.section == section_name && k.name == key_name; });
      const std::string full = std::string(section.str()) + "." + std::string(name.str());
      if (key == keys_.end()) return wrong(at(value, full) + "unknown key");
      if (auto ok = assign_node(*key, value); !ok) return wrong(at(value, full) + ok.error().message);
    }
  }
  for (const auto& [name, value] : environment) {
    const auto key = std::ranges::find(keys_, name, environment_name);
    if (key == keys_.end()) return wrong("environment: " + name + ": unknown setting");
    if (auto ok = assign_text(*key, value); !ok)
      return wrong("environment: " + name + ": " + ok.error().message);
  }
  return {};
}

std::string ConfigSchema::sample() const {
  std::string out;
  std::string section;
  for (const Key& key : keys_) {
    if (key.section != section) {
      section = key.section;
      out += (out.empty() ? "[" : "\n[") + section + "]\n";
    }
    out += "# " + key.doc + "\n";
    if (!key.choices.empty()) {
      out += "# One of:";
      for (const auto& choice : key.choices) out += " " + choice;
      out += "\n";
    }
    out += key.name + " = " + spell(key.target) + "\n";
  }
  return out;
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  auto number = parse_with_unit(text, kDurationUnits);
  if (!number) return std::move(number).error();
  return std::chrono::milliseconds(*number);
}

Result<ByteCount> parse_byte_count(std::string_view text) {
  auto number = parse_with_unit(text, kByteUnits);
  if (!number) return std::move(number).error();
  return ByteCount{*number};
}

ConfigSchema::Environment tongke_environment() {
  ConfigSchema::Environment found;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (!text.starts_with("TONGKE_") || equals == std::string_view::npos) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

}  // namespace tongke::base
