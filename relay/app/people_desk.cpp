#include "relay/app/people_desk.hpp"

#include <algorithm>

#include "relay/app/account_commands.hpp"
#include "relay/app/roster_import.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/spool.hpp"
#include "relay/http/api/handover.hpp"
#include "relay/http/api/office_device.hpp"

namespace tongke::relay::app {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;
namespace people = school::people;
using school::accounts::Throttle;

namespace {

// A forgotten password is typed ten times at most before a minute's wait for each further try; a
// school behind one address has more to spend.
constexpr Throttle::Limits kPerAccount{.attempts = 10, .each = std::chrono::seconds(60)};
constexpr Throttle::Limits kPerAddress{.attempts = 60, .each = std::chrono::seconds(10)};
// Five tries at four digits, then one in ten minutes.
constexpr Throttle::Limits kPerHome{.attempts = 5, .each = std::chrono::seconds(600)};

}  // namespace

PeopleDesk::PeopleDesk(std::unique_ptr<people::Keeper> keeper, school::Arrangements arrangements,
                       const std::vector<std::uint8_t>& secret, std::filesystem::path spool,
                       base::Executor& control)
    : control_(control),
      phones_(secret),
      devices_(secret),
      spool_(std::move(spool)),
      arrangements_(std::move(arrangements)),
      account_throttle_(kPerAccount),
      address_throttle_(kPerAddress),
      device_throttle_(kPerHome),
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
  std::unique_ptr<PeopleDesk> desk(
      new PeopleDesk(std::move(*keeper), std::move(*arrangements), *secret, data.spool(), control));
  desk->links_valid_ = settings.links.valid;
  desk->secure_ = is_secure(settings);
  if (auto loaded = desk->accounts_.load(store); !loaded) return std::move(loaded).error();
  if (auto loaded = desk->access_log_.load(store); !loaded) return std::move(loaded).error();
  if (auto loaded = desk->approvals_.load(store, base::wall_now()); !loaded) return std::move(loaded).error();
  if (auto loaded = desk->links_.load(store, *desk->keeper_->current()); !loaded)
    return std::move(loaded).error();
  // Whoever left, or is on another list now, loses the links with it.
  desk->keeper_->watch([self = desk.get()](const people::Snapshot&) { self->renew_revocations(); });
  return desk;
}

void PeopleDesk::renew_revocations() {
  links_.refresh(*keeper_->current());
  if (recheck_) recheck_();
}

void PeopleDesk::add_routes(http::Server& server, Around around) {
  recheck_ = std::move(around.recheck);
  office_.emplace(http::api::Office{.control = control_,
                                    .people = *keeper_,
                                    .accounts = accounts_,
                                    .sessions = sessions_,
                                    .hasher = hasher_,
                                    .account_throttle = account_throttle_,
                                    .address_throttle = address_throttle_,
                                    .device_throttle = device_throttle_,
                                    .access_log = access_log_,
                                    .approvals = approvals_,
                                    .links = links_,
                                    .repeats = repeats_,
                                    .signer = around.signer,
                                    .phones = phones_,
                                    .devices = devices_,
                                    .lessons = around.lessons,
                                    .arrangements = arrangements_,
                                    .plans = around.plans,
                                    .live = around.live,
                                    .set_state = std::move(around.set_state),
                                    .links_withdrawn = [this] { renew_revocations(); },
                                    .links_valid = links_valid_,
                                    .origin = std::move(around.origin),
                                    .secure = secure_});
  http::api::add_session_routes(server, *office_);
  http::api::add_account_routes(server, *office_);
  http::api::add_approval_routes(server, *office_);
  http::api::add_people_routes(server, *office_);
  http::api::add_pupil_routes(server, *office_);
  http::api::add_link_routes(server, *office_);
  http::api::add_device_routes(server, *office_);
  http::api::add_school_lesson_routes(server, *office_);
  http::api::add_handover_routes(server, *office_);
}

// The district sees and activates all; its own sheets, and the table of weekly hours, are caps to
// it. A school's office has its own school's.
std::optional<http::api::TimetableCaller> PeopleDesk::timetable_caller(const http::Request& request,
                                                                       http::api::TimetableAct act,
                                                                       http::Responder& responder) const {
  using http::api::TimetableAct;
  using school::Act;
  const auto visitor = http::api::admit(*office_, request, responder);
  if (!visitor) return std::nullopt;
  const auto may = [&](Act wish, const school::Target& target) {
    return visitor->may(wish, target) == school::Verdict::yes;
  };
  const Act district = act == TimetableAct::see      ? Act::see_timetable
                       : act == TimetableAct::change ? Act::set_caps
                                                     : Act::activate;
  if (visitor->asker.staff && may(district, {}))
    return http::api::TimetableCaller{.school = {}, .by = visitor->name};
  const auto* staff = visitor->people->find(visitor->asker.staff);
  const Act own = act == TimetableAct::see ? Act::see_timetable : Act::change_timetable;
  if (staff && staff->school && act != TimetableAct::activate && may(own, {.school = staff->school}))
    return http::api::TimetableCaller{.school = staff->school, .by = visitor->name};
  responder.fail(http::api::nothing_here());
  return std::nullopt;
}

bool PeopleDesk::run(const std::string& command, const json& arguments, const Answer& answer) {
  if (command == "import") {
    import(arguments, answer);
    return true;
  }
  if (is_account_command(command)) {
    account(command, arguments, answer);
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

void PeopleDesk::account(const std::string& command, const json& arguments, const Answer& answer) {
  change(
      [this, command, arguments](auto& registry, auto& store) {
        return run_account_command(registry, store, accounts_, command, arguments);
      },
      [this, command, answer](const Result<json>& done) {
        // Whoever is signed in with the old password, or no longer may be, is signed out.
        if (done && (command == "account.password" || command == "account.disable"))
          sessions_.end_all(done->at("login").get<std::string>());
        answer(done);
      });
}

void PeopleDesk::import(const json& arguments, const Answer& answer) {
  auto request = import_request_from(arguments, spool_);
  if (!request) return answer(std::move(request).error());
  change(
      [phones = phones_, request = std::move(*request), arguments, spool = spool_](auto& registry,
                                                                                   auto& store) {
        auto imported = import_rosters(registry, store, request.files, phones, request.job);
        clear_spool(arguments, spool);
        return imported;
      },
      answer);
}

}  // namespace tongke::relay::app
