#include <unistd.h>

#include <functional>
#include <string>

#include "relay/record/append_file.hpp"
#include "relay/record/catalog.hpp"
#include "relay/record/journal.hpp"
#include "relay/record/salvage.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

// A recording as the writer leaves it when it is killed after `parts` parts of "src".
class Killed {
 public:
  explicit Killed(std::size_t parts) {
    std::filesystem::create_directories(layout.lesson("l1"));
    std::string journal = to_text(LessonLine{"l1", base::WallTime(1000ms)});
    InitLine init{src.id, src.kind, *src.init, src.init->bytes.size()};
    journal += to_text(init);
    auto media = AppendFile::open(file(), 0);
    REQUIRE(media);
    REQUIRE(media->append(src.init->bytes.view()));
    for (std::size_t i = 0; i < parts; ++i) {
      const auto& cut = src.parts[i];
      journal += to_text(PartLine{.rendition = src.id,
                                  .msn = cut.msn,
                                  .index = cut.part.index,
                                  .start = cut.part.start,
                                  .duration = cut.part.duration,
                                  .offset = media->size(),
                                  .size = cut.part.bytes.size(),
                                  .independent = cut.part.independent});
      REQUIRE(media->append(cut.part.bytes.view()));
    }
    test::write_file(layout.journal("l1"), base::as_bytes(journal));
  }
  [[nodiscard]] std::filesystem::path file() const { return layout.media("l1", "src", 0); }
  void cut_media(std::uint64_t bytes) const {
    std::filesystem::resize_file(file(), std::filesystem::file_size(file()) - bytes);
  }
  void cut_journal(std::uint64_t bytes) const {
    const auto path = layout.journal("l1");
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - bytes);
  }
  void add_media(base::ByteView bytes) const {
    auto media = AppendFile::open(file(), std::filesystem::file_size(file()));
    REQUIRE(media);
    REQUIRE(media->append(bytes));
  }
  [[nodiscard]] base::MediaTime end_of(std::size_t parts) const {
    return src.parts[parts - 1].part.start + src.parts[parts - 1].part.duration;
  }

  const test::CutRendition& src = test::cut_media().front();
  const test::TempDir dir;
  const Layout layout{dir.path()};
};

// ffprobe finds exactly the frames of the first `parts` parts.
void check_whole(const Killed& killed, std::size_t parts) {
  const auto found = test::probe(killed.file());
  CHECK(found.errors.empty());
  CHECK(found.packets == std::lround(base::seconds(killed.end_of(parts)) * test::kFrameRate));
}

}  // namespace

TEST_CASE("salvage: a crash at any point leaves a recording of whole parts") {
  struct Case {
    const char* name;
    std::function<void(const Killed&)> damage;
    std::size_t parts;  // left of 25
  };
  const auto c =
      GENERATE(Case{"nothing torn", [](const Killed&) {}, 25},
               Case{"journal line torn, part whole", [](const Killed& k) { k.cut_journal(10); }, 25},
               Case{"journal line torn, part torn",
                    [](const Killed& k) {
                      k.cut_journal(10);
                      k.cut_media(10);
                    },
                    24},
               Case{"part torn, journal whole", [](const Killed& k) { k.cut_media(10); }, 24},
               Case{"several parts gone, journal whole",
                    [](const Killed& k) { k.cut_media(k.src.parts[24].part.bytes.size() + 10); }, 23},
               Case{"part written that the journal does not know",
                    [](const Killed& k) { k.add_media(k.src.parts[25].part.bytes.view()); }, 26},
               Case{"a whole segment and half a part that the journal does not know",
                    [](const Killed& k) {
                      for (std::size_t i = 25; i < 45; ++i) k.add_media(k.src.parts[i].part.bytes.view());
                      k.add_media(k.src.parts[45].part.bytes.view().first(100));
                    },
                    45},
               Case{"zeros at the end, as after a power cut",
                    [](const Killed& k) { k.add_media(std::vector<std::uint8_t>(5000)); }, 25},
               Case{"the last part overwritten by zeros",
                    [](const Killed& k) {
                      const auto size = k.src.parts[24].part.bytes.size();
                      k.cut_media(size);
                      k.add_media(std::vector<std::uint8_t>(size));
                    },
                    24});
  DYNAMIC_SECTION(c.name) {
    const Killed killed(25);
    c.damage(killed);
    auto contents = load_recording(killed.layout, "l1");
    REQUIRE(contents);
    CHECK_FALSE(contents->ended);
    CHECK(std::abs((contents->duration() - killed.end_of(c.parts)).count()) <= 2);
    check_whole(killed, c.parts);
    CHECK(contents->bytes() == std::filesystem::file_size(killed.file()));
    const auto& segments = contents->find("src")->segments;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      CHECK(segments[i].info.msn == i);
      CHECK(segments[i].info.independent);
      CHECK(std::abs((segments[i].info.start - static_cast<long>(i) * 2s).count()) <= 2);
    }
    // Once more changes nothing.
    const auto journal = test::read_file(killed.layout.journal("l1"));
    auto again = load_recording(killed.layout, "l1");
    REQUIRE(again);
    CHECK(again->bytes() == contents->bytes());
    CHECK(test::read_file(killed.layout.journal("l1")) == journal);
  }
}

TEST_CASE("salvage: a journal damaged in the middle costs no media behind it") {
  const Killed killed(60);
  auto journal = test::read_file(killed.layout.journal("l1"));
  for (std::size_t i = journal.size() / 2; i < journal.size() / 2 + 300; ++i) journal[i] = 'x';
  test::write_file(killed.layout.journal("l1"), journal);
  auto contents = load_recording(killed.layout, "l1");
  REQUIRE(contents);
  CHECK(std::abs((contents->duration() - killed.end_of(60)).count()) <= 2);
  check_whole(killed, 60);
}

TEST_CASE("salvage: the journal's second half lost is taken from the media") {
  const Killed killed(100);
  killed.cut_journal(std::filesystem::file_size(killed.layout.journal("l1")) / 2);
  auto contents = load_recording(killed.layout, "l1");
  REQUIRE(contents);
  CHECK(std::abs((contents->duration() - killed.end_of(100)).count()) <= 5);
  check_whole(killed, 100);
}

TEST_CASE("salvage: what is beyond use says so and is left alone") {
  const Killed killed(5);
  SECTION("empty journal") {
    test::write_file(killed.layout.journal("l1"), {});
    CHECK(load_recording(killed.layout, "l1").error().kind == base::Errc::invalid);
    CHECK(std::filesystem::exists(killed.file()));
  }
  SECTION("another lesson's journal") {
    test::write_file(killed.layout.journal("l1"), base::as_bytes(to_text(LessonLine{"l2", {}})));
    CHECK(load_recording(killed.layout, "l1").error().kind == base::Errc::invalid);
  }
  SECTION("media file missing") {
    std::filesystem::remove(killed.file());
    auto contents = load_recording(killed.layout, "l1");
    REQUIRE(contents);
    CHECK(contents->renditions.empty());
  }
  SECTION("init torn") {
    std::filesystem::resize_file(killed.file(), 100);
    auto contents = load_recording(killed.layout, "l1");
    REQUIRE(contents);
    CHECK(contents->renditions.empty());
  }
  SECTION("none") { CHECK(load_recording(killed.layout, "l9").error().kind == base::Errc::not_found); }
  SECTION("bad id") { CHECK(load_recording(killed.layout, "../l1").error().kind == base::Errc::not_found); }
}

TEST_CASE("salvage: an end that was interrupted is carried out") {
  const Killed killed(20);
  auto contents = load_recording(killed.layout, "l1");
  REQUIRE(contents);
  SECTION("before the index was in place") {
    contents->ended = true;
    REQUIRE(save_journal(killed.layout.journal("l1"), *contents));
  }
  SECTION("before the journal was gone") {
    contents->ended = true;
    REQUIRE(save_journal(killed.layout.index("l1"), *contents));
  }
  Catalog catalog(killed.dir.path());
  auto recorded = catalog.recorded("l1");
  REQUIRE(recorded);
  CHECK(recorded->ended);
  CHECK(recorded->renditions.at(0).segments.size() == 2);
  CHECK_FALSE(std::filesystem::exists(killed.layout.journal("l1")));
  CHECK(std::filesystem::exists(killed.layout.index("l1")));
  const auto list = catalog.list();
  REQUIRE(list.size() == 1);
  CHECK(list[0].lesson == "l1");
  CHECK_FALSE(list[0].open);
}
