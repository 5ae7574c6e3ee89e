#include <soci/soci.h>

#include <future>

#include "school/lessons.hpp"
#include "school/people/registry.hpp"
#include "school/store/migrations.hpp"
#include "school/store/people_table.hpp"
#include "school/store/store_thread.hpp"
#include "tests/unit/school/any_store.hpp"
#include "tests/unit/school/small_district.hpp"

using namespace tongke;
using namespace tongke::school;
using base::Errc;
using base::Error;
using base::Result;

namespace {

template <class Rows>
void same_rows(const Rows& left, const Rows& right) {
  REQUIRE(left.size() == right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    INFO(i);
    CHECK(left[i] == right[i]);
  }
}

void same_people(const people::Directory& left, const people::Directory& right) {
  CHECK(left.district() == right.district());
  same_rows(left.schools(), right.schools());
  same_rows(left.subjects(), right.subjects());
  same_rows(left.classes(), right.classes());
  same_rows(left.homes(), right.homes());
  same_rows(left.pupils(), right.pupils());
  same_rows(left.staff(), right.staff());
  same_rows(left.groups(), right.groups());
}

/// Answers arrive here, on whatever thread; the test waits for them.
class Answers : public base::Executor {
 public:
  void post(Task task) override { task(); }
  void post_after(std::chrono::milliseconds, Task task) override { task(); }
};

/// Submits and waits for the answer, as only tests do.
Result<void> done(store::StoreThread& thread, store::StoreThread::Work work, bool alone = false) {
  Answers answers;
  std::promise<Result<void>> promise;
  const auto reply = [&](const Result<void>& result) { promise.set_value(result); };
  alone ? thread.submit_alone(std::move(work), answers, reply)
        : thread.submit(std::move(work), answers, reply);
  return promise.get_future().get();
}

store::StoreThread::Work add_subject(int id, std::string name) {
  return [id, name](store::Store& at) {
    people::Changes changes;
    changes.subjects = {{.id = {static_cast<std::uint32_t>(id)}, .name = name}};
    return store::save_changes(at, changes);
  };
}

}  // namespace

TEST_CASE("store: [store] url") {
  CHECK(store::locate("", "/data/tongke.db")->file == "/data/tongke.db");
  CHECK(store::locate("sqlite:/x/y.db", "/data/tongke.db")->file == "/x/y.db");
  const auto remote = store::locate("postgresql://u:secret@db/tongke", "/data/tongke.db");
  REQUIRE(remote);
  CHECK(remote->backend == store::Backend::postgresql);
  CHECK(remote->name().find("secret") == std::string::npos);
  for (const char* bad : {"mysql://x", "sqlite:", "/data/x.db", "postgresql:"}) {
    const auto result = store::locate(bad, "/data/tongke.db");
    REQUIRE_FALSE(result);
    CHECK(result.error().field == "store.url");
  }
}

namespace {

/// Takes every table away, whatever migrations made.
void empty(soci::session& sql, store::Backend backend) {
  if (backend == store::Backend::postgresql) {
    sql << "DROP SCHEMA public CASCADE";
    sql << "CREATE SCHEMA public";
    return;
  }
  std::vector<std::string> tables;
  const soci::rowset<std::string> names =
      (sql.prepare << "SELECT name FROM sqlite_master WHERE type = 'table'"
                      " AND name NOT LIKE 'sqlite_%'");
  for (const auto& name : names) tables.push_back(name);
  sql << "PRAGMA foreign_keys = OFF";
  for (const auto& name : tables) sql << "DROP TABLE " + name;
  sql << "PRAGMA foreign_keys = ON";
}

}  // namespace

TEST_CASE("store: migrates forward from every released version and keeps what is there") {
  ON_BOTH_STORES;
  const int from = GENERATE(range(1, store::latest_version()));
  INFO("from version " << from);
  {
    auto store = at.open();  // makes the newest; taken down again
    soci::session& sql = store.session();
    empty(sql, at.location().backend);
    REQUIRE(store::migrate(sql, from));
    CHECK(store::schema_version(sql) == from);
    sql << "INSERT INTO lesson (id, title, publish_key, state, created_ms, seats)"
           " VALUES ('abc', 'T', 'K', 0, 1700000000000, 3)";
  }
  auto store = at.open();
  CHECK(store::schema_version(store.session()) == store::latest_version());
  const auto lessons = Lessons::open(store);
  REQUIRE(lessons);
  REQUIRE(lessons->find("abc"));
  CHECK(lessons->find("abc")->seats == 3);
  CHECK(store::migrate(store.session()));  // nothing left to do
}

TEST_CASE("store: a newer schema is refused, not damaged") {
  ON_BOTH_STORES;
  at.open().session() << "INSERT INTO schema_version (version) VALUES (9999)";
  const auto newer = store::Store::open(at.location());
  REQUIRE_FALSE(newer);
  CHECK(newer.error().kind == Errc::unavailable);
}

TEST_CASE("store: everybody comes back as written") {
  ON_BOTH_STORES;
  const auto all = test::small_district();
  people::Directory expected;
  {
    auto store = at.open();
    auto registry = people::Registry::open(store);
    REQUIRE(registry);
    CHECK(registry->commit(store, all));
    people::Changes changes;
    auto moved = all.pupils[4];
    moved.original_class = {1};
    moved.name = "O'Brien; DROP TABLE pupil";
    auto teacher = all.staff[0];
    teacher.teaching.pop_back();
    auto group = all.groups[0];
    group.members = {{7}};
    changes.pupils = {moved};
    changes.staff = {teacher};
    changes.groups = {group};
    changes.erased_pupils = {{1}, {9}};
    const auto snapshot = registry->commit(store, changes);
    REQUIRE(snapshot);
    expected = **snapshot;
  }
  auto store = at.open();
  const auto loaded = store::load_directory(store);
  REQUIRE(loaded);
  same_people(*loaded, expected);
  CHECK(loaded->next_pupil() == 10);
  CHECK(loaded->find(people::HomeId{1})->phones.empty());
}

TEST_CASE("store: a commit that fails changes neither store nor snapshot") {
  ON_BOTH_STORES;
  auto store = at.open();
  auto registry = people::Registry::open(store);
  REQUIRE(registry->commit(store, test::small_district()));
  const auto before = registry->current();
  people::Changes bad;
  bad.subjects = {{.id = {9}, .name = "英语"}};
  bad.pupils = {before->pupils()[0]};
  bad.pupils[0].home = {999};  // no such home
  CHECK_FALSE(registry->commit(store, bad));
  CHECK(registry->current() == before);
  CHECK_FALSE(store::load_directory(store)->subject_named("英语"));
}

TEST_CASE("store thread: what is answered is written; a failing work harms no neighbour") {
  ON_BOTH_STORES;
  auto thread = store::StoreThread::start(at.location());
  REQUIRE(thread);
  CHECK(done(**thread, add_subject(1, "语文")));
  const auto failed = done(**thread, [](store::Store& store) -> Result<void> {
    auto half = add_subject(2, "数学")(store);
    REQUIRE(half);
    return add_subject(3, "语文")(store);  // the name is taken
  });
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == Errc::io);
  CHECK(done(**thread, add_subject(4, "英语")));
  auto store = at.open();
  const auto people = store::load_directory(store);
  CHECK(people->subject_named("语文"));
  CHECK(people->subject_named("英语"));
  CHECK_FALSE(people->subject_named("数学"));
  CHECK((*thread)->stats().works == 3);
  CHECK((*thread)->stats().failed == 1);
}

TEST_CASE("store thread: work queued together shares a transaction, and a full queue refuses") {
  ON_BOTH_STORES;
  auto thread = store::StoreThread::start(at.location(), {.queued = 20, .batch = 100});
  REQUIRE(thread);
  Answers answers;
  std::promise<void> go;
  std::promise<void> begun;
  std::promise<void> all;
  std::atomic<int> written{0};
  std::atomic<int> refused{0};
  (*thread)->submit_alone(
      [&](store::Store&) -> Result<void> {
        begun.set_value();
        go.get_future().wait();
        return {};
      },
      answers, [](const Result<void>&) {});
  begun.get_future().wait();
  for (int i = 1; i <= 25; ++i) {
    (*thread)->submit(add_subject(i, "S" + std::to_string(i)), answers, [&](const Result<void>& result) {
      if (result && ++written == 20) all.set_value();
      if (!result && result.error().kind == Errc::overload) ++refused;
    });
  }
  go.set_value();
  const std::uint64_t turned_away = (*thread)->stats().refused;
  REQUIRE(all.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK((*thread)->stats().commits <= 2);  // the blocker and the batch
  CHECK(written == 20);
  CHECK(refused == 5);
  CHECK(turned_away == 5);
}

TEST_CASE("store thread: a PostgreSQL that went away is found again") {
  const test::AnyStore at(store::Backend::postgresql);
  auto thread = store::StoreThread::start(at.location());
  REQUIRE(thread);
  CHECK(done(**thread, add_subject(1, "语文")));
  test::Postgres::shared().disconnect_everybody();
  (void)done(**thread, add_subject(2, "数学"));  // may be the one that notices
  CHECK(done(**thread, add_subject(3, "英语")));
}
