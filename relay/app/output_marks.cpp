#include "relay/app/output_marks.hpp"

#include <fstream>

#include "base/log.hpp"

namespace tongke::relay::app {
namespace {

constexpr char kBetween = '@';  // in no lesson's id and no destination's name

}  // namespace

void OutputMarks::set(const std::string& lesson, const std::string& destination, bool on) const {
  const auto path = folder_ / (lesson + kBetween + destination);
  std::error_code error;
  bool done = false;
  if (on) {
    std::filesystem::create_directories(folder_, error);
    done = static_cast<bool>(std::ofstream(path));
  } else {
    std::filesystem::remove(path, error);
    done = !error;
  }
  if (!done)
    base::log::error("output not noted for the next start",
                     {{"lesson", lesson}, {"destination", destination}});
}

std::vector<std::pair<std::string, std::string>> OutputMarks::all() const {
  std::vector<std::pair<std::string, std::string>> marked;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    const auto at = name.find(kBetween);
    if (at != std::string::npos) marked.emplace_back(name.substr(0, at), name.substr(at + 1));
  }
  return marked;
}

}  // namespace tongke::relay::app
