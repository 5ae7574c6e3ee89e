#include "relay/hls/gzip.hpp"

#include <cstdlib>

namespace tongke::relay::hls {

void Deflated::append(const Deflated& next) {
  bytes.insert(bytes.end(), next.bytes.begin(), next.bytes.end());
  crc = static_cast<std::uint32_t>(crc32_combine(crc, next.crc, static_cast<z_off_t>(next.size)));
  size += next.size;
}

Deflater::Deflater() {
  constexpr int kRawDeflate = -15;
  // Fails only without memory, which ends the process anyway.
  if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawDeflate, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    std::abort();
}

Deflater::~Deflater() { deflateEnd(&stream_); }

Deflated Deflater::deflate(std::string_view text, bool last) {
  deflateReset(&stream_);
  Deflated out;
  out.size = text.size();
  const base::ByteView input = base::as_bytes(text);
  out.crc = static_cast<std::uint32_t>(
      ::crc32(::crc32(0, nullptr, 0), input.data(), static_cast<uInt>(input.size())));
  // A full flush adds at most an empty stored block to what deflateBound promises.
  out.bytes.resize(deflateBound(&stream_, static_cast<uLong>(text.size())) + 16);
  stream_.next_in = const_cast<Bytef*>(input.data());  // zlib's interface predates const; it does not write
  stream_.avail_in = static_cast<uInt>(input.size());
  stream_.next_out = out.bytes.data();
  stream_.avail_out = static_cast<uInt>(out.bytes.size());
  // A full flush ends on a byte boundary and lets nothing later refer back: pieces are independent.
  ::deflate(&stream_, last ? Z_FINISH : Z_FULL_FLUSH);
  out.bytes.resize(out.bytes.size() - stream_.avail_out);
  return out;
}

std::vector<std::uint8_t> gzip_header() { return {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3}; }

void append_gzip_trailer(std::vector<std::uint8_t>& bytes, std::uint32_t crc, std::uint64_t size) {
  for (const std::uint32_t word : {crc, static_cast<std::uint32_t>(size)}) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  }
}

}  // namespace tongke::relay::hls
