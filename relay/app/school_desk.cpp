#include "relay/app/school_desk.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "relay/app/addresses.hpp"
#include "school/arrangements.hpp"
#include "school/demo/seed.hpp"
#include "school/exchange/names.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace exchange = school::exchange;
namespace people = school::people;

Result<std::vector<std::uint8_t>> read_file(const std::string& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return Error{Errc::io, file + ": " + error.message()};
  if (size > exchange::kMaxFileBytes)
    return Error{Errc::invalid, file + ": " + school::text("import.too_large")};
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return Error{Errc::io, file + ": cannot be read"};
  return bytes;
}

json problems_json(const std::vector<exchange::Problem>& problems) {
  json list = json::array();
  for (const auto& problem : problems) {
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", to_string(problem.column)},
                    {"reason", to_string(problem.reason)}});
  }
  return list;
}

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

Result<SchoolDesk::Imported> SchoolDesk::import_files(const ImportRequest& request) {
  std::vector<exchange::Table> tables;
  for (const std::string& file : request.files) {
    const auto bytes = read_file(file);
    if (!bytes) return Error(bytes.error());
    auto table = exchange::read_table(file, *bytes);
    if (!table) return std::move(table).error();
    tables.push_back(std::move(*table));
  }
  return apply(tables, request, {});
}

Result<SchoolDesk::Imported> SchoolDesk::apply(const std::vector<exchange::Table>& tables,
                                               const ImportRequest& request, const std::string& district) {
  auto secret = data_.secret();
  if (!secret) return std::move(secret).error();
  auto plan = exchange::plan_import(*people_.current(), tables, people::PhoneMarker(std::move(*secret)),
                                    request.options);
  if (!district.empty()) plan.changes.district = district;
  Imported imported{.report = std::move(plan.report)};
  if (request.dry_run || (!imported.report.problems.empty() && !request.skip_bad)) return imported;
  if (auto done = people_.commit(store_, plan.changes); !done) return std::move(done).error();
  imported.applied = true;
  return imported;
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
  const auto link = [&](const people::Pupil& pupil) {
    return addresses.watch(signer.issue({.role = school::Role::pupil,
                                         .lesson = request.lesson,
                                         .seat = school::kRosterSeats + pupil.id.value,
                                         .expires = expires}));
  };
  const auto sheet = exchange::link_sheet(*people_.current(), *scope, link, request.language);
  if (auto written = exchange::write_sheet(sheet, *format, request.file); !written)
    return std::move(written).error();
  return sheet.rows.size();
}

Result<SchoolDesk::Imported> SchoolDesk::seed_demo(std::uint64_t schools, std::uint64_t seed) {
  const std::string name = school::demo::demo_district_name();
  if (!people_.current()->schools().empty() && people_.current()->district() != name) {
    return Error{Errc::conflict, "there are schools in this store already; a demo goes into an empty one"};
  }
  if (schools < 1 || schools > school::demo::kMostSchools) {
    return Error{Errc::invalid, "must be between 1 and " + std::to_string(school::demo::kMostSchools),
                 "schools"};
  }
  return apply(school::demo::demo_district({.schools = schools, .seed = seed}),
               {.options = {.new_schools = true}}, name);
}

json to_json(const SchoolDesk::Imported& imported) {
  json tallies = json::object();
  for (std::size_t i = 0; i < exchange::kKindCount; ++i) {
    const auto kind = static_cast<exchange::Kind>(i);
    const auto& tally = imported.report.tally(kind);
    tallies[std::string(to_string(kind))] = {
        {"created", tally.created}, {"updated", tally.updated}, {"unchanged", tally.unchanged}};
  }
  json differences = json::array();
  for (const auto& difference : imported.report.differences) {
    differences.push_back({{"kind", to_string(difference.kind)},
                           {"created", difference.created},
                           {"school", difference.school},
                           {"what", difference.what},
                           {"details", difference.details}});
  }
  return {{"applied", imported.applied},
          {"rows", std::move(tallies)},
          {"changes", std::move(differences)},
          {"problems", problems_json(imported.report.problems)},
          {"notes", problems_json(imported.report.notes)}};
}

}  // namespace tongke::relay::app
