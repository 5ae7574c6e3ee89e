#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "school/timetable/json.hpp"
#include "school/timetable/programme.hpp"
#include "school/timetable/text_pieces.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/school/timetable/fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

const Zone kZone;
const Week kWeek{Date(std::chrono::year(2026) / 3 / 2)};
const base::WallTime kMade = kZone.wall(kWeek.monday, 6h);

struct Ran {
  int status = -1;
  std::string output;
};

/// What a foreign program makes of `text`, which it is given as a file.
Ran run(const std::string& program, const std::string& text) {
  const TempDir dir;
  const auto file = dir.path() / "made";
  std::ofstream(file, std::ios::binary) << text;
  Ran ran;
  FILE* const pipe = ::popen((program + " " + file.string() + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> bytes{};
  while (const std::size_t size = std::fread(bytes.data(), 1, bytes.size(), pipe))
    ran.output.append(bytes.data(), size);
  ran.status = ::pclose(pipe);
  return ran;
}

/// A day with everything in it that needs escaping, folding or care.
Programme programme() {
  const Names names{.subject = [](SubjectId) { return "数学 <A&B>; \"x\", y"; },
                    .teacher = [](TeacherId) { return "王老师"; }};
  Slot maths = with_card(lesson(1, kG4, 8h, 20min));
  maths.subject = kMaths;
  maths.lead = kTeacher;
  maths.state = State::published;
  maths.card.goal =
      "会比较分母相同的两个分数的大小，能说出理由，并且用画图、折纸的办法检验自己的想法\n第二行\\";
  Slot eye = with_kind(lesson(2, kG4, 8h + 20min, 5min), Kind::eye);
  eye.state = State::published;
  Slot task = with_kind(lesson(3, kG4, 10h, 20min), Kind::labour);
  task.delivery = Delivery::offline;
  task.state = State::published;
  Slot layered{.id = {4}, .day = Weekday(6), .start = 9h, .length = 20min};
  layered.groups = {kGroupB};
  layered.state = State::published;
  Slot late{.id = {6}, .day = Weekday(5), .start = 23h, .length = 60min, .kind = Kind::qa};
  late.classes = {kG4};
  late.state = State::published;
  const std::vector<Slot> slots = {
      layered, task, eye, maths, late, lesson(5, kG4, 11h, 20min), lesson(7, kG2, 8h, 20min)};
  const auto entries = entries_for({.class_id = kG4, .groups = {kGroupB}}, kWeek, slots, names);
  return {.id = "class-41", .title = "四年级（1）班 <测试>", .entries = entries};
}

}  // namespace

TEST_CASE("programme: published rows of the class and its groups, by time") {
  Rows ids;
  for (const Entry& entry : programme().entries) ids.push_back(entry.id.value);
  CHECK(ids == Rows{1, 2, 3, 6, 4});
}

TEST_CASE("programme: a screen of several classes shows one thing at a time") {
  const auto entry = [](std::int64_t id, Minutes start, Minutes length, Kind kind = Kind::lesson) {
    Entry made;
    made.id = {id};
    made.date = kWeek.monday;
    made.start = start;
    made.length = length;
    made.kind = kind;
    return made;
  };
  struct Row {
    const char* about;
    std::vector<std::vector<Entry>> classes;
    std::string shown;
  };
  const Entry joint = entry(9, 9h, 20min);
  Entry task = entry(8, 9h, 20min);
  task.delivery = Delivery::offline;
  const std::vector<Row> rows = {
      {"nothing", {{}, {}}, ""},
      {"what one class has", {{entry(1, 9h, 20min)}, {}}, "1@540+20"},
      {"the joint lesson once", {{joint}, {joint}}, "9@540+20"},
      {"the joint lesson before a class's own", {{entry(1, 9h, 20min)}, {joint}, {joint}}, "9@540+20"},
      {"of different ones the first class's, and the rest of the other's",
       {{entry(1, 9h, 20min)}, {entry(2, 9h + 10min, 20min)}},
       "1@540+20 2@560+10"},
      {"what gives way in the middle is there twice",
       {{entry(1, 8h + 50min, 40min)}, {joint}, {joint}},
       "1@530+10 9@540+20 1@560+10"},
      {"a lesson rather than a pause",
       {{entry(1, 9h, 30min, Kind::eye)}, {entry(2, 9h + 5min, 10min)}},
       "1@540+5 2@545+10 1@555+15"},
      {"of pauses the first class's, though others share one",
       {{entry(1, 9h, 10min, Kind::eye)},
        {entry(2, 9h, 10min, Kind::rest)},
        {entry(2, 9h, 10min, Kind::rest)}},
       "1@540+10"},
      {"what is live", {{task}, {entry(2, 9h, 20min)}}, "2@540+20"},
  };
  for (const Row& row : rows) {
    INFO(row.about);
    std::string shown;
    for (const Entry& one : one_at_a_time(row.classes))
      shown += (shown.empty() ? "" : " ") + std::to_string(one.id.value) + "@" +
               std::to_string(one.start.count()) + "+" + std::to_string(one.length.count());
    CHECK(shown == row.shown);
  }
}

TEST_CASE("html: a page that another parser reads, with nothing unescaped") {
  for (const Language language : {Language::zh, Language::en}) {
    const std::string page = to_html(programme(), kWeek, language);
    const Ran ran = run("xmllint --noout", page);  // it is XML as well
    INFO(ran.output);
    CHECK(ran.status == 0);
    CHECK(page.find("数学 &lt;A&amp;B&gt;; &quot;x&quot;, y") != std::string::npos);
    CHECK(page.find("<A") == std::string::npos);
    CHECK(page.find("size: A4 landscape") != std::string::npos);
  }
  const std::string page = to_html(programme(), kWeek, Language::zh);
  CHECK(page.find("周六 03-07") != std::string::npos);  // only because something is on it
  CHECK(page.find("周日") == std::string::npos);
  CHECK(page.find("劳动</span> (离屏任务)") != std::string::npos);
  CHECK(page.find("本课免费") != std::string::npos);
  const std::string linked = to_html(programme(), kWeek, Language::en, "/timetable.css?a&b");
  CHECK(linked.find("<style>") == std::string::npos);
  CHECK(linked.find("href=\"/timetable.css?a&amp;b\"") != std::string::npos);
}

TEST_CASE("ics: another calendar reads the same times and texts") {
  const std::string file = to_ics(programme(), kZone, kMade, "school.example", Language::zh);
  std::size_t longest = 0;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = file.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    longest = std::max(longest, end - at);
    CHECK((static_cast<unsigned char>(file[at]) & 0xC0U) != 0x80U);
    if (file[at] == ' ') CHECK((static_cast<unsigned char>(file[at + 1]) & 0xC0U) != 0x80U);
    at = end + 2;
  }
  CHECK(longest <= 75);
  const Ran ran = run("/usr/bin/python3 " FIXTURES "/timetable/read_ics.py", file);
  INFO(ran.output);
  REQUIRE(ran.status == 0);
  const auto events = nlohmann::json::parse(ran.output);
  REQUIRE(events.size() == 3);  // no eye exercises, no offline task
  CHECK(events[0]["uid"] == "class-41.1.2026-03-02@school.example");
  CHECK(events[0]["start"] == "2026-03-02T00:00:00+00:00");
  CHECK(events[0]["end"] == "2026-03-02T00:20:00+00:00");
  CHECK(events[0]["summary"] == "数学 <A&B>; \"x\", y");
  CHECK(events[0]["description"].get<std::string>().find("检验自己的想法\n第二行\\") != std::string::npos);
  CHECK(events[1]["end"] == "2026-03-06T16:00:00+00:00");
  CHECK(events[2]["summary"] == "上课");
}

TEST_CASE("xmltv: channels and programmes, breaks on air included") {
  Programme second = programme();
  second.id = "class-42";
  const std::vector<Programme> channels = {programme(), second};
  const std::string guide = to_xmltv(channels, kZone);
  const auto xpath = [&](const std::string& path) {
    const Ran ran = run("xmllint --nowarning --xpath '" + path + "'", guide);
    INFO(ran.output);
    CHECK(ran.status == 0);
    return std::string(trimmed(ran.output));
  };
  CHECK(xpath("count(/tv/channel)") == "2");
  CHECK(xpath("count(/tv/programme)") == "8");
  CHECK(xpath("string(/tv/programme[1]/@start)") == "20260302080000 +0800");
  CHECK(xpath("string(/tv/programme[2]/@stop)") == "20260302082500 +0800");
  CHECK(xpath("string(/tv/programme[2]/title[@lang=\"en\"])") == "Eye exercises");
  CHECK(xpath("string(/tv/programme[3]/@stop)") == "20260307000000 +0800");
  CHECK(xpath("string(/tv/programme[1]/title)") == "数学 <A&B>; \"x\", y");
}

TEST_CASE("json: findings carry code, rows and what a text needs") {
  District district = small_district();
  district.families = {{.pupils = {{9101}, {4101}}, .shares_device = true}};
  const std::vector<Slot> week = {lesson(1, kG4, 9h, 20min), lesson(2, kG9, 9h, 20min),
                                  lesson(3, kG2, 19h, 20min)};
  const auto findings = to_json(validate(*People::create(district), {}, week));
  REQUIRE(findings.size() == 2);
  CHECK(findings[0] == nlohmann::json::parse(R"({"severity":"error","code":"evening","rows":[3],
      "params":{"day":1,"amount":20,"limit":0}})"));
  CHECK(findings[1] == nlohmann::json::parse(R"({"severity":"warning","code":"sibling_clash","rows":[1,2],
      "params":{"day":1,"pupils":[4101,9101],"shared_device":true,"amount":20,"limit":0}})"));
}

TEST_CASE("json: programme, slot, proposal and month") {
  const auto made = to_json(programme());
  CHECK(made["entries"][0]["start"] == "08:00");
  CHECK(made["entries"][3]["end"] == "24:00");
  CHECK(made["entries"][0]["date"] == "2026-03-02");
  Slot slot = lesson(1, kG4, 8h, 20min);
  slot.lead = kTeacher;
  CHECK(to_json(slot)["lead"] == 7);
  CHECK_FALSE(to_json(slot).contains("subject"));
  CHECK(to_json(slot)["card"]["evaluation"] == "none");
  const Proposal proposal{{}, {{{5}, LeftOut::Reason::weekly_hours, {}}}, {}};
  CHECK(to_json(proposal)["left_out"][0].dump() == R"({"id":5,"instead":null,"reason":"weekly_hours"})");
  const auto month = to_json(month_view(std::chrono::year(2026) / 3, {}));
  CHECK(month["month"] == "2026-03");
  CHECK(month["weeks"][0]["stages"]["senior"]["state"] == "draft");
}

TEST_CASE("labels: every kind, delivery and day has a word in both languages") {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kKindCount; ++i)
    keys.push_back("kind." + std::string(to_string(static_cast<Kind>(i))));
  for (std::size_t i = 0; i < kDeliveryCount; ++i)
    keys.push_back("delivery." + std::string(to_string(static_cast<Delivery>(i))));
  for (int day = 1; day <= 7; ++day) keys.push_back("day." + std::to_string(day));
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(label(key, Language::zh) != key);
    CHECK(label(key, Language::en) != label(key, Language::zh));
  }
}
