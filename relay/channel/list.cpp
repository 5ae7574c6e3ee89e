#include "relay/channel/list.hpp"

#include <algorithm>
#include <utility>

#include "relay/hls/text.hpp"

namespace tongke::relay::channel {

void List::add(Piece piece) {
  // It must not change, but a piece must not be longer either: a teacher's encoder with keyframes far apart.
  target_ = std::max(target_, std::chrono::round<std::chrono::seconds>(piece.duration));
  pieces_.push_back(std::move(piece));
  if (pieces_.size() <= kWindow) return;
  pieces_.pop_front();
  ++first_;
  // The tag before the first piece is not listed, so it counts as gone with those before it.
  if (pieces_.front().discontinuity) ++discontinuities_;
}

std::string List::text() const {
  std::string text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:";
  hls::append(text, target_.count());
  text += "\n#EXT-X-MEDIA-SEQUENCE:";
  hls::append(text, first_);
  text += "\n#EXT-X-DISCONTINUITY-SEQUENCE:";
  hls::append(text, discontinuities_);
  text += '\n';
  for (const Piece& piece : pieces_) {
    if (piece.discontinuity && &piece != &pieces_.front()) text += "#EXT-X-DISCONTINUITY\n";
    text += "#EXTINF:";
    hls::append_seconds(text, piece.duration);
    text += ",\n" + piece.uri + "\n";
  }
  return text;
}

}  // namespace tongke::relay::channel
