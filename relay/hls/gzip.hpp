#pragma once

#include <zlib.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// gzip made of pieces, so that the long unchanging part of a playlist is compressed once
/// and only what is new is compressed for every update.
namespace tongke::relay::hls {

/// A run of whole raw-deflate blocks; pieces can be put one after the other.
struct Deflated {
  std::vector<std::uint8_t> bytes;
  std::uint32_t crc = 0;   ///< of the text
  std::uint64_t size = 0;  ///< of the text

  /// Appends a later piece.
  void append(const Deflated& next);
};

/// @thread one at a time
class Deflater {
 public:
  Deflater();
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  /// @param last the stream ends after this piece
  [[nodiscard]] Deflated deflate(std::string_view text, bool last);

 private:
  z_stream stream_{};
};

/// RFC 1952: what precedes the first piece, and what follows the last.
[[nodiscard]] std::vector<std::uint8_t> gzip_header();
void append_gzip_trailer(std::vector<std::uint8_t>& bytes, std::uint32_t crc, std::uint64_t size);

}  // namespace tongke::relay::hls
