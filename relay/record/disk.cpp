#include "relay/record/disk.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/fd.hpp"

namespace tongke::relay::record {
namespace {

// About 2,000 journal lines: half an hour of "audio" at 200 ms parts needs twice that, but
// a loss line or an end needs one.
constexpr std::uint64_t kReserveBytes = 256U << 10U;
constexpr int kMaxHoldFactor = 12;

Level below(Level level) noexcept {
  return level == Level::nothing ? level : static_cast<Level>(static_cast<std::uint8_t>(level) - 1);
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  constexpr std::array<std::string_view, 5> kNames = {"nothing", "audio", "source_audio", "source", "all"};
  return kNames[static_cast<std::size_t>(level)];
}

std::string_view to_string(Trouble trouble) noexcept {
  constexpr std::array<std::string_view, 6> kNames = {"none",     "disk_low", "disk_full",
                                                      "io_error", "overload", "conflict"};
  return kNames[static_cast<std::size_t>(trouble)];
}

Level needs(std::string_view rendition, live::TrackKind kind) noexcept {
  if (rendition == "audio") return Level::audio;
  if (kind == live::TrackKind::audio) return Level::source_audio;
  return rendition == "src" ? Level::source : Level::all;
}

Disk::Disk(Layout layout, Limits limits)
    : layout_(std::move(layout)), min_free_(limits.min_free), retry_after_(limits.retry_after) {}

void Disk::poll() {
  struct statvfs info {};
  if (statvfs(layout_.root().c_str(), &info) != 0) return;
  const std::uint64_t free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
  const Level now = affordable(free);
  if (now < level_) {
    level_ = now;
    trouble_ = Trouble::disk_low;
  } else if (now > level_ && base::Steady::now() >= hold_until_) {
    level_ = now;
    trouble_ = now == Level::all ? Trouble::none : Trouble::disk_low;
  }
  if (level_ == Level::all) keep_reserve(free);
}

// Going up takes a quarter more than staying, so that the level does not flutter.
Level Disk::affordable(std::uint64_t free) const noexcept {
  const std::uint64_t min_free = min_free_.load(std::memory_order_relaxed);
  const auto enough = [&](Level level, std::uint64_t limit) {
    return free >= (level > level_ ? limit + limit / 4 : limit);
  };
  if (enough(Level::all, min_free)) return Level::all;
  if (enough(Level::source, min_free / 2)) return Level::source;
  if (enough(Level::source_audio, min_free / 4)) return Level::source_audio;
  if (level_ == Level::nothing && free < min_free / 16) return Level::nothing;
  return Level::audio;
}

void Disk::failed(const base::Error& error, Level needed) {
  const auto now = base::Steady::now();
  const bool again = now < hold_until_ + hold_;
  hold_ = again ? std::min(hold_ * 2, retry_after_ * kMaxHoldFactor) : retry_after_;
  hold_until_ = now + hold_;
  if (needed <= level_) level_ = below(level_);
  trouble_ = error.kind == base::Errc::overload ? Trouble::disk_full : Trouble::io_error;
}

bool Disk::release_reserve() noexcept {
  reserved_ = false;
  return unlink(layout_.reserve().c_str()) == 0;
}

void Disk::keep_reserve(std::uint64_t free) noexcept {
  if (reserved_ || free < min_free_ + 2 * kReserveBytes) return;
  const base::Fd fd(::open(layout_.reserve().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  reserved_ = fd && posix_fallocate(fd.get(), 0, static_cast<off_t>(kReserveBytes)) == 0;
}

}  // namespace tongke::relay::record
