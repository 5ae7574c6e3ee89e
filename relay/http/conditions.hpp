#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// Conditional and partial requests as pure functions.  @source RFC 9110 sections 13 and 14
namespace tongke::relay::http {

/// Does an If-None-Match value name `etag` (weak comparison), so that the answer is 304?
[[nodiscard]] bool etag_matches(std::string_view if_none_match, std::string_view etag);

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};
enum class RangeOutcome {
  whole,          ///< no usable Range: answer 200. Several ranges count as none, as a server may choose
  partial,        ///< answer 206 with `range`
  unsatisfiable,  ///< answer 416
};
struct RangeDecision {
  RangeOutcome outcome = RangeOutcome::whole;
  ByteRange range;
};
/// What a Range header means for a body of `size` bytes.
[[nodiscard]] RangeDecision decide_range(std::string_view header, std::uint64_t size);

}  // namespace tongke::relay::http
