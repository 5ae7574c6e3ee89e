#include <nlohmann/json.hpp>

#include "relay/http/api/routes.hpp"
#include "school/crypto.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using namespace std::chrono_literals;
using nlohmann::json;
using school::LessonState;
using school::Role;

namespace {

struct NoOutlet final : relay::live::Outlet {
  std::optional<relay::live::RecordedLesson> recorded(const std::string&) override { return std::nullopt; }
  relay::live::TimelineListener* begin_recording(const std::string&, base::WallTime) override {
    return nullptr;
  }
  void record_gap(const std::string&, relay::live::Gap) override {}
  void end_recording(const std::string&) override {}
  void publish(std::shared_ptr<const relay::live::LessonSnapshot>) override {}
};

struct Teacher final : relay::ingest::Publisher {
  void dismiss(relay::ingest::Dismissal) override {}
};

/// The studio's routes over a real store, with one lesson.
class Studio {
 public:
  Studio() {
    lesson_ = lessons_.create("分数的意义").value();
    relay::http::api::add_studio_routes(
        http_.server(), {.lessons = lessons_,
                         .signer = signer_,
                         .directory = directory_,
                         .plans = plans_,
                         .signal = ":8081/signal",
                         .set_state = [this](const std::string& id, LessonState state) -> base::Result<void> {
                           ++changes;
                           if (auto set = lessons_.set_state(id, state); !set) return set.error();
                           return {};
                         }});
    relay::http::api::add_watch_routes(
        http_.server(),
        {.lessons = lessons_,
         .signer = signer_,
         .directory = directory_,
         .plans = plans_,
         .version = "0",
         .signal = ":8081/signal",
         .demo_link = [] { return std::string(); },
         .studio = [](const school::Token&) { return std::string(); },
         .sound_first = [](const school::Token&, std::string_view) { return std::chrono::milliseconds(0); }});
    http_.server().start();
  }
  ~Studio() {
    // The feed lives on the control thread.
    on_control([this] { feed_.reset(); });
  }

  [[nodiscard]] std::string link(Role role, std::chrono::milliseconds valid = 1h) const {
    return signer_.issue(
        {.role = role, .lesson = lesson_.id, .seat = 1, .expires = base::wall_now() + valid});
  }
  [[nodiscard]] json ask(const std::string& options, const std::string& path) const {
    return json::parse(curl(options + " " + http_.url(path)));
  }
  [[nodiscard]] std::string url(const std::string& path) const { return http_.url(path); }
  void publish(const std::string& protocol) {
    on_control([this, protocol] {
      auto feed = directory_.open(
          {.lesson = lesson_.id, .key = lesson_.publish_key, .protocol = protocol, .peer = "test"}, teacher_);
      REQUIRE(feed);
      feed_ = std::move(*feed);
    });
  }
  void leave() {
    on_control([this] { feed_.reset(); });
  }

  [[nodiscard]] const school::Lesson& lesson() const { return lesson_; }
  std::atomic<int> changes{0};

 private:
  void on_control(const std::function<void()>& task) {
    std::promise<void> done;
    http_.control().post([&] {
      task();
      done.set_value();
    });
    done.get_future().get();
  }

  TempDir dir_;
  school::store::Store store_ = std::move(school::store::Store::open(dir_.path() / "tongke.db").value());
  school::Lessons lessons_ = std::move(school::Lessons::open(store_).value());
  school::schedule::Plans plans_ = std::move(school::schedule::Plans::open(store_).value());
  school::TokenSigner signer_{school::crypto::random_bytes(32)};
  school::Lesson lesson_;
  HttpFixture http_;
  NoOutlet outlet_;
  Teacher teacher_;
  relay::live::Directory directory_{
      http_.control(),
      {.child = {.program = "/bin/false", .nice = 0}, .part = 200ms, .segment = 2000ms},
      outlet_,
      [](const std::string&, const std::string&) { return base::Result<void>(); }};
  std::unique_ptr<relay::ingest::Feed> feed_;
};

}  // namespace

TEST_CASE("studio api: the lead's link gives what is needed to teach") {
  Studio studio;
  const std::string link = studio.link(Role::lead);
  const auto answer = studio.ask("", "/api/v1/studio/" + link);
  CHECK(answer["lesson"]["id"] == studio.lesson().id);
  CHECK(answer["lesson"]["title"] == "分数的意义");
  CHECK(answer["lesson"]["state"] == "waiting");
  CHECK(answer["lesson"]["started_at"].is_null());
  CHECK(answer["now"].is_number_integer());
  CHECK(answer["publisher"].is_null());
  CHECK(answer["whip"] == "/whip/" + studio.lesson().id);
  CHECK(answer["publish_key"] == studio.lesson().publish_key);
  CHECK(answer["watch"] == "/w/" + link);
  CHECK(answer["recording"]["mp4"].is_null());
  CHECK(studio.ask("", "/api/v1/watch/" + link)["whep"] == "/whep/" + studio.lesson().id);
}

TEST_CASE("studio api: every other link is unknown") {
  Studio studio;
  std::vector<std::string> links = {"nothing", studio.link(Role::lead, -1s)};
  for (const Role role :
       {Role::pupil, Role::guardian, Role::teacher, Role::office, Role::technician, Role::inspector}) {
    links.push_back(studio.link(role));
  }
  for (const auto& link : links) {
    INFO(link);
    CHECK(studio.ask("", "/api/v1/studio/" + link)["error"]["code"] == "not_found");
    CHECK(studio.ask("-X POST", "/api/v1/studio/" + link + "/start")["error"]["code"] == "not_found");
    CHECK(studio.ask("-X POST", "/api/v1/studio/" + link + "/end")["error"]["code"] == "not_found");
    CHECK(studio.ask("-d x -H 'Authorization: Bearer " + link + "'",
                     "/api/v1/preflight/upload")["error"]["code"] == "not_found");
  }
  CHECK(studio.changes == 0);
}

TEST_CASE("studio api: class is ended and opened again, once each") {
  Studio studio;
  const std::string path = "/api/v1/studio/" + studio.link(Role::lead);
  CHECK(studio.ask("-X POST", path + "/start")["lesson"]["state"] == "waiting");
  CHECK(studio.changes == 0);
  CHECK(studio.ask("-X POST", path + "/end")["lesson"]["state"] == "ended");
  CHECK(studio.ask("-X POST", path + "/end")["lesson"]["state"] == "ended");
  CHECK(studio.changes == 1);
  CHECK(studio.ask("-X POST", path + "/start")["lesson"]["state"] == "waiting");
  CHECK(studio.changes == 2);
}

TEST_CASE("studio api: says who holds the lesson, from the first moment to the last") {
  Studio studio;
  const std::string path = "/api/v1/studio/" + studio.link(Role::lead);
  studio.publish("whip");
  CHECK(studio.ask("", path)["publisher"] == "whip");
  studio.publish("rtmp");
  CHECK(studio.ask("", path)["publisher"] == "rtmp");
  studio.leave();
  CHECK(studio.ask("", path)["publisher"].is_null());
}

TEST_CASE("studio api: an upload is counted and thrown away, up to a bound") {
  Studio studio;
  const std::string bearer = "-H 'Authorization: Bearer " + studio.link(Role::lead) + "' ";
  CHECK(studio.ask(bearer + "-d 12345", "/api/v1/preflight/upload")["bytes"] == 5);
  CHECK(studio.ask(bearer + "-X POST", "/api/v1/preflight/upload")["bytes"] == 0);
  const TempDir dir;
  const auto big = (dir.path() / "big").string();
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(big.c_str(), "wb"), std::fclose);
    REQUIRE(file);
    const std::vector<char> zeros((1U << 20U) + 1);
    CHECK(std::fwrite(zeros.data(), 1, zeros.size(), file.get()) == zeros.size());
  }
  CHECK(has(curl(bearer + "-H 'Expect:' -o /dev/null -w '%{http_code}' --data-binary @" + big + " " +
                 studio.url("/api/v1/preflight/upload")),
            "413"));
}
