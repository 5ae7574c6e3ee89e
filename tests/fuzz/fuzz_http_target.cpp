#include <cstdlib>

#include "relay/http/conditions.hpp"
#include "relay/http/gzip.hpp"
#include "relay/http/router.hpp"
#include "relay/http/target.hpp"

using namespace tongke;

namespace {

const relay::http::Router& routes() {
  static const auto router = [] {
    relay::http::Router r;
    const relay::http::Handler none = [](auto, auto) {};
    for (const char* pattern : {"/", "/hls/{token}/{lesson}/{file...}", "/hls/{token}/{lesson}/master.m3u8",
                                "/{file...}", "/a/{b}/c", "/a/b/{c}"}) {
      r.add("GET", pattern, relay::http::Where::worker, none);
    }
    return r;
  }();
  return router;
}

}  // namespace

// Input: a request target, then optionally a newline and a header value. What is accepted
// is normal: decoding it found no way up, and looking it up stays inside the path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto newline = input.find('\n');
  const std::string_view target = input.substr(0, newline);
  const auto question = target.find('?');

  if (const auto path = relay::http::normalise_path(target.substr(0, question))) {
    if (path->empty() || path->front() != '/' || path->find('\0') != std::string::npos) std::abort();
    for (const auto element : relay::http::split_path(*path)) {
      if (element == ".." || element == ".") std::abort();
    }
    const auto match = routes().find("GET", *path);
    if (match.route && match.values.size() != match.route->names.size()) std::abort();
    for (const auto value : match.values) {
      if (!value.empty() && path->find(value) == std::string::npos) std::abort();
    }
  }
  if (question != std::string_view::npos) {
    const std::string_view query = target.substr(question + 1);
    if (relay::http::check_query(query)) {
      const auto value = relay::http::query_value(query, "_HLS_msn");
      if (value && value->size() > query.size()) std::abort();
    }
  }
  if (newline != std::string_view::npos) {
    const std::string_view header = input.substr(newline + 1);
    const auto range = relay::http::decide_range(header, 1000);
    if (range.outcome == relay::http::RangeOutcome::partial &&
        (range.range.length == 0 || range.range.first + range.range.length > 1000)) {
      std::abort();
    }
    (void)relay::http::etag_matches(header, "\"abc\"");
    (void)relay::http::accepts_gzip(header);
  }
  return 0;
}
