#!/usr/bin/env bash
# The steps behind ./check, each timed and counted; the last line says how many passed.
set -uo pipefail
cd "$(dirname "$0")/../.."
what=$1
export logs=build/check
mkdir -p "$logs"
passed=0
failed=()
# The leak checker of GCC 12 and Clang 14 reads thread-local blocks that are gone, and dies of it, unless it is told not to
# keep them.
export ASAN_OPTIONS=fast_unwind_on_malloc=0:detect_stack_use_after_return=0:intercept_tls_get_addr=0
export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=suppressions=$PWD/tests/support/tsan.supp:history_size=4

# step NAME COMMAND…: runs it quietly, shows its end when it fails.
step() {
  local name=$1 begin=$SECONDS
  shift
  if "$@" >"$logs/$name.log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok    %-28s %4d s\n' "$name" $((SECONDS - begin))
  else
    failed+=("$name")
    printf 'FAIL  %-28s %4d s   (%s)\n' "$name" $((SECONDS - begin)) "$logs/$name.log"
    tail -n 60 "$logs/$name.log"
  fi
}
build() { # PRESET [TARGET…]
  cmake --preset "$1" && cmake --build "build/$1" ${2:+--target "${@:2}"}
}
tests() { # PRESET [CTEST ARGS…]; most of the time they wait for media, so more run than there are cores
  ctest --test-dir "build/$1" -j "$(($(nproc) + 1))" --output-on-failure --no-tests=error "${@:2}"
}
fuzz_one() { # FUZZER: over its corpus, then a short search from there
  local name=${1##*/fuzz_}
  mkdir -p "build/asan/corpus/$name" "tests/fuzz/corpus/$name"
  "$1" -timeout=10 -rss_limit_mb=2048 -max_total_time=10 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="$logs/" "build/asan/corpus/$name" "tests/fuzz/corpus/$name" >"$logs/fuzz-$name.log" 2>&1 &&
    echo "ok $name" || { echo "FAIL $name"; tail -n 40 "$logs/fuzz-$name.log"; return 1; }
}
export -f fuzz_one
fuzz_all() { printf '%s\0' build/asan/fuzz_* | xargs -0 -P "$(nproc)" -I{} bash -c 'fuzz_one {}'; }
npm_tests() { docker/install-node-modules tests && npm --prefix tests run --silent "$1"; }
pages_tests() { npm --prefix player-web run --silent check; }
wants() { [ "$what" = all ] || [ "$what" = "$1" ]; }

wants lint && step lint tests/support/lint.sh
if wants unit || wants integration || wants e2e || [ "$what" = all ]; then
  step pages docker/build-pages
  step build-release build release
fi
if wants unit; then
  step unit tests release
  step image-libraries tests/support/image-libraries.sh build/release
  step pages-unit pages_tests
fi
if wants asan; then
  step build-asan build asan # also Clang's word on warnings and locks
  step unit-asan tests asan
  step build-tsan build tsan tongke_concurrent_tests
  step unit-tsan tests tsan -L concurrent
fi
if wants fuzz; then
  step build-fuzz build asan tongke_fuzzers
  step fuzz fuzz_all
fi
wants integration && step integration npm_tests integration
wants e2e && step e2e npm_tests e2e

# What failed once more in short, where whoever comes back to a long run looks first.
for name in ${failed[@]+"${failed[@]}"}; do
  printf '\n%s:\n' "$name"
  sed 's/\x1b\[[0-9;]*m//g' "$logs/$name.log" | grep -aE '^ +(×|→)|\*\*\*|[Ee]rror:|^(FAIL|npm ERR)' | cut -c1-400 | sort -u | head -n 12
done
echo
echo "check: $passed passed, ${#failed[@]} failed"
[ "${#failed[@]}" -eq 0 ]
