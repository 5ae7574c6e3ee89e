#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <regex>

namespace tongke::test {
namespace {

using nlohmann::json;

class Checker {
 public:
  explicit Checker(const json& document) : document_(document) {}

  std::string check(const json& schema, const json& value) const {
    if (schema.contains("$ref")) {
      const std::string target = schema["$ref"];
      return check(document_.at(json::json_pointer(target.substr(1))), value);
    }
    if (schema.contains("oneOf")) return one_of(schema["oneOf"], value);
    if (schema.contains("const") && schema["const"] != value) return "is not " + schema["const"].dump();
    if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
      return value.dump() + " is none of " + schema["enum"].dump();
    if (!schema.contains("type")) return {};
    const std::string type = schema["type"];
    if (type == "object") return object(schema, value);
    if (type == "array") return array(schema, value);
    if (type == "string") return text(schema, value);
    if (type == "integer") return integer(schema, value);
    if (type == "boolean") return value.is_boolean() ? "" : "is no boolean";
    return "the schema says \"" + type + "\"";
  }

 private:
  std::string one_of(const json& choices, const json& value) const {
    std::size_t fits = 0;
    std::string why;
    for (const auto& choice : choices) {
      const auto problem = check(choice, value);
      if (problem.empty()) ++fits;
      // Of a frame's types, the one that it says it is.
      if (problem.find("t is not") == std::string::npos) why += problem + "; ";
    }
    if (fits == 1) return {};
    return fits == 0 ? "fits nothing: " + why : "fits several";
  }
  std::string object(const json& schema, const json& value) const {
    if (!value.is_object()) return "is no object";
    const json& properties = schema["properties"];
    for (const auto& name : schema.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) return name.get<std::string>() + " is missing";
    }
    for (const auto& [name, member] : value.items()) {
      if (!properties.contains(name)) return name + " is unknown";
      if (const auto problem = check(properties[name], member); !problem.empty()) return name + " " + problem;
    }
    return {};
  }
  std::string array(const json& schema, const json& value) const {
    if (!value.is_array()) return "is no array";
    if (value.size() < schema.value("minItems", std::size_t{0})) return "has too few";
    if (value.size() > schema.value("maxItems", SIZE_MAX)) return "has too many";
    for (const auto& item : value) {
      if (const auto problem = check(schema["items"], item); !problem.empty()) return "holds: " + problem;
    }
    return {};
  }
  static std::string text(const json& schema, const json& value) {
    if (!value.is_string()) return "is no string";
    const std::string text = value;
    const auto length = static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
    if (length < schema.value("minLength", std::size_t{0})) return "is too short";
    if (length > schema.value("maxLength", SIZE_MAX)) return "is too long";
    if (schema.contains("pattern") &&
        !std::regex_search(text, std::regex(schema["pattern"].get<std::string>())))
      return "does not match";
    return {};
  }
  static std::string integer(const json& schema, const json& value) {
    if (!value.is_number_integer()) return "is no integer";
    if (value < schema.value("minimum", json(INT64_MIN))) return "is too small";
    if (value > schema.value("maximum", json(UINT64_MAX))) return "is too big";
    return {};
  }

  const json& document_;
};

}  // namespace

std::string schema_problem(const json& schema, const std::string& part, const json& value) {
  return Checker(schema).check(schema.at(json::json_pointer(part)), value);
}

}  // namespace tongke::test
