#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tongke::relay::ingest::srt {

/// What a caller's stream id asks for.
struct StreamId {
  enum class Fault : std::uint8_t {
    none,
    malformed,       ///< neither of the two forms, or a part of it is missing
    not_publishing,  ///< asks to receive, or for both directions
    not_a_stream     ///< asks to send a file or something else
  };
  Fault fault = Fault::none;
  std::string lesson;  ///< set when there is no fault, as is `key`
  std::string key;
};

/// Understands `publish:<lesson>:<key>`, and `#!::m=publish,r=<lesson>,key=<key>` with its
/// pairs in any order; pairs that mean nothing to us are ignored. A key may hold colons.
/// @source SRT Access Control (haivision/srt docs/features/access-control.md): "#!:" keyed
///         form, keys r, m, t and user-defined names; m defaults to "request"
[[nodiscard]] StreamId parse_stream_id(std::string_view text);

}  // namespace tongke::relay::ingest::srt
