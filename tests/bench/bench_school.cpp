#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "school/crypto.hpp"
#include "school/demo/seed.hpp"
#include "school/exchange/planner.hpp"
#include "school/exchange/sheet.hpp"
#include "school/links/revocations.hpp"
#include "school/links/seat_devices.hpp"
#include "school/people/registry.hpp"
#include "school/store/people_table.hpp"
#include "school/store/store_thread.hpp"
#include "tests/support/temp_dir.hpp"

using namespace tongke;
using namespace tongke::school;

namespace {

template <class T>
T must(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  std::exit(1);
}

template <class F>
double seconds_of(F work) {
  const auto begun = base::Steady::now();
  work();
  return std::chrono::duration<double>(base::Steady::now() - begun).count();
}

long resident_kb() {
  long pages = 0;
  long resident = 0;
  std::FILE* statm = std::fopen("/proc/self/statm", "r");
  if (!statm) return 0;
  if (std::fscanf(statm, "%ld %ld", &pages, &resident) != 2) resident = 0;
  std::fclose(statm);
  return resident * 4;
}

/// What every playlist request costs before it is answered: signature, withdrawn links of a whole
/// district, and the seat's devices. Microseconds each.
double token_check_us() {
  constexpr std::uint32_t kPupils = 35'000;
  constexpr int kChecks = 200'000;
  links::Revocations withdrawn;
  for (std::uint32_t row = 1; row <= kPupils; ++row) withdrawn.set_least(links::Bearer::pupil, row, 1);
  TokenSigner signer(crypto::random_bytes(32));
  signer.refuse([&](const Token& token) { return withdrawn.withdrawn(token); });
  links::SeatDevices seats;
  const auto now = base::wall_now();
  std::vector<std::string> tokens;
  for (std::uint32_t row = 1; row <= 1'000; ++row)
    tokens.push_back(signer.issue({.role = Role::pupil,
                                   .lesson = "kq8xyepst05",
                                   .seat = kRosterSeats + row * 35,
                                   .version = 1,
                                   .expires = now + std::chrono::hours(1)}));
  int good = 0;
  const double seconds = seconds_of([&] {
    for (int i = 0; i < kChecks; ++i) {
      const auto token = signer.verify(tokens[static_cast<std::size_t>(i) % tokens.size()], now);
      const auto verdict =
          token ? seats.admit(*token, {.name = "x7k2m9", .address = "10.0.0.1"}, base::Steady::now())
                : links::SeatDevices::Verdict::refused;
      good += verdict == links::SeatDevices::Verdict::in ? 1 : 0;
    }
  });
  if (good != kChecks) std::abort();
  return seconds / kChecks * 1e6;
}

}  // namespace

// Time of a check of a token, to seed 50 schools, to load them at start-up, and to import 50,000 pupils from
// CSV. The store is a SQLite file in /tmp, or the database that TONGKE_BENCH_STORE names (empty ones).
int main() {
  const test::TempDir dir;
  const char* url = std::getenv("TONGKE_BENCH_STORE");
  const auto location = must(store::locate(url ? url : "", dir.path() / "bench.db"));
  const people::PhoneMarker phones(crypto::random_bytes(32));
  nlohmann::json out;
  out["token_check_us"] = token_check_us();
  std::string csv;
  {
    auto store = must(store::Store::open(location));
    auto registry = must(people::Registry::open(store));
    out["seed_50_schools_s"] = seconds_of([&] {
      const auto plan = exchange::plan_import(*registry.current(), demo::demo_district({}), phones);
      (void)must(registry.commit(store, plan.changes));
    });
    out["seed_pupils"] = registry.current()->pupil_count();
  }
  auto store = must(store::Store::open(location));
  const long before = resident_kb();
  std::optional<people::Directory> loaded;
  out["load_s"] = seconds_of([&] { loaded = must(store::load_directory(store)); });
  out["load_resident_kb"] = resident_kb() - before;

  auto registry = must(people::Registry::open(store));
  const auto roster = exchange::to_csv(exchange::roster_sheet(*registry.current(), {}, Language::zh));
  out["reimport_unchanged_s"] = seconds_of([&] {
    const auto table = must(exchange::read_table("roster.csv", base::as_bytes(roster)));
    (void)must(registry.commit(store, exchange::plan_import(*registry.current(), {table}, phones).changes));
  });
  for (int i = 0; i < 50'000; ++i) {
    if (i == 0) csv = "学校,年级,班级,学号,姓名,家长电话,上网条件\r\n";
    csv += "大学校" + std::to_string(i % 50) + "," + std::to_string(1 + i / 50 % 9) + "," +
           std::to_string(1 + i / 450 % 20) + ",N" + std::to_string(i) + ",学生,138" +
           std::to_string(10'000'000 + i) + ",宽带\r\n";
  }
  out["import_50000_pupils_s"] = seconds_of([&] {
    const auto table = must(exchange::read_table("big.csv", base::as_bytes(csv)));
    const auto plan = exchange::plan_import(*registry.current(), {table}, phones, {.new_schools = true});
    if (!plan.report.problems.empty()) std::abort();
    (void)must(registry.commit(store, plan.changes));
  });
  out["pupils"] = registry.current()->pupil_count();
  std::printf("%s\n", out.dump().c_str());
  return 0;
}
