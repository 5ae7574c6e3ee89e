#include "relay/app/signal_desk.hpp"

#include <functional>

namespace tongke::relay::app {
namespace {

signaling::protocol::Rest why(std::string_view rule) {
  return rule == "evening" ? signaling::protocol::Rest::evening : signaling::protocol::Rest::cap;
}

/// By public id; a lesson without rooms is told as a whole, by "".
template <class Tell>
void for_rooms(const std::vector<school::people::PublicId>& rooms, const Tell& tell) {
  if (rooms.empty()) tell(std::string());
  for (const auto& room : rooms) tell(room.str());
}

}  // namespace

using SignalOnAir = signaling::protocol::OnAir;

namespace {

constexpr std::chrono::milliseconds kGoodbye{500};
// Heartbeats come every half minute; a minute without is a bad network.
constexpr std::int64_t kHereMinutes = 1;

SignalOnAir told(live::OnAir state) {
  switch (state) {
    case live::OnAir::waiting:
      return SignalOnAir::waiting;
    case live::OnAir::live:
      return SignalOnAir::live;
    case live::OnAir::interrupted:
      return SignalOnAir::interrupted;
    case live::OnAir::ended:
      return SignalOnAir::ended;
  }
  return SignalOnAir::waiting;
}

}  // namespace

SignalDesk::SignalDesk(const std::filesystem::path& folder, const school::TokenSigner& signer)
    : signer_(signer), log_(folder), book_(log_) {}

SignalDesk::~SignalDesk() = default;

base::Result<std::unique_ptr<SignalDesk>> SignalDesk::create(const std::filesystem::path& folder,
                                                             const school::TokenSigner& signer,
                                                             const signaling::ws::Service::Options& options) {
  std::unique_ptr<SignalDesk> desk(new SignalDesk(folder, signer));
  auto service = signaling::ws::Service::create(
      options, {.signer = signer, .directory = desk->rooms_, .book = desk->book_, .log = desk->log_});
  if (!service) return std::move(service).error();
  desk->service_ = std::move(*service);
  return desk;
}

void SignalDesk::stop() { service_->stop(kGoodbye); }

void SignalDesk::set_on_air(const std::string& lesson, live::OnAir state) {
  if (rooms_.set_on_air(lesson, told(state))) service_->set_on_air(lesson, told(state));
}

void SignalDesk::forget(const std::string& lesson) {
  set_on_air(lesson, live::OnAir::ended);
  rooms_.forget(lesson);
}

bool SignalDesk::seen_lately(std::string_view token, base::Steady::time_point when) {
  const std::uint64_t who = std::hash<std::string_view>{}(token);
  const std::int64_t turn = when.time_since_epoch() / kSeenEvery;
  return seen_.at(who % seen_.size()).with([&](Seen& seen) {
    if (seen.pruned < turn) {
      std::erase_if(seen.turn, [&](const auto& entry) { return entry.second < turn - 1; });
      seen.pruned = turn;
    }
    return std::exchange(seen.turn[who], turn) == turn;
  });
}

void SignalDesk::delivered(const hls::Delivery& delivery) {
  // In a replay each minute of media counts, however fast it was fetched.
  const bool replay = rooms_.on_air(delivery.lesson) == SignalOnAir::ended;
  if (!replay && seen_lately(delivery.token, base::Steady::now())) return;
  const auto now = base::wall_now();
  const auto token = signer_.verify(delivery.token, now);
  if (token && token->lesson == delivery.lesson) credit(*token, replay, delivery.start, now);
}

bool SignalDesk::delivered_by_edge(const hls::Delivery& delivery, base::WallTime at) {
  const auto now = base::wall_now();
  const auto token = signer_.verify(delivery.token, now);
  if (!token || token->lesson != delivery.lesson) return false;
  const bool replay = rooms_.on_air(delivery.lesson) == SignalOnAir::ended;
  // What came late is of the minute it was sent in, so a line that comes again says nothing new.
  if (replay || !seen_lately(delivery.token, base::Steady::now() - (now - at)))
    credit(*token, replay, delivery.start, at);
  return true;
}

std::vector<std::string> SignalDesk::rooms_of(const school::Token& token) const {
  const auto plan = rooms_.plan(token.lesson);
  const auto placement = plan ? rooms_.place(*plan, token) : std::nullopt;
  std::vector<std::string> rooms;
  if (!placement || !placement->seat) return rooms;
  for (const auto room : placement->rooms) rooms.push_back(plan->rooms[room].id);
  return rooms;
}

void SignalDesk::credit(const school::Token& token, bool replay, base::MediaTime start, base::WallTime at) {
  const auto plan = rooms_.plan(token.lesson);
  const auto placement = plan ? rooms_.place(*plan, token) : std::nullopt;
  if (!placement || !placement->seat) return;
  if (replay) return book_.note_replay(token.lesson, *placement->seat, start);
  book_.note(token.lesson, *placement->seat, school::attendance::Evidence::media, at);
  service_->note_media(token);
}

void SignalDesk::delivered(const std::string& lesson, std::string_view pass) {
  const auto [token, device] = school::links::read_pass(pass);
  delivered({.token = token, .lesson = lesson, .rendition = {}});
  // It keeps its place; one that has none any more plays on until it asks again.
  if (const auto known = signer_.verify(token, base::wall_now()))
    (void)seats_.admit(*known, device, base::Steady::now());
}

bool SignalDesk::may_play(const school::Token& token, const school::links::Device& device) {
  using Verdict = school::links::SeatDevices::Verdict;
  const auto verdict = seats_.admit(token, device, base::Steady::now());
  if (verdict == Verdict::refused_and_to_tell) service_->third_device(token);
  return verdict == Verdict::in;
}

void SignalDesk::set_people(school::people::Snapshot people) {
  rooms_.set_people(std::move(people));
  service_->replan_all();
}

void SignalDesk::arrange(const school::Arrangement& lesson) {
  rooms_.arrange(lesson);
  service_->replan(lesson.lesson);
}

std::set<std::string> SignalDesk::watched_rooms(const std::string& lesson, bool ever) {
  using school::attendance::Ledger;
  const auto plan = rooms_.plan(lesson);
  const auto now = std::chrono::floor<std::chrono::minutes>(base::wall_now().time_since_epoch()).count();
  std::set<std::string> watched;
  for (const school::Role role : {school::Role::teacher, school::Role::lead}) {
    book_.read(lesson + '.' + std::string(to_string(role)), [&](const Ledger& ledger) {
      for (const auto& [seat, record] : ledger.seats()) {
        const bool here =
            !record.minutes.empty() && (ever || record.minutes.back().number + kHereMinutes >= now);
        const auto placement =
            here ? rooms_.place(*plan, {.role = role, .lesson = lesson, .seat = seat}) : std::nullopt;
        if (!placement) continue;
        for (const auto room : placement->rooms) watched.insert(plan->rooms[room].id);
      }
    });
  }
  return watched;
}

void SignalDesk::air_runs_out(const std::string& lesson, std::string_view rule,
                              const std::vector<school::people::PublicId>& rooms,
                              std::chrono::milliseconds left) {
  const auto minutes = std::chrono::ceil<std::chrono::minutes>(left);
  for_rooms(rooms, [&](const std::string& room) { service_->warn(lesson, room, why(rule), minutes); });
}

void SignalDesk::rooms_rest(const std::string& lesson, std::string_view rule,
                            const std::vector<school::people::PublicId>& rooms) {
  for_rooms(rooms, [&](const std::string& room) { service_->rest(lesson, room, why(rule)); });
}

void SignalDesk::rooms_wake(const std::string& lesson, const std::vector<school::people::PublicId>& rooms) {
  for_rooms(rooms,
            [&](const std::string& room) { service_->rest(lesson, room, signaling::protocol::Rest::none); });
}

}  // namespace tongke::relay::app
