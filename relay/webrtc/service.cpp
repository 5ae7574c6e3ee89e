#include "relay/webrtc/service.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "relay/webrtc/contribution.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::Errc;
using base::Error;
using base::Result;
namespace log = base::log;

/// The rendition made on demand for viewers whose lesson has other sound than Opus.
constexpr const char* kOpus = "opus";

template <class T>
T random_number() {
  T number{};
  RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof(number));
  return number;
}

std::string random_name() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), bytes.size());
  std::string name;
  for (const auto byte : bytes) {
    constexpr const char* kHex = "0123456789abcdef";
    name += kHex[byte >> 4U];
    name += kHex[byte & 15U];
  }
  return name;
}

/// Stream numbers: not 0, and all different.
Ssrcs random_ssrcs() {
  const std::uint32_t first = (random_number<std::uint32_t>() & 0x7FFFFFFCU) | 4U;
  return {.audio = first, .video = first + 1, .rtx = first + 2};
}

std::string etag_of(std::uint32_t generation) { return "\"" + std::to_string(generation) + "\""; }

}  // namespace

Result<std::unique_ptr<Service>> Service::create(const Settings& settings, base::Executor& control,
                                                 ingest::Intake& intake, Lessons& lessons) {
  for (const auto& address : settings.addresses) {
    if (!Endpoint::parse(address, 0))
      return Error{Errc::invalid, "webrtc.public: \"" + address + "\" is not an IP address"};
  }
  auto dtls = DtlsContext::create();
  if (!dtls) return std::move(dtls).error();
  std::unique_ptr<Service> service(new Service(settings, control, intake, lessons));
  service->dtls_ = *dtls;
  for (std::size_t i = 0; i < settings.workers; ++i) {
    const auto port = settings.port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(settings.port + i);
    auto gone = [&control, weak = std::weak_ptr(service->self_)](std::uint64_t id, const std::string& why) {
      control.post([weak, id, why] {
        if (const auto self = weak.lock()) (*self)->gone(id, why);
      });
    };
    auto worker = Worker::create({.address = settings.address, .port = port, .tcp = settings.tcp}, *dtls,
                                 std::move(gone));
    if (!worker) return std::move(worker).error();
    service->workers_.push_back(std::move(*worker));
  }
  service->load_.resize(settings.workers);
  for (auto& worker : service->workers_) worker->start();
  return service;
}

Service::Service(Settings settings, base::Executor& control, ingest::Intake& intake, Lessons& lessons)
    : settings_(std::move(settings)), control_(control), intake_(intake), lessons_(lessons) {}

Service::~Service() { stop(); }

void Service::stop() {
  if (std::exchange(stopping_, true)) return;
  for (auto& worker : workers_) worker->stop();
  entries_.clear();
  names_.clear();
}

// ---- sessions ----

Result<Service::Opened> Service::open(const Request& request, Purpose purpose) {
  if (stopping_) return Error{Errc::unavailable, "the server is stopping"};
  if (entries_.size() >= settings_.max_sessions) return Error{Errc::overload, "too many WebRTC sessions"};
  const auto offer = sdp::parse(request.offer);
  if (!offer) return offer.error();
  auto agreement = agree(*offer, purpose);
  if (!agreement) return std::move(agreement).error();
  Opened opened;
  auto& entry = opened.entry;
  entry.id = ++last_id_;
  entry.lesson = request.lesson;
  entry.pass = request.pass;
  entry.purpose = purpose;
  entry.agreement = std::move(*agreement);
  entry.worker = static_cast<std::size_t>(std::ranges::min_element(load_) - load_.begin());
  const auto& worker = *workers_[entry.worker];
  const bool local = request.from_this_machine;
  const auto now = base::Steady::now();
  entry.local = {.ice = make_ice_credentials(),
                 .fingerprint = dtls_->fingerprint(),
                 .udp = addresses_.candidates(settings_.addresses, local, worker.udp_port(), now),
                 .tcp = {},
                 .ssrcs = random_ssrcs(),
                 .session = random_number<std::uint64_t>() >> 2U};
  if (worker.tcp_port() != 0)
    entry.local.tcp = addresses_.candidates(settings_.addresses, local, worker.tcp_port(), now);
  opened.key = random_name();
  opened.answer = {.session = opened.key,
                   .etag = etag_of(entry.generation),
                   .sdp = write_answer(*offer, entry.agreement, entry.local)};
  return opened;
}

Session::Identity Service::identity(const Entry& entry) const {
  return {.id = entry.id,
          .local = entry.local.ice,
          .remote = {.ufrag = entry.agreement.remote.ufrag, .password = entry.agreement.remote.password},
          .fingerprint = entry.agreement.remote.fingerprint};
}

Result<Service::Answer> Service::watch(const Request& request) {
  if (auto ok = lessons_.may_watch(request.lesson); !ok) return ok.error();
  auto opened = open(request, Purpose::watch);
  if (!opened) return std::move(opened).error();
  auto& audience = audiences_[request.lesson];
  if (audience.program.reordered())
    return Error{Errc::conflict, "this stream's pictures are reordered (B-frames); play it by HLS"};
  auto& entry = opened->entry;
  audience.viewers.resize(workers_.size());
  ++audience.viewers[entry.worker];
  ++audience.emptied;
  ++load_[entry.worker];
  if (!std::exchange(audience.wants_audio, true)) lessons_.want(request.lesson, kOpus, true);
  auto& worker = *workers_[entry.worker];
  worker.post([&worker, identity = identity(entry), seed = seed(request.lesson),
               setup = Viewer::Setup{.agreement = entry.agreement,
                                     .ssrcs = entry.local.ssrcs,
                                     .limit = request.limit,
                                     .received = receipts(request)}]() mutable {
    worker.add_viewer(std::move(identity), setup, std::move(seed));
  });
  names_[entry.id] = opened->key;
  entries_.emplace(opened->key, std::move(entry));
  return std::move(opened->answer);
}

Result<Service::Answer> Service::publish(const Request& request, const std::string& key) {
  if (auto ok = lessons_.may_publish(request.lesson, key); !ok) return ok.error();
  auto opened = open(request, Purpose::publish);
  if (!opened) return std::move(opened).error();
  auto& entry = opened->entry;
  auto& worker = *workers_[entry.worker];
  ++load_[entry.worker];
  entry.contribution =
      std::make_shared<Contribution>(intake_, worker, entry.id,
                                     ingest::PublishRequest{.lesson = request.lesson,
                                                            .key = key,
                                                            .protocol = "whip",
                                                            .peer = request.peer,
                                                            .format = pipeline::wire::InputFormat::rtp,
                                                            .sdp = opened->answer.sdp});
  watch_silence();
  worker.post([&worker, identity = identity(entry), sink = sink(entry)]() mutable {
    worker.add_publisher(std::move(identity), std::move(sink));
  });
  names_[entry.id] = opened->key;
  entries_.emplace(opened->key, std::move(entry));
  return std::move(opened->answer);
}

Contributor::Sink Service::sink(const Entry& entry) {
  const std::weak_ptr<Contribution> weak = entry.contribution;
  auto& control = control_;
  return {.connected =
              [&control, weak] {
                control.post([weak] {
                  if (const auto contribution = weak.lock()) contribution->connected();
                });
              },
          .push =
              [&control, weak](std::vector<std::uint8_t> batch,
                               const std::shared_ptr<std::atomic<std::size_t>>& waiting) {
                control.post([weak, batch = std::move(batch), waiting] {
                  waiting->fetch_sub(batch.size(), std::memory_order_relaxed);
                  if (const auto contribution = weak.lock()) contribution->push(batch);
                });
              }};
}

Fanout::Seed Service::seed(const std::string& lesson) {
  auto& audience = audiences_[lesson];
  auto seed = audience.program.seed(lesson);
  seed.offers = audience.program.offer(audience.steps);
  seed.watched = [&control = control_, weak = std::weak_ptr(self_), lesson](std::uint8_t rendition) {
    control.post([weak, lesson, rendition] {
      if (const auto self = weak.lock()) (*self)->watched(lesson, rendition);
    });
  };
  seed.keyframe_wanted = [&control = control_, weak = std::weak_ptr(self_), lesson] {
    control.post([weak, lesson] {
      if (const auto self = weak.lock()) (*self)->lessons_.request_keyframe(lesson);
    });
  };
  return seed;
}

void Service::watched(const std::string& lesson, std::uint8_t rendition) {
  const auto found = audiences_.find(lesson);
  if (found != audiences_.end()) lessons_.ask(lesson, found->second.program.name_of(rendition));
}

Result<Service::Entry*> Service::find(const std::string& lesson, const std::string& session) {
  const auto found = entries_.find(session);
  if (found == entries_.end() || found->second.lesson != lesson)
    return Error{Errc::not_found, "no such session"};
  return &found->second;
}

Result<Service::Patched> Service::patch(const Request& request, const std::string& session,
                                        const std::string& etag) {
  auto found = find(request.lesson, session);
  if (!found) return std::move(found).error();
  Entry& entry = **found;
  if (etag != "*" && etag != etag_of(entry.generation))
    return Error{Errc::conflict, "another ICE generation"};
  const auto fragment = sdp::parse_fragment(request.offer);
  if (!fragment) return fragment.error();
  auto& remote = entry.agreement.remote;
  const bool same = fragment->ufrag.empty() || fragment->ufrag == remote.ufrag;
  // Candidates are of no use to us: the peer's checks say where it is.
  if (same) return Patched{};
  if (fragment->password.empty()) return Error{Errc::invalid, "a restart needs ice-ufrag and ice-pwd"};
  remote.ufrag = fragment->ufrag;
  remote.password = fragment->password;
  entry.local.ice = make_ice_credentials();
  ++entry.generation;
  auto& worker = *workers_[entry.worker];
  worker.post([&worker, identity = identity(entry)]() mutable {
    worker.restart(identity.id, std::move(identity.local), std::move(identity.remote));
  });
  return Patched{.etag = etag_of(entry.generation), .fragment = write_fragment(entry.agreement, entry.local)};
}

Result<void> Service::remove(const std::string& lesson, const std::string& session) {
  auto found = find(lesson, session);
  if (!found) return std::move(found).error();
  let_go(**found, "ended by the peer");
  gone((*found)->id, "ended by the peer");
  return {};
}

std::function<void()> Service::receipts(const Request& request) const {
  if (!settings_.delivered) return {};
  return [tell = settings_.delivered, lesson = request.lesson, pass = request.pass] { tell(lesson, pass); };
}

void Service::let_go(Entry& entry, const std::string& why) {
  auto& worker = *workers_[entry.worker];
  worker.post([&worker, id = entry.id, why] { worker.remove(id, why); });
}

void Service::gone(std::uint64_t id, const std::string& why) {
  const auto name = names_.find(id);
  if (name == names_.end()) return;
  const auto found = entries_.find(name->second);
  auto entry = std::move(found->second);
  entries_.erase(found);
  names_.erase(name);
  --load_[entry.worker];
  const bool viewer = entry.purpose == Purpose::watch;
  log::info(viewer ? "whep session over" : "whip session over", {{"lesson", entry.lesson}, {"why", why}});
  if (viewer) viewer_left(entry);
}

// ---- lessons ----

void Service::viewer_left(Entry& entry) {
  auto& audience = audiences_[entry.lesson];
  audience.viewers.resize(workers_.size());
  --audience.viewers[entry.worker];
  if (viewers(entry.lesson) > 0 || stopping_) return;
  control_.post_after(kLinger,
                      [weak = std::weak_ptr(self_), lesson = entry.lesson, emptied = ++audience.emptied] {
                        if (const auto self = weak.lock()) (*self)->close_audience(lesson, emptied);
                      });
}

void Service::close_audience(const std::string& lesson, std::uint64_t emptied) {
  const auto found = audiences_.find(lesson);
  if (found == audiences_.end() || found->second.emptied != emptied) return;
  if (std::exchange(found->second.wants_audio, false)) lessons_.want(lesson, kOpus, false);
  if (found->second.over) audiences_.erase(found);
}

std::size_t Service::viewers(const std::string& lesson) const {
  const auto found = audiences_.find(lesson);
  if (found == audiences_.end()) return 0;
  std::size_t all = 0;
  for (const auto count : found->second.viewers) all += count;
  return all;
}

void Service::frame(const std::string& lesson, const pipeline::wire::Frame& frame) {
  auto& audience = audiences_[lesson];
  audience.over = false;
  const bool was_reordered = audience.program.reordered();
  auto made = audience.program.add(frame);
  if (!made) {
    counters_.malformed.Increment();
    if (!was_reordered && audience.program.reordered()) {
      log::warn("pictures are reordered (B-frames); WebRTC viewers go to HLS", {{"lesson", lesson}});
      dismiss_viewers(lesson, "pictures reordered");
    }
    return;
  }
  if (made->kind == pipeline::wire::TrackKind::video && made->key) offer_steps(lesson, audience);
  for_workers(audience,
              [&](Worker& worker) { worker.post([&worker, lesson, made] { worker.frame(lesson, made); }); });
}

// Looked at with every keyframe: another source can be had as other pictures.
void Service::offer_steps(const std::string& lesson, Audience& audience) {
  auto steps = lessons_.steps(lesson);
  if (steps == audience.steps) return;
  audience.steps = std::move(steps);
  for_workers(audience, [&, offers = audience.program.offer(audience.steps)](Worker& worker) {
    worker.post([&worker, lesson, offers] { worker.offer(lesson, offers); });
  });
}

// Those that have viewers of the lesson.
void Service::for_workers(const Audience& audience, const std::function<void(Worker&)>& tell) {
  for (std::size_t i = 0; i < audience.viewers.size(); ++i)
    if (audience.viewers[i] > 0) tell(*workers_[i]);
}

void Service::dismiss_viewers(const std::string& lesson, const std::string& why) {
  for (auto& [name, entry] : entries_)
    if (entry.lesson == lesson && entry.purpose == Purpose::watch) let_go(entry, why);
}

void Service::recheck(const std::function<bool(const std::string& pass)>& good) {
  for (auto& [name, entry] : entries_)
    if (entry.purpose == Purpose::watch && !good(entry.pass)) let_go(entry, "link withdrawn");
}

void Service::lesson_over(const std::string& lesson) {
  dismiss_viewers(lesson, "lesson over");
  const auto found = audiences_.find(lesson);
  if (found == audiences_.end()) return;
  found->second.program = Program();
  found->second.steps.clear();
  found->second.over = true;
  if (viewers(lesson) == 0) audiences_.erase(found);
}

// While there are publishers.
void Service::watch_silence() {
  if (std::exchange(watching_, true)) return;
  control_.post_after(std::chrono::seconds(1), [weak = std::weak_ptr(self_)] {
    if (const auto self = weak.lock()) (*self)->check_silence();
  });
}

void Service::check_silence() {
  watching_ = false;
  const auto now = base::Steady::now();
  bool any = false;
  for (auto& [name, entry] : entries_) {
    if (!entry.contribution) continue;
    entry.contribution->check_silence(now);
    any = true;
  }
  if (any) watch_silence();
}

}  // namespace tongke::relay::webrtc
