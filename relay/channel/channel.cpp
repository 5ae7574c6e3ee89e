#include "relay/channel/channel.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "relay/hls/compat.hpp"

namespace tongke::relay::channel {
namespace {

using namespace std::chrono_literals;

/// A lesson's stretch may be late by this before the picture takes its place: a busy machine, a slate that
/// is being put up.
constexpr auto kPatience = 8s;
/// Who begins has so many pieces at once.
constexpr std::uint32_t kFirstPieces = 3;
constexpr std::size_t kPictureLetters = 16;
/// Four weeks of rest, and longer than any clip.
constexpr std::uint32_t kMostRests = 604'800;

}  // namespace

void Channel::add(List::Piece piece) {
  *listed_to_ += piece.duration;
  list_.add(std::move(piece));
}

void Channel::advance(Time now, const std::optional<Showing>& lesson, const Resting& resting) {
  // What nobody was there for is not made up for beyond what a list holds.
  const Time earliest = now - (List::kWindow - 1) * kRestPiece;
  listed_to_ = listed_to_ ? std::max(*listed_to_, earliest) : now - kFirstPieces * kRestPiece;
  if (lesson && show(now, *lesson) && *listed_to_ + kPatience > now) return;
  rest(now, resting);
}

/// @return whether it is what is on, be it that its next stretch is only on its way
bool Channel::show(Time now, const Showing& lesson) {
  if (lesson.snapshot == nullptr) return false;
  const auto all = hls::stretches(*lesson.snapshot);
  const bool joins = lesson_ != lesson.lesson;
  if (all.empty() || (joins && !lesson.on_air)) return false;
  if (joins) {
    // The newest only: who was here before has seen something else until now.
    const std::size_t wanted = list_.empty() ? kFirstPieces : 1;
    const std::uint32_t first = all[all.size() - std::min(wanted, all.size())].number;
    next_ = known_ == lesson.lesson ? std::max(next_, first) : first;
    known_ = lesson.lesson;
  }
  bool jumps = joins;
  bool added = false;
  for (const hls::Stretch& stretch : all) {
    if (stretch.number < next_) continue;
    jumps = jumps || stretch.number != next_ || stretch.discontinuity;
    std::string uri = "/hls/";
    uri.append(lesson.token).append("/").append(lesson.lesson).append("/compat/");
    add({uri + std::to_string(stretch.number) + ".ts", stretch.duration, jumps && !list_.empty()});
    next_ = stretch.number + 1;
    jumps = false;
    added = true;
  }
  if (added) {
    // However much it was: it is live.
    listed_to_ = std::max(*listed_to_, now);
    lesson_ = lesson.lesson;
    rests_ = 0;
    clip_on_ = false;
  }
  return added || (lesson.on_air && !joins);
}

void Channel::rest(Time now, const Resting& resting) {
  while (*listed_to_ <= now) {
    lesson_.clear();
    if (play_clip(resting)) continue;
    const bool breaks = rests_ == 0 && !list_.empty();
    add({std::string(resting.base) + to_string({resting.name, rests_}), kRestPiece, breaks});
    ++rests_;
    clip_on_ = false;
  }
}

/// @return whether there was a piece of it to play
bool Channel::play_clip(const Resting& resting) {
  if (!resting.clip) return false;
  const Resting::Clip& clip = *resting.clip;
  if (std::exchange(occasion_, clip.occasion) != clip.occasion) {
    clip_next_ = 0;
    clip_on_ = false;
  }
  if (clip_next_ >= clip.pieces) return false;
  const bool breaks = !clip_on_ && !list_.empty();
  add({std::string(clip.base) + to_string({clip.name, clip_next_}), kRestPiece, breaks});
  ++clip_next_;
  clip_on_ = true;
  rests_ = 0;
  return true;
}

std::string to_string(const RestName& name) {
  return std::string(name.picture) + "." + std::to_string(name.number) + ".ts";
}

std::optional<RestName> parse_rest_name(std::string_view file) {
  constexpr std::string_view kSuffix = ".ts";
  if (file.size() <= kPictureLetters + 1 || file[kPictureLetters] != '.' || !file.ends_with(kSuffix))
    return std::nullopt;
  RestName name{.picture = file.substr(0, kPictureLetters)};
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (!std::ranges::all_of(name.picture, is_hex)) return std::nullopt;
  file.remove_suffix(kSuffix.size());
  if (file.size() <= kPictureLetters + 1) return std::nullopt;
  file.remove_prefix(kPictureLetters + 1);
  const auto [end, error] = std::from_chars(file.data(), file.data() + file.size(), name.number);
  const bool whole = error == std::errc() && end == file.data() + file.size();
  if (!whole || name.number >= kMostRests || (file.size() > 1 && file.front() == '0')) return std::nullopt;
  return name;
}

}  // namespace tongke::relay::channel
