#include "relay/bench/whep_load.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <thread>

#include "base/fd.hpp"
#include "base/queue.hpp"
#include "relay/bench/http_post.hpp"
#include "relay/bench/process_cost.hpp"
#include "relay/bench/viewer.hpp"

namespace tongke::relay::bench {
namespace {

using namespace std::chrono_literals;
using base::Errc;
using base::Error;
using base::Steady;
using nlohmann::json;

/// POSTs under way at once.
constexpr std::size_t kJoiners = 4;
constexpr auto kPostDeadline = 10s;
constexpr auto kTick = 20ms;
/// Within the window sockets are looked at this often, as a network card gathers its interrupts:
/// whoever waits for each datagram is woken by the sender's system call, on the sender's account.
constexpr int kGatherMs = 2;

struct Joined {
  std::unique_ptr<Viewer> viewer;
  std::string failure;  ///< of the POST, when there is no viewer
};

/// The threads that POST, each viewer at its time.
class Joiners {
 public:
  Joiners(const WhepLoadOptions& options, std::shared_ptr<const webrtc::DtlsContext> dtls, int wake)
      : options_(options), dtls_(std::move(dtls)), wake_(wake), begin_(Steady::now()) {
    for (auto& thread : threads_) thread = std::jthread([this] { work(); });
  }

  std::optional<Joined> next() { return joined_.try_pop(); }

 private:
  void work() {
    while (true) {
      const std::size_t number = next_.fetch_add(1);
      if (number >= options_.viewers) return;
      const auto share = static_cast<double>(number) / static_cast<double>(options_.viewers);
      std::this_thread::sleep_until(begin_ +
                                    std::chrono::duration_cast<Steady::duration>(options_.ramp * share));
      joined_.push(join(number));
      const std::uint64_t one = 1;
      if (write(wake_, &one, sizeof(one)) < 0) return;
    }
  }

  Joined join(std::size_t number) const {
    const auto ice = webrtc::make_ice_credentials();
    const std::string token = options_.tokens.empty() ? "" : options_.tokens[number % options_.tokens.size()];
    const auto posted = Steady::now();
    const auto reply = post_sdp(options_.url, token, make_offer(ice, dtls_->fingerprint()), kPostDeadline);
    if (!reply) return {.viewer = nullptr, .failure = "POST: " + reply.error().message};
    if (reply->status != 201 && reply->status != 200) {
      return {.viewer = nullptr, .failure = "POST: status " + std::to_string(reply->status)};
    }
    const bool loopback = options_.url.find("//127.") != std::string::npos ||
                          options_.url.find("//localhost") != std::string::npos ||
                          options_.url.find("//[::1]") != std::string::npos;
    auto answer = read_answer(reply->body, loopback);
    if (!answer) return {.viewer = nullptr, .failure = answer.error().message};
    return {.viewer = std::make_unique<Viewer>(ice, std::move(*answer), dtls_, posted), .failure = {}};
  }

  const WhepLoadOptions& options_;
  const std::shared_ptr<const webrtc::DtlsContext> dtls_;
  const int wake_;
  const Steady::time_point begin_;
  std::atomic<std::size_t> next_{0};
  base::BoundedQueue<Joined> joined_{1U << 20U};
  std::array<std::jthread, kJoiners> threads_;
};

struct Percentiles {
  std::vector<double> values;

  [[nodiscard]] json report() {
    if (values.empty()) return nullptr;
    std::ranges::sort(values);
    const auto at = [this](double part) {
      return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
    };
    return {{"median", at(0.5)}, {"p95", at(0.95)}, {"p99", at(0.99)}, {"max", values.back()}};
  }
};

struct Totals {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lost_video = 0;
  std::uint64_t lost_audio = 0;
};

class Load {
 public:
  explicit Load(const WhepLoadOptions& options) : options_(options) {}

  base::Result<json> run() {
    auto dtls = webrtc::DtlsContext::create();
    if (!dtls) return std::move(dtls).error();
    epoll_.reset(epoll_create1(EPOLL_CLOEXEC));
    wake_.reset(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
    epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);

    if (options_.pid != 0) {
      auto cost = process_cost(options_.pid);
      if (!cost) return std::move(cost).error();
      cost_first_ = *cost;
    }
    Joiners joiners(options_, *dtls, wake_.get());
    loop(joiners, [&] { return settled(); });
    if (viewers_.empty()) {
      return Error{Errc::unavailable, failures_.empty() ? "nobody joined" : failures_.begin()->first};
    }
    if (auto started = begin_window(); !started) return std::move(started).error();
    const auto until = Steady::now() + std::chrono::duration_cast<Steady::duration>(options_.seconds);
    loop(joiners, [&] {
      pollfd news{.fd = wake_.get(), .events = POLLIN, .revents = 0};
      ::poll(&news, 1, kGatherMs);
      return Steady::now() >= until;
    });
    auto report = end_window();
    for (const auto& viewer : viewers_) viewer->close();
    return report;
  }

 private:
  template <class Done>
  void loop(Joiners& joiners, Done done) {
    std::array<epoll_event, 256> events{};
    while (!done()) {
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next_tick_ - Steady::now());
      const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(std::max<std::int64_t>(0, wait.count())));
      for (int i = 0; i < count; ++i) {
        auto* viewer = static_cast<Viewer*>(events.at(static_cast<std::size_t>(i)).data.ptr);
        if (viewer != nullptr) {
          viewer->readable();
        } else {
          take(joiners);
        }
      }
      tick();
    }
  }

  void take(Joiners& joiners) {
    std::uint64_t count = 0;
    if (read(wake_.get(), &count, sizeof(count)) < 0) return;
    while (auto joined = joiners.next()) {
      ++asked_;
      if (!joined->viewer || !joined->viewer->start(options_.gro)) {
        ++failures_[joined->viewer ? joined->viewer->failure() : joined->failure];
        continue;
      }
      Viewer* viewer = joined->viewer.get();
      epoll_event event{.events = EPOLLIN, .data = {.ptr = viewer}};
      epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, viewer->socket(), &event);
      viewers_.push_back(std::move(joined->viewer));
    }
  }

  void tick() {
    const auto now = Steady::now();
    if (now < next_tick_) return;
    next_tick_ = now + kTick;
    for (const auto& viewer : viewers_) viewer->tick(now);
  }

  /// All have answered, and each is connected or has failed.
  bool settled() const {
    return asked_ == options_.viewers && std::ranges::none_of(viewers_, [](const auto& viewer) {
             return viewer->state() == Viewer::State::connecting ||
                    viewer->state() == Viewer::State::handshaking;
           });
  }

  Totals totals() const {
    Totals sum;
    for (const auto& viewer : viewers_) {
      sum.packets += viewer->video().packets() + viewer->audio().packets();
      sum.bytes += viewer->bytes();
      sum.lost_video += viewer->video().lost();
      sum.lost_audio += viewer->audio().lost();
    }
    return sum;
  }

  base::Result<void> begin_window() {
    window_begin_ = Steady::now();
    before_ = totals();
    if (options_.pid == 0) return {};
    auto cost = process_cost(options_.pid);
    if (!cost) return std::move(cost).error();
    cost_before_ = *cost;
    return {};
  }

  json end_window() {
    const double seconds = std::chrono::duration<double>(Steady::now() - window_begin_).count();
    const Totals now = totals();
    const auto packets = static_cast<double>(now.packets - before_.packets);
    const auto bits = static_cast<double>(now.bytes - before_.bytes) * 8;
    json report = people();
    const auto receiving = report["connected"].get<double>();
    report["seconds"] = seconds;
    report["packets"] = now.packets - before_.packets;
    report["lost"] = {{"video", now.lost_video - before_.lost_video},
                      {"audio", now.lost_audio - before_.lost_audio}};
    report["bits_per_second"] = bits / seconds;
    report["packets_per_second"] = packets / seconds;
    if (options_.pid == 0) return report;
    if (const auto cost = process_cost(options_.pid)) {
      const double cpu = (cost->cpu - cost_before_.cpu).count();
      // What the ramp cost, less what was sent meanwhile to those who were in already.
      const double sent = cpu / std::max(1.0, packets) * static_cast<double>(before_.packets);
      const double joining = (cost_before_.cpu - cost_first_.cpu).count() - sent;
      report["server"] = {{"cpu_seconds", cpu},
                          {"us_per_packet", cpu * 1e6 / std::max(1.0, packets)},
                          {"us_per_viewer_second", cpu * 1e6 / std::max(1.0, receiving * seconds)},
                          {"cpu_seconds_per_gbit", cpu / std::max(1e-9, bits / 1e9)},
                          {"cpu_ms_per_join", joining * 1e3 / std::max(1.0, receiving)},
                          {"resident_bytes", cost->resident_bytes}};
    }
    return report;
  }

  json people() {
    Percentiles connected;
    Percentiles packet;
    Percentiles keyframe;
    Percentiles jitter;
    Percentiles pause;
    std::size_t receiving = 0;
    const auto add = [](Percentiles& to, const Viewer::Delay& delay) {
      if (delay) to.values.push_back(delay->count());
    };
    for (const auto& viewer : viewers_) {
      if (viewer->state() == Viewer::State::failed) ++failures_[viewer->failure()];
      if (viewer->state() == Viewer::State::receiving) ++receiving;
      add(connected, viewer->connected_after());
      add(packet, viewer->first_packet_after());
      add(keyframe, viewer->first_keyframe_after());
      jitter.values.push_back(viewer->video().jitter_ms());
      pause.values.push_back(std::chrono::duration<double, std::milli>(viewer->longest_pause()).count());
    }
    return {{"viewers", options_.viewers},
            {"connected", receiving},
            {"failed", options_.viewers - receiving},
            {"failures", failures_},
            {"with_keyframe", keyframe.values.size()},
            {"connected_ms", connected.report()},
            {"first_packet_ms", packet.report()},
            {"first_keyframe_ms", keyframe.report()},
            {"video_jitter_ms", jitter.report()},
            {"longest_video_pause_ms", pause.report()}};
  }

  const WhepLoadOptions& options_;
  base::Fd epoll_;
  base::Fd wake_;
  std::vector<std::unique_ptr<Viewer>> viewers_;
  std::map<std::string, std::size_t> failures_;
  std::size_t asked_ = 0;
  Steady::time_point next_tick_{};
  Steady::time_point window_begin_{};
  Totals before_;
  ProcessCost cost_first_;
  ProcessCost cost_before_;
};

}  // namespace

base::Result<json> run_whep_load(const WhepLoadOptions& options) {
  if (options.url.empty()) return Error{Errc::invalid, "an address is needed", "url"};
  if (options.viewers == 0 || options.viewers > 20'000) return Error{Errc::invalid, "1 to 20000", "viewers"};
  return Load(options).run();
}

}  // namespace tongke::relay::bench
