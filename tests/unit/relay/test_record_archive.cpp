#include <atomic>
#include <latch>
#include <optional>
#include <thread>

#include "base/metrics.hpp"
#include "relay/record/archive.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorder_bench.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

base::Result<base::SharedBytes> wait_for(const std::function<void(ArchiveReader::OnBytes)>& ask) {
  std::optional<base::Result<base::SharedBytes>> answer;
  std::latch ready(1);
  ask([&](base::Result<base::SharedBytes> result) {
    answer = std::move(result);
    ready.count_down();
  });
  ready.wait();
  return std::move(*answer);
}

std::vector<std::uint8_t> segment_bytes(const test::CutRendition& rendition, std::uint32_t msn) {
  std::vector<std::uint8_t> out;
  for (const auto& cut : rendition.parts) {
    if (cut.msn == msn) out.insert(out.end(), cut.part.bytes.view().begin(), cut.part.bytes.view().end());
  }
  return out;
}

}  // namespace

TEST_CASE("archive: segments and inits of live and ended recordings") {
  const test::TempDir dir;
  test::RecorderBench bench(dir.path());
  ArchiveReader archive(bench.catalog, {});
  auto recording = bench.recorder->begin("l1", base::WallTime(1s));
  const auto& media = test::cut_media();
  test::announce(**recording, media);
  const auto all = test::arrivals(media);
  for (std::size_t i = 0; i < all.size() / 2 + 3; ++i) test::record(**recording, all[i]);
  bench.settle();

  const auto read = [&](std::string lesson, std::string rendition, std::uint32_t msn) {
    return wait_for([&](auto done) { archive.read(lesson, rendition, msn, std::move(done)); });
  };
  for (const auto& rendition : media) {
    for (const std::uint32_t msn : {0U, 3U, 5U}) {
      const auto bytes = read("l1", rendition.id, msn);
      REQUIRE(bytes);
      CHECK(std::ranges::equal(bytes->view(), segment_bytes(rendition, msn)));
    }
    const auto init = wait_for([&](auto done) { archive.read_init("l1", rendition.id, 0, std::move(done)); });
    REQUIRE(init);
    CHECK(std::ranges::equal(init->view(), rendition.init->bytes.view()));
    CHECK(read("l1", rendition.id, 6).error().kind == base::Errc::not_found);  // being written
  }
  CHECK(read("l1", "720p", 0).error().kind == base::Errc::not_found);
  CHECK(read("l2", "src", 0).error().kind == base::Errc::not_found);
  CHECK(read("../l1", "src", 0).error().kind == base::Errc::not_found);
  CHECK(wait_for([&](auto done) { archive.read_init("l1", "src", 1, std::move(done)); }).error().kind ==
        base::Errc::not_found);

  bench.end(**recording);
  std::latch ready(1);
  std::shared_ptr<const Contents> contents;
  archive.read_contents("l1", [&](base::Result<std::shared_ptr<const Contents>> result) {
    if (result) contents = *result;
    ready.count_down();
  });
  ready.wait();
  REQUIRE(contents);
  CHECK(contents->ended);
  CHECK(read("l1", "src", 6));  // what there was of it
}

TEST_CASE("archive: readers on many threads while the writer writes") {
  const test::TempDir dir;
  test::RecorderBench bench(dir.path());
  ArchiveReader archive(bench.catalog, {.threads = 3, .waiting = 10'000});
  auto recording = bench.recorder->begin("l1", base::WallTime(1s));
  const auto& media = test::cut_media();
  std::atomic<bool> stop = false;
  std::atomic<int> right = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> absent = 0;
  std::vector<std::vector<std::uint8_t>> expected;
  for (std::uint32_t msn = 0; msn < 12; ++msn) expected.push_back(segment_bytes(media[0], msn));
  std::jthread reader([&] {
    for (std::uint32_t i = 0; !stop; ++i) {
      const std::uint32_t msn = i % 12;
      const auto bytes = wait_for([&](auto done) { archive.read("l1", "src", msn, std::move(done)); });
      if (!bytes) {
        ++absent;
      } else {
        ++(std::ranges::equal(bytes->view(), expected[msn]) ? right : wrong);
      }
    }
  });
  test::announce(**recording, media);
  for (const auto& arrival : test::arrivals(media)) {
    test::record(**recording, arrival);
    if (arrival.part->ends_segment) bench.settle();
  }
  bench.end(**recording);
  stop = true;
  reader.join();
  CHECK(wrong == 0);
  CHECK(right > 0);
}

TEST_CASE("archive: too many waiting are refused at once") {
  const test::TempDir dir;
  test::RecorderBench bench(dir.path());
  std::latch blocked(1);
  std::latch release(1);
  std::atomic<int> overloaded = 0;
  std::atomic<int> answered = 0;
  {
    ArchiveReader archive(bench.catalog, {.threads = 1, .waiting = 4});
    archive.read("l1", "src", 0, [&](const auto&) {
      blocked.count_down();
      release.wait();
    });
    blocked.wait();
    for (std::uint32_t i = 0; i < 10; ++i) {
      archive.read("l1", "src", i, [&](const base::Result<base::SharedBytes>& result) {
        ++answered;
        if (result.error().kind == base::Errc::overload) ++overloaded;
      });
    }
    CHECK(overloaded == 6);
    release.count_down();
  }
  CHECK(answered == 10);
}
