// Judges an HLS presentation by the rules of draft-pantos-hls-rfc8216bis, from outside.
//   hls_validate http://HOST:PORT/…/master.m3u8 [SECONDS]
// Prints what is wrong, then one line of JSON; exits 1 when anything is.
#include <cstdio>
#include <cstdlib>

#include "tests/support/hls/session.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "hls_validate http://HOST:PORT/.../master.m3u8 [SECONDS]\n");
    return 2;
  }
  tongke::test::hls::Session session(argv[1]);
  session.run(std::chrono::seconds(argc > 2 ? std::atoi(argv[2]) : 20));
  for (const auto& finding : session.findings()) std::printf("%s\n", finding.c_str());
  const auto& totals = session.totals();
  std::printf(
      R"({"findings":%zu,"renditions":%zu,"playlists":%zu,"blocked_reloads":%zu,"deltas":%zu,"parts":%zu,"segments":%zu,"worst_tfdt_error_s":%.4f})"
      "\n",
      session.findings().size(), totals.renditions, totals.playlists, totals.blocked_reloads, totals.deltas,
      totals.parts, totals.segments, totals.worst_tfdt_error);
  return session.findings().empty() && totals.renditions > 0 ? 0 : 1;
}
