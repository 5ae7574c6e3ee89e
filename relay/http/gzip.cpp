#include "relay/http/gzip.hpp"

#include <zlib.h>

#include <cstdlib>
#include <string>

#include "relay/http/reply.hpp"

namespace tongke::relay::http {
namespace {

/// Below this a packet is a packet.
constexpr std::size_t kWorthCompressing = 600;
constexpr int kLiveLevel = 1;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Is the weight of "gzip;q=0.5" above zero?
bool wanted(std::string_view parameters) {
  const auto q = parameters.find("q=");
  if (q == std::string_view::npos) return true;
  return parameters.substr(q + 2).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    const auto comma = accept_encoding.find(',');
    const std::string_view one = accept_encoding.substr(0, comma);
    const auto semicolon = one.find(';');
    const std::string_view name = trimmed(one.substr(0, semicolon));
    const bool takes = semicolon == std::string_view::npos || wanted(one.substr(semicolon + 1));
    if (name == "gzip" || name == "x-gzip") return takes;
    if (name == "*") any = takes;
    accept_encoding.remove_prefix(comma == std::string_view::npos ? accept_encoding.size() : comma + 1);
  }
  return any;
}

base::SharedBytes gzip(base::ByteView bytes, int level) {
  constexpr int kGzipWrapper = 16;
  constexpr int kMemory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + kGzipWrapper, kMemory, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    std::abort();  // constant arguments: out of memory is all it can be
  }
  std::vector<std::uint8_t> out(deflateBound(&stream, bytes.size()));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // deflateBound made room for all of it
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return base::SharedBytes(std::move(out));
}

void compress_for(const Request& request, Response& response) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (response.status != 200 || total_size(response.body) < kWorthCompressing) return;
  if (!accepts_gzip(request.header("Accept-Encoding").value_or(""))) return;
  std::vector<std::uint8_t> whole;
  base::ByteView view = response.body.front().view();
  if (response.body.size() > 1) {
    for (const auto& piece : response.body)
      whole.insert(whole.end(), piece.view().begin(), piece.view().end());
    view = whole;
  }
  response.body = {gzip(view, kLiveLevel)};
  response.headers.emplace_back("Content-Encoding", "gzip");
  for (auto& [name, value] : response.headers) {
    if (name == "ETag" && !value.starts_with("W/")) value.insert(0, "W/");
  }
}

}  // namespace tongke::relay::http
