#include <string>

#include "relay/record/journal.hpp"
#include "relay/record/layout.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/recorded_media.hpp"

using namespace tongke;
using namespace tongke::relay::record;
using namespace std::chrono_literals;

namespace {

const std::string kLesson = R"({"id":"l1","started":1700000000000,"t":"lesson","v":1})"
                            "\n";
const std::string kInit =
    R"({"codecs":"avc1.42c01f","fps":25.0,"h":720,"k":"video","n":0,"r":"src","t":"init","w":1280,"z":800})"
    "\n";

std::string part(unsigned msn, unsigned index, std::uint64_t start_ms, std::uint64_t offset,
                 std::uint64_t size) {
  return to_text(PartLine{.rendition = "src",
                          .init = 0,
                          .msn = msn,
                          .index = index,
                          .start = std::chrono::milliseconds(start_ms),
                          .duration = 200ms,
                          .offset = offset,
                          .size = size,
                          .independent = index == 0});
}

}  // namespace

TEST_CASE("journal: ids that may name files") {
  const auto [id, good] = GENERATE(table<std::string, bool>({{"l1", true},
                                                             {"A-b_9", true},
                                                             {std::string(64, 'x'), true},
                                                             {std::string(65, 'x'), false},
                                                             {"", false},
                                                             {"..", false},
                                                             {"a/b", false},
                                                             {"a.b", false},
                                                             {std::string("a\0b", 3), false},
                                                             {"课", false}}));
  CHECK(valid_id(id) == good);
}

TEST_CASE("journal: what is written is read") {
  const auto line = GENERATE_COPY(values<std::string>(
      {kLesson, kInit, part(7, 3, 14'600, 812, 5120),
       R"({"t":"part","r":"audio","n":1,"m":4294967295,"i":0,"s":0,"d":0,"o":0,"z":1,"key":1,"disc":1})"
       "\n",
       to_text(GapLine{{1s, 2s}}), to_text(LossLine{{"src", 1s, 2s, "disk_full"}}), to_text(EndLine{}),
       R"({"t":"note","text":"later versions may write this"})"
       "\n"}));
  const auto parsed = parse_line(std::string_view(line).substr(0, line.size() - 1));
  REQUIRE(parsed);
  CHECK(to_text(*parsed) == line);
}

TEST_CASE("journal: lines that are refused") {
  const auto line = GENERATE(values<std::string>(
      {"", "x", "[]", "{}", "1", R"({"t":1})", R"({"t":"part"})",
       R"({"t":"lesson","id":"../x","started":1,"v":1})", R"({"t":"lesson","id":"x","started":1,"v":2})",
       R"({"t":"lesson","id":"x","started":1,"v":0})",
       R"({"t":"part","r":"src","n":0,"m":0,"i":0,"s":-1,"d":0,"o":0,"z":1})",
       R"({"t":"part","r":"src","n":0,"m":4294967296,"i":0,"s":0,"d":0,"o":0,"z":1})",
       R"({"t":"part","r":"src","n":0,"m":0,"i":0,"s":0,"d":0,"o":18446744073709551615,"z":1})",
       R"({"t":"part","r":"src","n":0,"m":0,"i":0,"s":0.5,"d":0,"o":0,"z":1})",
       R"({"t":"part","r":"src","n":0,"m":0,"i":0,"s":0,"d":0,"o":0,"z":1,"key":"yes"})",
       R"({"t":"part","r":"src","n":0,"m":0,"i":0,"s":0,"d":0,"o":0,"z":1)",
       "{\"t\":\"x\",\"y\":\"" + std::string(70'000, 'x') + "\"}", std::string(60'000, '[')}));
  CHECK_FALSE(parse_line(line));
}

TEST_CASE("journal: parts become segments; what contradicts or is torn is dropped") {
  const std::string text = kLesson + kInit + part(0, 0, 0, 800, 100) + part(0, 1, 200, 900, 50) +
                           part(1, 0, 2000, 950, 10) +   //
                           "garbage\n" +                 // 1 dropped
                           part(1, 1, 2200, 940, 10) +   // 2: overlaps
                           part(0, 2, 400, 2000, 10) +   // 3: number goes back
                           part(2, 0, 1000, 2000, 10) +  // 4: time goes back
                           part(3, 0, 6000, 2000, 30) +  // a hole in numbers and in the file is all right
                           kLesson +                     // 5: twice
                           kInit +                       // 6: twice
                           to_text(GapLine{{4s, 2s}}) + R"({"t":"future"})" + "\n" +
                           part(4, 0, 8000, 2030, 5).substr(0, 20);  // 7: torn
  const auto reading = read_journal(text);
  REQUIRE(reading);
  CHECK(reading->dropped == 7);
  const Contents& contents = reading->contents;
  CHECK(contents.lesson == "l1");
  CHECK(contents.started.time_since_epoch() == 1700000000000ms);
  CHECK_FALSE(contents.ended);
  REQUIRE(contents.renditions.size() == 1);
  const auto& segments = contents.renditions[0].segments;
  REQUIRE(segments.size() == 3);
  CHECK(segments[0].offset == 800);
  CHECK(segments[0].info.bytes == 150);
  CHECK(segments[0].info.duration == 400ms);
  CHECK(segments[0].info.independent);
  CHECK(segments[1].info.msn == 1);
  CHECK(segments[2].info.msn == 3);
  CHECK(contents.duration() == 6200ms);
  REQUIRE(contents.gaps.size() == 1);
  CHECK(contents.others == std::vector<std::string>{R"({"t":"future"})"});
  CHECK_FALSE(read_journal(kInit));
  CHECK_FALSE(read_journal(""));
}

TEST_CASE("journal: saving keeps everything, parts merged into segments") {
  const test::TempDir dir;
  auto reading = read_journal(kLesson + kInit + part(0, 0, 0, 800, 100) + part(0, 1, 200, 900, 50) +
                              part(1, 0, 2000, 950, 10) + to_text(GapLine{{4s, 2s}}) +
                              to_text(LossLine{{"src", 1s, 2s, "disk_full"}}) + R"({"t":"future"})" + "\n" +
                              to_text(EndLine{}));
  REQUIRE(reading);
  REQUIRE(save_journal(dir.path() / "index.ndjson", reading->contents));
  const auto bytes = test::read_file(dir.path() / "index.ndjson");
  const auto again = read_journal(base::as_text(bytes));
  REQUIRE(again);
  CHECK(again->dropped == 0);
  CHECK(again->contents.ended);
  CHECK(again->contents.renditions.at(0).segments.size() == 2);
  CHECK(again->contents.renditions[0].segments[0].info.duration == 400ms);
  CHECK(again->contents.gaps.size() == 1);
  CHECK(again->contents.losses.at(0).why == "disk_full");
  CHECK(again->contents.others.size() == 1);
  CHECK_FALSE(std::filesystem::exists(dir.path() / "index.ndjson.tmp"));
}
