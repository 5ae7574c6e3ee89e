#pragma once

/// Clang's -Wthread-safety attributes; they vanish under GCC.
/// @source https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#if defined(__clang__)
#define TONGKE_CAPABILITY(name) __attribute__((capability(name)))
#define TONGKE_SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define TONGKE_GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define TONGKE_ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define TONGKE_RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TONGKE_REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#else
#define TONGKE_CAPABILITY(name)
#define TONGKE_SCOPED_CAPABILITY
#define TONGKE_GUARDED_BY(lock)
#define TONGKE_ACQUIRE(...)
#define TONGKE_RELEASE(...)
#define TONGKE_REQUIRES(...)
#endif
