#include "relay/app/school_desk.hpp"

#include <algorithm>

#include "relay/app/account_commands.hpp"
#include "relay/app/addresses.hpp"
#include "school/arrangements.hpp"
#include "school/exchange/names.hpp"
#include "school/links/issue.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace exchange = school::exchange;
namespace people = school::people;

}  // namespace

Result<school::store::Location> store_location(const Settings& settings, const DataDir& data) {
  return school::store::locate(settings.store.url, data.database());
}

Result<school::store::Store> open_store(const Settings& settings, const DataDir& data) {
  auto location = store_location(settings, data);
  if (!location) return std::move(location).error();
  return school::store::Store::open(*location);
}

Result<SchoolDesk> SchoolDesk::open(const Common& common) {
  Settings settings;
  if (auto loaded = load_settings(settings, common.config); !loaded) return std::move(loaded).error();
  auto data = DataDir::open(common.data);
  if (!data) return std::move(data).error();
  auto store = open_store(settings, *data);
  if (!store) return std::move(store).error();
  auto registry = people::Registry::open(*store);
  if (!registry) return std::move(registry).error();
  return SchoolDesk(std::move(settings), std::move(*data), std::move(*store), std::move(*registry));
}

Result<json> SchoolDesk::import(const ImportRequest& request) {
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  return import_rosters(people_, store_, request.files, people::PhoneMarker(std::move(*secret)), request.job);
}

Result<json> SchoolDesk::seed(std::uint64_t schools, std::uint64_t seed) {
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  return seed_demo(people_, store_, people::PhoneMarker(std::move(*secret)), schools, seed);
}

Result<json> SchoolDesk::account(const std::string& command, const json& arguments) {
  school::accounts::Accounts accounts;
  if (auto loaded = accounts.load(store_); !loaded) return std::move(loaded).error();
  return run_account_command(people_, store_, accounts, command, arguments);
}

Result<exchange::SheetScope> SchoolDesk::scope_of(const ExportRequest& request) const {
  exchange::SheetScope scope;
  const auto& district = *people_.current();
  if (request.school.empty()) {
    if (request.original_class.empty()) return scope;
    return Error{Errc::invalid, "a class needs its school", "school"};
  }
  const people::School* school = district.school_named(request.school);
  if (!school) return Error{Errc::not_found, "no such school", "school"};
  scope.school = school->id;
  if (request.original_class.empty()) return scope;
  const auto name = exchange::parse_class(request.original_class, school->stages, {});
  const people::Class* found =
      name ? district.class_numbered(school->id, name->grade, name->number) : nullptr;
  if (!found) return Error{Errc::not_found, "no such class", "class"};
  scope.original_class = found->id;
  return scope;
}

Result<std::size_t> SchoolDesk::export_rosters(const ExportRequest& request) {
  const auto format = exchange::format_of(request.file);
  if (!format) return Error{Errc::invalid, "ends in .csv, .xlsx or .html", "file"};
  const auto scope = scope_of(request);
  if (!scope) return Error(scope.error());
  const auto sheet = exchange::roster_sheet(*people_.current(), *scope, request.language);
  if (auto written = exchange::write_sheet(sheet, *format, request.file); !written)
    return std::move(written).error();
  return sheet.rows.size();
}

Result<std::size_t> SchoolDesk::export_links(const ExportRequest& request) {
  const auto format = exchange::format_of(request.file);
  if (!format) return Error{Errc::invalid, "ends in .csv, .xlsx or .html", "file"};
  auto scope = scope_of(request);
  if (!scope) return std::move(scope).error();
  const auto lessons = school::Lessons::open(store_);
  if (!lessons) return Error(lessons.error());
  if (!lessons->find(request.lesson)) return Error{Errc::not_found, "no such lesson", "lesson"};
  const auto rooms = school::Arrangements::open(store_);
  if (!rooms) return Error(rooms.error());
  const auto& arranged = rooms->of(request.lesson);
  std::vector<people::PupilId> seated;  // a lesson with rooms has links for those in them
  for (const auto& room : arranged.rooms) {
    const auto expected = school::expected_in(*people_.current(), room.seating);
    seated.insert(seated.end(), expected.begin(), expected.end());
  }
  std::ranges::sort(seated);
  if (!arranged.rooms.empty()) scope->only = &seated;
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  const school::TokenSigner signer(std::move(*secret));
  const Addresses addresses = make_addresses(settings_, 0, 0, 0);
  const auto expires = base::wall_now() + settings_.links.valid;
  school::links::LinkBook book;
  if (auto loaded = book.load(store_, *people_.current()); !loaded) return std::move(loaded).error();
  const auto link = [&](const people::Pupil& pupil) {
    return addresses.watch(signer.issue(school::links::pupil_link(book, pupil, request.lesson, expires)));
  };
  const auto sheet = exchange::link_sheet(*people_.current(), *scope, link, request.language);
  if (auto written = exchange::write_sheet(sheet, *format, request.file); !written)
    return std::move(written).error();
  return sheet.rows.size();
}

}  // namespace tongke::relay::app
