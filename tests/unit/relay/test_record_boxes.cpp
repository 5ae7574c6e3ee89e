#include <algorithm>

#include "relay/record/boxes.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace tongke::relay::record;

namespace {

std::vector<std::uint8_t> joined(const test::CutRendition& rendition, std::size_t parts) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < parts; ++i) {
    const auto bytes = rendition.parts[i].part.bytes.view();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

}  // namespace

TEST_CASE("boxes: durations, decode times and keyframes of real fragments") {
  for (const auto& rendition : test::cut_media()) {
    const auto init = read_init(rendition.init->bytes.view());
    REQUIRE(init);
    const auto bytes = joined(rendition, rendition.parts.size());
    const auto fragments = walk_fragments(read_from(bytes), 0, bytes.size(), *init);
    REQUIRE(fragments.size() == rendition.parts.size());
    CHECK(fragments.back().end() == bytes.size());
    std::uint64_t expected = fragments.front().decode_time;
    for (const auto& fragment : fragments) {
      CHECK(fragment.decode_time == expected);
      expected += fragment.duration;
    }
    CHECK(static_cast<double>(expected) / init->timescale == Approx(test::kMediaSeconds).margin(0.05));
    const bool video = rendition.kind == relay::live::TrackKind::video;
    CHECK(std::ranges::count_if(fragments, &Fragment::independent) ==
          (video ? test::kMediaSeconds / 2 : static_cast<long>(fragments.size())));
  }
}

TEST_CASE("boxes: wherever a file is torn, only whole fragments count") {
  const auto& rendition = test::cut_media().front();
  const auto init = read_init(rendition.init->bytes.view()).value();
  const auto bytes = joined(rendition, 3);
  const std::size_t first = rendition.parts[0].part.bytes.size();
  const std::size_t second = first + rendition.parts[1].part.bytes.size();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto torn = base::ByteView(bytes).first(size);
    const auto fragments = walk_fragments(read_from(torn), 0, size, init);
    const std::size_t whole = size >= bytes.size() ? 3 : size >= second ? 2 : size >= first ? 1 : 0;
    if (fragments.size() != whole) FAIL("at " << size << ": " << fragments.size() << " instead of " << whole);
  }
  // Announced but not there: the walk may believe `end` only as far as it can read headers.
  CHECK(walk_fragments(read_from(base::ByteView(bytes).first(first)), 0, bytes.size(), init).size() == 1);
}

TEST_CASE("boxes: what is no init segment") {
  const auto init = test::cut_media().front().init->bytes.view();
  CHECK_FALSE(read_init({}));
  CHECK_FALSE(read_init(init.first(init.size() - 1)));
  CHECK_FALSE(read_init(test::cut_media().front().parts.front().part.bytes.view()));
  std::vector<std::uint8_t> zeros(1000);
  CHECK_FALSE(read_init(zeros));
  CHECK(walk_fragments(read_from(zeros), 0, zeros.size(), {.timescale = 1}).empty());
}
