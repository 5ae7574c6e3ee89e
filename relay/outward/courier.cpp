#include "relay/outward/courier.hpp"

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/queue.hpp"
#include "relay/outward/queue.hpp"
#include "relay/outward/transfer.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::outward {
namespace {

namespace log = base::log;
namespace metrics = base::metrics;
using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kInbox = 4096;
constexpr std::size_t kRobotMinute = 20;
constexpr std::chrono::minutes kDingtalkMute{10};
constexpr std::chrono::minutes kWecomMute{1};
constexpr std::chrono::milliseconds kLongestNap{30'000};
constexpr std::chrono::hours kPruneEvery{1};
constexpr int kAfterFailureMs = 200;

/// Between 0 and 1.
double chance() { return school::crypto::random_bytes(1).front() / 255.0; }

Queue::Options queue_for(Kind kind) {
  Queue::Options options;
  options.jitter = chance;
  if (kind == Kind::webhook) return options;
  options.merges = true;
  options.per_minute = kRobotMinute;
  options.mute = kind == Kind::dingtalk ? kDingtalkMute : kWecomMute;
  return options;
}

/// What one receiver has to be told and how it goes.
struct Station {
  explicit Station(Receiver its)
      : receiver(std::move(its)),
        queue(queue_for(receiver.kind)),
        delivered(metrics::counter("tongke_outward_delivered_total", "Notices delivered", labels())),
        retried(metrics::counter("tongke_outward_retried_total", "Messages that have to go again", labels())),
        given_up(metrics::counter("tongke_outward_given_up_total",
                                  "Notices refused for good, or undelivered for a day", labels())),
        dropped(metrics::counter("tongke_outward_dropped_total", "Notices dropped because too many waited",
                                 labels())),
        waiting(metrics::gauge("tongke_outward_waiting", "Notices not delivered yet", labels())) {}

  [[nodiscard]] metrics::Labels labels() const { return {{"receiver", receiver.name}}; }
  void push(Notice notice) {
    if (queue.push(std::move(notice))) dropped.Increment();
    waiting.Set(static_cast<double>(queue.size()));
  }

  const Receiver receiver;
  Queue queue;
  std::unique_ptr<Transfer> out = {};
  bool failing = false;  // said once
  metrics::Counter& delivered;
  metrics::Counter& retried;
  metrics::Counter& given_up;
  metrics::Counter& dropped;
  metrics::Gauge& waiting;
};

std::vector<std::string> ids_of(const std::vector<Notice>& notices) {
  std::vector<std::string> ids;
  for (const auto& notice : notices) ids.push_back(notice.id);
  return ids;
}

struct MultiFree {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

}  // namespace

/// The thread and what it owns.
class Courier::Work {
 public:
  explicit Work(Options options) : options_(std::move(options)), multi_(curl_multi_init()), inbox_(kInbox) {
    for (auto& receiver : options_.receivers)
      stations_.push_back(std::make_unique<Station>(std::move(receiver)));
    restore();
  }
  ~Work() {
    stopping_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  [[nodiscard]] bool start() {
    if (!multi_) return false;
    thread_ = std::thread([this] { run(); });
    return true;
  }
  void send(const Notice& notice);
  [[nodiscard]] Result<void> try_out(const std::string& receiver, TrialDone done);

 private:
  struct TrialRun {
    std::vector<Trial> trials = {};
    std::size_t open = 0;
    TrialDone done = {};
  };
  struct Item {
    Notice notice = {};
    std::vector<std::size_t> to = {};  // numbers of stations
    std::shared_ptr<TrialRun> run = {};
  };
  struct TrialOut {
    std::size_t station = 0;
    std::unique_ptr<Transfer> transfer = {};
    std::shared_ptr<TrialRun> run = {};
  };

  void wake() {
    if (multi_) curl_multi_wakeup(multi_.get());
  }
  void restore();

  // ---- on the thread ----
  void run();
  void take(Item item);
  void begin_trial(std::size_t station, const Item& item);
  void advance(Station& station);
  void collect();
  void finish(Station& station, const Reply& reply);
  void finish(TrialOut& trial, const Reply& reply);
  void give_up(Station& station, const std::vector<Notice>& notices, std::string_view why);
  void settled(const Station& station, const std::vector<Notice>& notices);
  [[nodiscard]] std::chrono::milliseconds nap() const;

  Options options_;
  std::unique_ptr<CURLM, MultiFree> multi_;  // before the transfers: they leave it first
  std::vector<std::unique_ptr<Station>> stations_;
  std::vector<TrialOut> trials_;
  base::BoundedQueue<Item> inbox_;
  base::Steady::time_point pruned_ = base::Steady::now();
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

void Courier::Work::restore() {
  const auto now = base::Steady::now();
  const auto wall = base::wall_now();
  for (auto& station : stations_) {
    for (auto& notice : options_.kept.waiting[station->receiver.name]) station->push(std::move(notice));
    for (const auto at : options_.kept.sent[station->receiver.name])
      station->queue.note_sent(now - std::max(wall - at, std::chrono::milliseconds(0)));
  }
  options_.kept = {};
}

void Courier::Work::send(const Notice& notice) {
  Item item{.notice = notice, .to = {}, .run = {}};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (!stations_[i]->receiver.wants(notice)) continue;
    item.to.push_back(i);
    names.push_back(stations_[i]->receiver.name);
  }
  // Kept even when nobody hears of it: what was told is not told again after a restart.
  if (options_.journal) options_.journal->told(notice, names);
  if (item.to.empty()) return;
  const auto to = item.to;
  if (!inbox_.push(std::move(item)))
    for (const std::size_t i : to) stations_[i]->dropped.Increment();
  wake();
}

Result<void> Courier::Work::try_out(const std::string& receiver, TrialDone done) {
  Item item{.notice = make_notice(Event::trial, {}, base::wall_now()),
            .to = {},
            .run = std::make_shared<TrialRun>()};
  for (std::size_t i = 0; i < stations_.size(); ++i)
    if (receiver.empty() || stations_[i]->receiver.name == receiver) item.to.push_back(i);
  if (item.to.empty()) return Error{Errc::not_found, "there is no such receiver", "receiver"};
  item.run->open = item.to.size();
  item.run->done = std::move(done);
  if (!inbox_.push(std::move(item))) return Error{Errc::overload, "too much is on its way; try again"};
  wake();
  return {};
}

void Courier::Work::run() {
  while (!stopping_) {
    while (auto item = inbox_.try_pop()) take(std::move(*item));
    for (auto& station : stations_) advance(*station);
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect();
    if (options_.journal && base::Steady::now() - pruned_ >= kPruneEvery) {
      pruned_ = base::Steady::now();
      options_.journal->prune(base::wall_now());
    }
    const auto wait = static_cast<int>(nap().count());
    // libcurl shortens it when a transfer needs that.
    if (curl_multi_poll(multi_.get(), nullptr, 0, wait, nullptr) != CURLM_OK)
      ::poll(nullptr, 0, kAfterFailureMs);
  }
  for (auto& station : stations_)
    if (station->out) curl_multi_remove_handle(multi_.get(), station->out->handle());
  for (auto& trial : trials_) curl_multi_remove_handle(multi_.get(), trial.transfer->handle());
}

void Courier::Work::take(Item item) {
  for (const std::size_t i : item.to) {
    if (item.run) {
      begin_trial(i, item);
    } else {
      stations_[i]->push(item.notice);
    }
  }
}

void Courier::Work::begin_trial(std::size_t station, const Item& item) {
  Station& at = *stations_[station];
  TrialOut trial{.station = station, .transfer = {}, .run = item.run};
  trial.transfer = Transfer::make(
      at.receiver.kind, write(at.receiver, options_.letterhead, {&item.notice, 1}, base::wall_now()));
  if (!trial.transfer || curl_multi_add_handle(multi_.get(), trial.transfer->handle()) != CURLM_OK)
    return finish(trial, {.outcome = Outcome::again, .said = "libcurl does not start", .hint = "connect"});
  at.queue.note_sent(base::Steady::now());
  trials_.push_back(std::move(trial));
}

// What is too old goes, what is due begins.
void Courier::Work::advance(Station& station) {
  const auto wall = base::wall_now();
  if (const auto old = station.queue.expire(wall); !old.empty())
    give_up(station, old, "undelivered for a day");
  const auto notices = station.queue.take(base::Steady::now());
  if (notices.empty()) return;
  station.out =
      Transfer::make(station.receiver.kind, write(station.receiver, options_.letterhead, notices, wall));
  if (!station.out || curl_multi_add_handle(multi_.get(), station.out->handle()) != CURLM_OK)
    finish(station, {.outcome = Outcome::again, .said = "libcurl does not start", .hint = "connect"});
}

void Courier::Work::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const handle = message->easy_handle;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_.get(), handle);
    const auto station = std::ranges::find_if(
        stations_, [&](const auto& one) { return one->out && one->out->handle() == handle; });
    if (station != stations_.end()) {
      finish(**station, (*station)->out->reply(code));
      continue;
    }
    const auto trial =
        std::ranges::find_if(trials_, [&](const auto& one) { return one.transfer->handle() == handle; });
    if (trial == trials_.end()) continue;
    finish(*trial, trial->transfer->reply(code));
    trials_.erase(trial);
  }
}

void Courier::Work::finish(Station& station, const Reply& reply) {
  station.out.reset();
  const auto done = station.queue.settle(reply.outcome, base::Steady::now(), reply.wait);
  if (reply.outcome == Outcome::delivered) {
    if (std::exchange(station.failing, false))
      log::info("notices go out again", {{"receiver", station.receiver.name}});
    station.delivered.Increment(static_cast<double>(done.size()));
    settled(station, done);
  } else if (reply.outcome == Outcome::refused) {
    give_up(station, done, reply.said);
  } else {
    station.retried.Increment();
    if (!std::exchange(station.failing, true))
      log::warn("notice not delivered; it goes again",
                {{"receiver", station.receiver.name}, {"why", reply.said}, {"hint", reply.hint}});
  }
  station.waiting.Set(static_cast<double>(station.queue.size()));
}

void Courier::Work::finish(TrialOut& trial, const Reply& reply) {
  trial.run->trials.push_back({.receiver = stations_[trial.station]->receiver.name, .reply = reply});
  if (--trial.run->open == 0) trial.run->done(std::move(trial.run->trials));
}

void Courier::Work::give_up(Station& station, const std::vector<Notice>& notices, std::string_view why) {
  log::error("notices given up", {{"receiver", station.receiver.name},
                                  {"why", why},
                                  {"notices", static_cast<std::uint64_t>(notices.size())}});
  station.given_up.Increment(static_cast<double>(notices.size()));
  station.waiting.Set(static_cast<double>(station.queue.size()));
  settled(station, notices);
}

void Courier::Work::settled(const Station& station, const std::vector<Notice>& notices) {
  if (options_.journal) options_.journal->settled(station.receiver.name, ids_of(notices), base::wall_now());
}

std::chrono::milliseconds Courier::Work::nap() const {
  std::chrono::milliseconds nap = kLongestNap;
  const auto now = base::Steady::now();
  for (const auto& station : stations_) {
    const auto ready = station->queue.ready_at();
    if (!ready) continue;
    nap = std::min(nap, std::chrono::ceil<std::chrono::milliseconds>(std::max(*ready, now) - now));
  }
  return nap;
}

Courier::Courier(std::unique_ptr<Work> work) : work_(std::move(work)) {}
Courier::~Courier() = default;

Result<std::unique_ptr<Courier>> Courier::create(Options options) {
  const Error no_curl{Errc::unavailable, "libcurl does not start"};
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return no_curl;
  auto work = std::make_unique<Work>(std::move(options));
  if (!work->start()) return no_curl;
  return std::unique_ptr<Courier>(new Courier(std::move(work)));
}

void Courier::send(const Notice& notice) { work_->send(notice); }
Result<void> Courier::try_out(const std::string& receiver, TrialDone done) {
  return work_->try_out(receiver, std::move(done));
}

}  // namespace tongke::relay::outward
