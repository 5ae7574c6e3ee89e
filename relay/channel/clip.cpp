#include "relay/channel/clip.hpp"

#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::channel {
namespace {

namespace fs = std::filesystem;
namespace log = base::log;

/// While lessons are on air it takes what they leave.
constexpr int kNice = 15;
constexpr std::size_t kNameBytes = 8;
/// Of how it is made: another one makes every clip anew.
constexpr const char* kVersion = "1";

/// Says another for another file, or one that has changed.  @return empty when it is not there
std::string name_of(const fs::path& source) {
  std::error_code error;
  const auto size = fs::file_size(source, error);
  if (error) return {};
  const auto changed = fs::last_write_time(source, error).time_since_epoch().count();
  const auto digest = school::crypto::sha256(base::as_bytes(
      kVersion + source.string() + '\n' + std::to_string(size) + '\n' + std::to_string(changed)));
  return school::crypto::hex(base::ByteView(digest).first(kNameBytes));
}

}  // namespace

Clip::Clip(base::glib::MainLoop& control, Options options)
    : control_(control), options_(std::move(options)) {}

void Clip::prepare() {
  if (options_.source.empty()) return;
  const std::string name = name_of(options_.source);
  if (name.empty())
    return log::warn("no clip for eye exercises: the file is not there",
                     {{"file", options_.source.string()}});
  std::error_code ignored;
  if (fs::exists(options_.folder / name, ignored)) return found(name);
  // One at a time is kept.
  fs::remove_all(options_.folder, ignored);
  const fs::path part = options_.folder / (name + ".part");
  fs::create_directories(part, ignored);
  auto process = base::glib::Process::spawn(
      control_.context(),
      {.argv = {options_.pipeline, "clip", "--in", options_.source.string(), "--out", part.string()},
       .fds = {},
       .nice = kNice},
      [this, name](const base::glib::ProcessExit& exit) { done(name, exit); });
  if (!process) return log::warn("no clip for eye exercises", {{"why", process.error().message}});
  log::info("making the eye exercises' clip", {{"file", options_.source.string()}});
  process_ = std::move(*process);
}

void Clip::done(const std::string& name, const base::glib::ProcessExit& exit) {
  std::error_code error;
  const fs::path part = options_.folder / (name + ".part");
  if (exit.ok()) fs::rename(part, options_.folder / name, error);
  if (exit.ok() && !error) return found(name);
  log::warn("no clip for eye exercises",
            {{"file", options_.source.string()}, {"why", error ? error.message() : exit.text()}});
  fs::remove_all(part, error);
}

void Clip::found(const std::string& name) {
  std::error_code error;
  std::uint32_t pieces = 0;
  for (const fs::path folder = options_.folder / name;
       fs::exists(folder / (std::to_string(pieces) + ".ts"), error);)
    ++pieces;
  if (pieces == 0) return;
  made_ = Made{.name = name, .pieces = pieces};
  log::info("the eye exercises' clip is there", {{"seconds", (pieces * kRestPiece).count()}});
}

std::optional<fs::path> Clip::piece(const RestName& name) const {
  if (!made_ || made_->name != name.picture || name.number >= made_->pieces) return std::nullopt;
  return options_.folder / made_->name / (std::to_string(name.number) + ".ts");
}

}  // namespace tongke::relay::channel
