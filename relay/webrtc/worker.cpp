#include "relay/webrtc/worker.hpp"

#include <pthread.h>
#include <sys/epoll.h>

#include <utility>

#include "relay/webrtc/demux.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::Result;
using base::Steady;
using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
/// Short enough that a queue leaves smoothly, long enough to cost nothing.
constexpr milliseconds kPace{5};

}  // namespace

Result<std::unique_ptr<Worker>> Worker::create(const Settings& settings,
                                               std::shared_ptr<const DtlsContext> dtls, Gone gone) {
  auto loop = Loop::create();
  if (!loop) return std::move(loop).error();
  auto udp = UdpSocket::open(settings.address, settings.port);
  if (!udp) return std::move(udp).error();
  std::unique_ptr<Worker> worker(
      new Worker(std::move(*loop), std::move(*udp), std::move(dtls), std::move(gone)));
  if (settings.tcp) {
    if (auto opened = worker->open_tcp(settings); !opened) return std::move(opened).error();
  }
  worker->port_ = std::make_unique<Port>(*worker->udp_, worker->tcp_.get());
  return worker;
}

Worker::Worker(std::unique_ptr<Loop> loop, std::unique_ptr<UdpSocket> udp,
               std::shared_ptr<const DtlsContext> dtls, Gone gone)
    : loop_(std::move(loop)),
      udp_(std::move(udp)),
      dtls_(std::move(dtls)),
      gone_(std::move(gone)),
      counters_(make_counters()) {
  loop_->watch(udp_->fd(), EPOLLIN, [this](std::uint32_t) {
    udp_->receive([this](const Endpoint& from, std::span<std::uint8_t> bytes) { packet({from, 0}, bytes); });
  });
  loop_->after_round([this] { round_done(); });
}

Worker::~Worker() { stop(); }

Result<void> Worker::open_tcp(const Settings& settings) {
  auto tcp = TcpPort::open(
      settings.address, settings.port, *loop_,
      {.packet = [this](const Peer& from, std::span<std::uint8_t> bytes) { packet(from, bytes); },
       .closed = [this](const Peer& peer) { peer_closed(peer); },
       .accepted = [this] { tick_soon(); }});
  if (!tcp) return std::move(tcp).error();
  tcp_ = std::move(*tcp);
  return {};
}

void Worker::start() {
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), "webrtc");
    loop_->run();
  });
}

void Worker::stop() {
  if (!thread_.joinable()) return;
  loop_->post([this] { goodbye(); });
  loop_->quit();
  thread_.join();
}

void Worker::goodbye() {
  for (auto& [id, session] : sessions_) session->close();
  port_->flush();
  viewers_.clear();
  contributors_.clear();
  by_ufrag_.clear();
  by_peer_.clear();
  sessions_.clear();
}

// ---- sessions ----

Session& Worker::add(Session::Identity identity) {
  const std::uint64_t id = identity.id;
  auto session = std::make_unique<Session>(std::move(identity), dtls_, *port_, Steady::now());
  Session& added = *session;
  by_ufrag_[added.ice().local().ufrag] = &added;
  sessions_[id] = std::move(session);
  tick_soon();
  return added;
}

void Worker::add_viewer(Session::Identity identity, const Viewer::Setup& setup, Fanout::Seed seed) {
  auto& fanout = fanouts_[seed.lesson];
  const std::uint64_t id = identity.id;
  lesson_of_[id] = seed.lesson;
  if (!fanout) fanout = std::make_unique<Fanout>(std::move(seed));
  Session& session = add(std::move(identity));
  auto viewer = std::make_unique<Viewer>(session, *fanout, setup, counters_);
  viewers_[id] = viewer.get();
  session.attach(std::move(viewer));
}

void Worker::add_publisher(Session::Identity identity, Contributor::Sink sink) {
  const std::uint64_t id = identity.id;
  Session& session = add(std::move(identity));
  auto contributor = std::make_unique<Contributor>(std::move(sink), counters_);
  contributors_[id] = contributor.get();
  session.attach(std::move(contributor));
}

void Worker::restart(std::uint64_t id, IceCredentials local, IceCredentials remote) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  by_ufrag_.erase(found->second->ice().local().ufrag);
  by_ufrag_[local.ufrag] = found->second.get();
  found->second->restart(std::move(local), std::move(remote));
}

void Worker::remove(std::uint64_t id, const std::string& why) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  Session& session = *found->second;
  session.close();
  port_->flush();
  if (!session.connected()) counters_.failed.Increment();
  counters_.undecryptable.Increment(static_cast<double>(session.undecryptable()));
  by_ufrag_.erase(session.ice().local().ufrag);
  for (const auto& peer : session.ice().peers()) {
    by_peer_.erase(peer);
    if (peer.tcp != 0 && tcp_) tcp_->close(peer.tcp);
  }
  viewers_.erase(id);
  contributors_.erase(id);
  sessions_.erase(found);
  if (const auto lesson = lesson_of_.extract(id)) {
    bool empty = true;
    for (const auto& [other, name] : lesson_of_) empty = empty && name != lesson.mapped();
    if (empty) fanouts_.erase(lesson.mapped());
  }
  gone_(id, why);
}

void Worker::check_over(Session& session) {
  if (!session.over().empty()) over_.push_back(session.id());
}

// ---- packets ----

void Worker::packet(const Peer& from, std::span<std::uint8_t> bytes) {
  const auto kind = classify(bytes);
  if (kind == PacketKind::stun) return stun(from, bytes);
  const auto found = by_peer_.find(from);
  if (found == by_peer_.end() || kind == PacketKind::unknown) {
    counters_.strangers.Increment();
    return;
  }
  Session& session = *found->second;
  if (kind == PacketKind::dtls) {
    session.dtls(bytes, from);
    check_over(session);
  } else {
    session.media(bytes, kind == PacketKind::rtcp);
  }
}

void Worker::stun(const Peer& from, base::ByteView bytes) {
  const auto message = stun::parse(bytes);
  const auto ufrag = message ? message->username.substr(0, message->username.find(':')) : std::string_view();
  const auto found = by_ufrag_.find(std::string(ufrag));
  if (!message || found == by_ufrag_.end()) {
    counters_.strangers.Increment();
    if (from.tcp != 0) tcp_->close(from.tcp);
    return;
  }
  Session& session = *found->second;
  const auto outcome = session.stun(bytes, *message, from, Steady::now());
  if (!outcome.authentic) {
    counters_.strangers.Increment();
    return;
  }
  if (from.tcp != 0) tcp_->vouch(from.tcp);
  if (outcome.forgotten) by_peer_.erase(*outcome.forgotten);
  if (outcome.added) by_peer_[*outcome.added] = &session;
}

void Worker::peer_closed(const Peer& peer) {
  const auto found = by_peer_.find(peer);
  if (found == by_peer_.end()) return;
  found->second->ice().forget(peer);
  by_peer_.erase(found);
}

void Worker::send_rtcp(std::uint64_t id, std::vector<std::uint8_t> compound) {
  const auto found = sessions_.find(id);
  if (found != sessions_.end()) found->second->send_rtcp(compound);
}

// ---- media ----

void Worker::frame(const std::string& lesson, const FramePtr& frame) {
  const auto found = fanouts_.find(lesson);
  if (found == fanouts_.end()) return;
  found->second->frame(frame, Steady::now());
  pace_soon();
}

void Worker::offer(const std::string& lesson, const std::vector<Fanout::Offer>& offers) {
  const auto found = fanouts_.find(lesson);
  if (found != fanouts_.end()) found->second->set_offers(offers);
}

void Worker::round_done() {
  for (auto& [id, contributor] : contributors_) contributor->flush();
  for (const auto id : std::exchange(over_, {})) {
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) remove(id, std::string(found->second->over()));
  }
  port_->flush();
}

void Worker::tick() {
  const auto now = Steady::now();
  for (auto& [id, session] : sessions_) {
    session->tick(now);
    check_over(*session);
  }
  if (tcp_) tcp_->tick(now);
  pace_soon();
  tick_soon();
}

// With nobody there the worker sleeps.
void Worker::tick_soon() {
  if (sessions_.empty() && !(tcp_ && tcp_->has_strangers())) return;
  if (std::exchange(ticking_, true)) return;
  loop_->post_after(kTick, [this] {
    ticking_ = false;
    tick();
  });
}

void Worker::pace_soon() {
  if (std::exchange(pacing_, true)) return;
  loop_->post_after(kPace, [this] {
    pacing_ = false;
    pace();
  });
}

void Worker::pace() {
  const auto now = Steady::now();
  bool again = false;
  for (auto& [lesson, fanout] : fanouts_) {
    fanout->flush_audio(now, false);
    again = again || fanout->audio_waits();
  }
  for (auto& [id, viewer] : viewers_) {
    if (!viewer->pacing()) continue;
    viewer->pace(now);
    again = again || viewer->pacing();
  }
  if (again) pace_soon();
}

}  // namespace tongke::relay::webrtc
