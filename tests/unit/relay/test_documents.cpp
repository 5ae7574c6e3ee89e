#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "relay/app/server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace tongke::test {
namespace {

namespace fs = std::filesystem;
using relay::app::Settings;
using Names = std::set<std::string>;

/// A file of docs/.
std::string document(const std::string& name) {
  std::ifstream in(fs::path(SOURCE) / "docs" / name);
  std::ostringstream text;
  text << in.rdbuf();
  REQUIRE(in);
  return std::move(text).str();
}

std::string sample() {
  Settings settings;
  return Settings::schema(settings).sample();
}

/// Defaults on free ports, with the pages' sources as pages: which there are is all that matters here.
Settings free_settings(const fs::path& pages) {
  fs::create_directories(pages);
  for (const auto& entry : fs::directory_iterator(fs::path(SOURCE) / "player-web")) {
    if (entry.path().extension() == ".html") fs::copy(entry.path(), pages / entry.path().filename());
  }
  Settings settings;
  const std::string toml = std::regex_replace(sample(), std::regex("\nport = [0-9]+"), "\nport = 0");
  REQUIRE(Settings::schema(settings).load(toml, "sample", {}));
  settings.http.pages = pages.string();
  return settings;
}

/// "GET /path" of every operation; the file is our own, so its layout is known.
Names described(const std::string& yaml) {
  static const std::regex kPath("  (/.*):"), kMethod("    (get|put|post|delete|patch):");
  Names found;
  std::istringstream lines(yaml.substr(yaml.find("\npaths:")));
  std::string path;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, kPath)) {
      path = match[1];
    } else if (std::regex_match(line, match, kMethod)) {
      std::string method = match[1];
      std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      found.insert(method + " " + path);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("openapi.yaml describes every route of the wired server, and no other") {
  const TempDir folder;
  const Settings settings = free_settings(folder.path() / "pages");
  auto data = relay::app::DataDir::open(folder.path() / "data");
  REQUIRE(data);
  base::glib::MainLoop control;
  const auto server = relay::app::Server::create(settings, std::move(*data), control);
  REQUIRE(server);
  Names served;
  for (const auto& route : (*server)->routes()) {
    if (route.method != "OPTIONS") served.insert(route.method + " " + route.pattern);
  }
  CHECK(served == described(document("api/openapi.yaml")));
}

TEST_CASE("tongke.sample.toml is what `tongke config sample` prints") {
  INFO("to write it anew: build/release/tongke config sample >docs/tongke.sample.toml");
  CHECK(document("tongke.sample.toml") == sample());
}

}  // namespace tongke::test
