#include "relay/app/command.hpp"

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/control_socket.hpp"
#include "relay/app/data_dir.hpp"
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

base::Result<std::optional<json>> ask_running(const Common& common, const std::string& command,
                                              const json& arguments) {
  auto answer = ask_server(std::filesystem::path(common.data) / DataDir::kControlSocket,
                           json{{"command", command}, {"arguments", arguments}}.dump());
  if (!answer) return std::move(answer).error();
  if (!*answer) return std::optional<json>();
  const json parsed = json::parse(**answer, nullptr, false);
  if (const auto ok = parsed.find("ok"); ok != parsed.end()) return std::optional<json>(*ok);
  const json error = parsed.value("error", json::object());
  return base::Error{base::Errc::internal, error.value("message", "the server's answer makes no sense"),
                     error.value("field", "")};
}

}  // namespace tongke::relay::app
