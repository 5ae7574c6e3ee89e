#include "relay/channel/rests.hpp"

#include <algorithm>
#include <utility>

#include "relay/channel/ts_times.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::channel {
namespace {

constexpr std::size_t kNameBytes = 8;
constexpr std::uint64_t kTicks = 90'000;  // a second

base::Result<base::SharedBytes> moved(const base::SharedBytes& half, std::uint32_t number) {
  // The second half is made four seconds late already.
  const std::uint64_t whole = number - number % 2;
  auto bytes = move_times(half.view(), whole * kRestPiece.count() * kTicks);
  if (!bytes) return std::move(bytes).error();
  return base::SharedBytes(std::move(*bytes));
}

}  // namespace

std::string Rests::name(const Words& words) {
  const auto digest = school::crypto::sha256(base::as_bytes(words.heading + '\n' + words.text));
  std::string name = school::crypto::hex(base::ByteView(digest).first(kNameBytes));
  if (find(name) == nullptr) {
    pictures_.push_front({.name = name, .words = words, .halves = {}});
    if (pictures_.size() > kMost) pictures_.pop_back();
  }
  return name;
}

Rests::Picture* Rests::find(std::string_view name) {
  const auto found = std::ranges::find(pictures_, name, &Picture::name);
  if (found == pictures_.end()) return nullptr;
  pictures_.splice(pictures_.begin(), pictures_, found);
  return &pictures_.front();
}

void Rests::piece(const RestName& name, Done done) {
  const Picture* picture = find(name.picture);
  if (picture == nullptr) return done(base::Error{base::Errc::not_found, "no such picture"});
  const std::size_t half = name.number % 2;
  if (const auto& made = picture->halves.at(half); !made.empty()) return done(moved(made, name.number));
  ts_->make("rest/" + to_string({picture->name, static_cast<std::uint32_t>(half)}),
            {.rest =
                 hls::TsInput::Rest{
                     .heading = picture->words.heading, .text = picture->words.text, .second = half == 1}},
            [weak = weak_from_this(), key = picture->name, half, number = name.number,
             done = std::move(done)](const base::Result<base::SharedBytes>& made) {
              if (!made) return done(made);
              if (const auto self = weak.lock()) {
                if (Picture* found = self->find(key)) found->halves.at(half) = *made;
              }
              done(moved(*made, number));
            });
}

}  // namespace tongke::relay::channel
