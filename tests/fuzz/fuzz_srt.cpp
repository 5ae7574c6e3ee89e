#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "relay/ingest/srt/stream_id.hpp"
#include "relay/ingest/srt/ts_splitter.hpp"

using namespace tongke;
using namespace tongke::relay::ingest;

// Any text is a stream id or a fault. Of any bytes only whole packets come out, never more
// than went in, and little is held. The first byte says in which pieces they come.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto id = srt::parse_stream_id(text);
  if ((id.fault == srt::StreamId::Fault::none) != (!id.lesson.empty() && !id.key.empty())) std::abort();

  std::size_t out = 0;
  srt::TsSplitter splitter([&](const Chunk& chunk) {
    if (chunk.bytes.empty() || chunk.bytes.size() % srt::TsSplitter::kPacket != 0) std::abort();
    if (chunk.bytes[0] != 0x47 || chunk.slot > 1) std::abort();
    out += chunk.bytes.size();
  });
  const base::ByteView stream(data + 1, size - 1);
  const std::size_t step = std::size_t{data[0]} * 8 + 1;
  std::size_t in = 0;
  for (; in < stream.size(); in += step) {
    const auto piece = stream.subspan(in, std::min(step, stream.size() - in));
    splitter.receive(piece);
    if (out + splitter.skipped() > in + piece.size()) std::abort();
  }
  return 0;
}
