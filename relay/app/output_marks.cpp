#include "relay/app/output_marks.hpp"

#include <fstream>
#include <string_view>

#include "base/log.hpp"

namespace tongke::relay::app {
namespace {

constexpr char kBetween = '@';  // in no lesson's id and no destination's name
/// A file's words: a cut's has its time after it, in ms. An empty one is of an output that goes on.
constexpr std::string_view kCut = "cut";
constexpr std::string_view kStays = "stays";

output::Note note_in(const std::filesystem::path& path) {
  output::Note note{.goes_on = true};
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    std::int64_t at = 0;
    if (word == kStays) note.goes_on = false;
    if (word == kCut && file >> at) note.cut = base::WallTime(std::chrono::milliseconds(at));
  }
  return note;
}

// Whole or not at all: a cut that was written by half would be none.
bool write(const std::filesystem::path& path, const output::Note& note) {
  const std::filesystem::path fresh = path.string() + ".new";
  std::ofstream file(fresh);
  if (!note.goes_on) file << kStays << ' ';
  if (note.cut) file << kCut << ' ' << note.cut->time_since_epoch().count() << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(fresh, path, error);
  return file && !error;
}

}  // namespace

void OutputMarks::set(const std::string& lesson, const std::string& destination,
                      const output::Note& note) const {
  const auto path = folder_ / (lesson + kBetween + destination);
  std::error_code error;
  bool done = false;
  if (note.goes_on || note.cut) {
    std::filesystem::create_directories(folder_, error);
    done = write(path, note);
  } else {
    std::filesystem::remove(path, error);
    done = !error;
  }
  if (!done)
    base::log::error("output not noted for the next start",
                     {{"lesson", lesson}, {"destination", destination}});
}

std::vector<OutputMarks::Mark> OutputMarks::all() const {
  std::vector<Mark> marked;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    const auto at = name.find(kBetween);
    if (at != std::string::npos)
      marked.push_back(
          {.lesson = name.substr(0, at), .destination = name.substr(at + 1), .note = note_in(entry.path())});
  }
  return marked;
}

}  // namespace tongke::relay::app
