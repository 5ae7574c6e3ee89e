#pragma once

namespace tongke::test {

/// How much slower and larger everything may be: sanitizers multiply both.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlower = 8;
#else
inline constexpr int kSlower = 1;
#endif

}  // namespace tongke::test
