#include "relay/app/people_desk.hpp"

#include <algorithm>

#include "relay/app/roster_import.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/spool.hpp"

namespace tongke::relay::app {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace people = school::people;

PeopleDesk::PeopleDesk(std::unique_ptr<people::Keeper> keeper, school::Arrangements arrangements,
                       people::PhoneMarker phones, std::filesystem::path spool, base::Executor& control)
    : control_(control),
      phones_(std::move(phones)),
      spool_(std::move(spool)),
      arrangements_(std::move(arrangements)),
      keeper_(std::move(keeper)) {}

Result<std::unique_ptr<PeopleDesk>> PeopleDesk::open(const Settings& settings, const DataDir& data,
                                                     school::store::Store& store, base::Executor& control) {
  auto location = store_location(settings, data);
  if (!location) return std::move(location).error();
  auto keeper = people::Keeper::open(*location, control);
  if (!keeper) return std::move(keeper).error();
  auto arrangements = school::Arrangements::open(store);
  if (!arrangements) return std::move(arrangements).error();
  auto secret = data.secret();
  if (!secret) return std::move(secret).error();
  return std::unique_ptr<PeopleDesk>(new PeopleDesk(std::move(*keeper), std::move(*arrangements),
                                                    people::PhoneMarker(std::move(*secret)), data.spool(),
                                                    control));
}

bool PeopleDesk::run(const std::string& command, const json& arguments, const Answer& answer) {
  if (command == "import") {
    import(arguments, answer);
    return true;
  }
  if (command == "demo.seed") {
    const auto number = [&](const char* name, std::uint64_t otherwise) {
      const auto value = arguments.find(name);
      return value != arguments.end() && value->is_number_unsigned() ? value->get<std::uint64_t>()
                                                                     : otherwise;
    };
    change([phones = phones_, schools = number("schools", 50), seed = number("seed", 1)](
               auto& registry, auto& store) { return seed_demo(registry, store, phones, schools, seed); },
           answer);
    return true;
  }
  return false;
}

void PeopleDesk::change(Work work, const Answer& answer) {
  const auto said = std::make_shared<json>();
  keeper_->change(
      [work = std::move(work), said](people::Registry& registry,
                                     school::store::Store& store) -> Result<void> {
        auto result = work(registry, store);
        if (!result) return std::move(result).error();
        *said = std::move(*result);
        return {};
      },
      control_,
      [answer, said](const Result<void>& done) {
        answer(done ? Result<json>(std::move(*said)) : Result<json>(done.error()));
      });
}

void PeopleDesk::import(const json& arguments, const Answer& answer) {
  auto request = import_request_from(arguments, spool_);
  if (!request) return answer(std::move(request).error());
  change(
      [phones = phones_, request = std::move(*request)](auto& registry, auto& store) {
        auto imported = import_rosters(registry, store, request.files, phones, request.job);
        for (const RosterFile& file : request.files) {
          std::error_code ignored;
          std::filesystem::remove(file.path, ignored);
        }
        return imported;
      },
      answer);
}

}  // namespace tongke::relay::app
