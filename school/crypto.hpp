#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

/// The little cryptography links and keys need; OpenSSL's border of school/.
namespace tongke::school::crypto {

using Digest = std::array<std::uint8_t, 32>;

/// Unguessable bytes; aborts if the system has no entropy to give.  @thread any
[[nodiscard]] std::vector<std::uint8_t> random_bytes(std::size_t count);

/// @source FIPS 180-4   @thread any
[[nodiscard]] Digest sha256(base::ByteView data);
/// @source RFC 2104, FIPS 180-4   @thread any
[[nodiscard]] Digest hmac_sha256(base::ByteView key, base::ByteView data);

/// Takes the same time wherever the first difference is.  @thread any
[[nodiscard]] bool equal(base::ByteView a, base::ByteView b) noexcept;

/// URL-safe base64 without padding.  @source RFC 4648 section 5
[[nodiscard]] std::string base64url(base::ByteView bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

/// Two lower-case digits a byte.
[[nodiscard]] std::string hex(base::ByteView bytes);

/// `count` random letters and digits that nobody mistakes for one another when reading
/// them out on the phone (Crockford's base32, lower case): 5 bits each.
[[nodiscard]] std::string readable_id(std::size_t count);

}  // namespace tongke::school::crypto
