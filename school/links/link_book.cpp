#include "school/links/link_book.hpp"

#include "school/store/link_table.hpp"

namespace tongke::school::links {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::uint16_t kLastVersion = 0xFFFF;

}  // namespace

Result<void> LinkBook::load(store::Store& store, const people::Directory& people) {
  auto rows = store::load_links(store);
  if (!rows) return std::move(rows).error();
  state_.with([&](State& state) {
    state.versions.clear();
    for (const auto& [person, version] : rows->versions) state.versions[person] = version;
    state.seats.clear();
    state.seats.insert(rows->seats.begin(), rows->seats.end());
  });
  refresh(people);
  return {};
}

std::uint16_t LinkBook::version(const Person& person) const {
  return state_.with([&](const State& state) -> std::uint16_t {
    const auto found = state.versions.find(person);
    return found == state.versions.end() ? std::uint16_t{0} : found->second;
  });
}

RevocationSnapshot LinkBook::current() const {
  return state_.with([](const State& state) { return state.snapshot; });
}

Result<void> LinkBook::renew(store::Store& store, const std::vector<Person>& people) {
  std::vector<std::pair<Person, std::uint16_t>> renewed;
  for (const Person& one : people) {
    const std::uint16_t old = version(one);
    if (old == kLastVersion) return Error{Errc::conflict, "renewed too often", "person"};
    renewed.emplace_back(one, static_cast<std::uint16_t>(old + 1));
  }
  if (auto saved = store::save_versions(store, renewed); !saved) return saved;
  state_.with([&](State& state) {
    for (const auto& [one, version] : renewed) state.versions[one] = version;
  });
  return {};
}

Result<void> LinkBook::withdraw_seat(store::Store& store, const std::string& lesson, std::uint32_t seat) {
  if (auto saved = store::save_withdrawn_seat(store, lesson, seat); !saved) return saved;
  state_.with([&](State& state) { state.seats.emplace(lesson, seat); });
  return {};
}

void LinkBook::refresh(const people::Directory& people) {
  auto next = std::make_shared<Revocations>();
  state_.with([&](const State& state) {
    for (const auto& [one, version] : state.versions) {
      next->set_least(one.bearer, one.row, version);
      if (one.bearer != Bearer::home) continue;
      for (const people::PupilId child : people.children_of({one.row})) {
        next->set_least(Bearer::guardian_of, child.value, version);
      }
    }
    for (const auto& [lesson, seat] : state.seats) next->withdraw_seat(lesson, seat);
  });
  const auto close_gone = [&](const auto& rows, std::initializer_list<Bearer> bearers) {
    for (std::uint32_t row = 1; const auto& one : rows) {
      if (!one.id || one.standing != people::Standing::active) {
        for (const Bearer bearer : bearers) next->set_least(bearer, row, Revocations::kNone);
      }
      ++row;
    }
  };
  close_gone(people.pupils(), {Bearer::pupil, Bearer::guardian_of});
  close_gone(people.staff(), {Bearer::staff});
  state_.with([&](State& state) { state.snapshot = std::move(next); });
}

}  // namespace tongke::school::links
