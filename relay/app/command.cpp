#include "relay/app/command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/text.hpp"

namespace tongke::relay::app {

using nlohmann::json;

int fail(const base::Error& error, bool as_json) {
  if (as_json) {
    json problem = {{"code", to_string(error.kind)}, {"message", error.message}};
    if (!error.field.empty()) problem["field"] = error.field;
    std::cout << json{{"error", problem}}.dump() << '\n';
  }
  std::cerr << text("error") << ": " << error.message;
  if (!error.field.empty()) std::cerr << " (" << error.field << ")";
  std::cerr << '\n';
  return 1;
}

}  // namespace tongke::relay::app
