#include "relay/app/invocation.hpp"

#include <filesystem>

namespace tongke::relay::app {

std::string invocation(std::string_view verbs, const std::string& data) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path relative = program.lexically_relative(fs::current_path(error));
  const bool near = !error && !relative.empty() && *relative.begin() != "..";
  std::string line = (error ? fs::path("tongke") : near ? fs::path(".") / relative : program).string();
  line += ' ';
  line += verbs;
  if (data != kDefaultData) line += " --data " + data;
  return line;
}

}  // namespace tongke::relay::app
