#include "relay/app/signal_desk.hpp"

#include <functional>

namespace tongke::relay::app {

using signaling::LessonPlan;
using signaling::Placement;
using SignalOnAir = signaling::protocol::OnAir;

namespace {

constexpr std::chrono::milliseconds kGoodbye{500};

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

SignalDesk::OneRoom::OneRoom() {
  auto plan = std::make_shared<LessonPlan>();
  plan->rooms.push_back({.id = "1", .label = {}, .seats = {}});
  plan_ = std::move(plan);
}

std::shared_ptr<const LessonPlan> SignalDesk::OneRoom::plan(std::string_view /*lesson*/) const {
  return plan_;
}

std::optional<Placement> SignalDesk::OneRoom::place(const LessonPlan& /*plan*/,
                                                    const school::Token& token) const {
  using school::Role;
  switch (token.role) {
    case Role::pupil:
      return Placement{.rooms = {0}, .seat = token.seat, .label = {}};
    case Role::guardian:
    case Role::lead:  // the one class there is is her own
    case Role::teacher:
      return Placement{.rooms = {0}, .seat = std::nullopt, .label = {}};
    case Role::office:
    case Role::technician:
    case Role::inspector:
      return Placement{};
  }
  return std::nullopt;
}

SignalOnAir SignalDesk::OneRoom::on_air(std::string_view lesson) const {
  return on_air_.with([&](const auto& states) {
    const auto found = states.find(lesson);
    return found == states.end() ? SignalOnAir::waiting : found->second;
  });
}

bool SignalDesk::OneRoom::set_on_air(const std::string& lesson, SignalOnAir state) {
  return on_air_.with([&](auto& states) { return std::exchange(states[lesson], state) != state; });
}

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

bool SignalDesk::seen_lately(std::string_view token) {
  const std::uint64_t who = std::hash<std::string_view>{}(token);
  const std::int64_t turn = base::Steady::now().time_since_epoch() / kSeenEvery;
  return seen_.at(who % seen_.size()).with([&](Seen& seen) {
    if (seen.pruned != turn) {
      std::erase_if(seen.turn, [&](const auto& entry) { return entry.second < turn - 1; });
      seen.pruned = turn;
    }
    return std::exchange(seen.turn[who], turn) == turn;
  });
}

void SignalDesk::delivered(const hls::Delivery& delivery) {
  // In a replay each minute of media counts, however fast it was fetched.
  const bool replay = rooms_.on_air(delivery.lesson) == SignalOnAir::ended;
  if (!replay && seen_lately(delivery.token)) return;
  const auto now = base::wall_now();
  const auto token = signer_.verify(delivery.token, now);
  if (!token || token->lesson != delivery.lesson) return;
  const auto plan = rooms_.plan(token->lesson);
  const auto placement = plan ? rooms_.place(*plan, *token) : std::nullopt;
  if (!placement || !placement->seat) return;
  if (replay) return book_.note_replay(token->lesson, *placement->seat, delivery.start);
  book_.note(token->lesson, *placement->seat, school::attendance::Evidence::media, now);
  service_->note_media(*token);
}

}  // namespace tongke::relay::app
