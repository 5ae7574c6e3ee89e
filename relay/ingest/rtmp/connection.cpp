#include "relay/ingest/rtmp/connection.hpp"

#include <utility>

#include "base/log.hpp"

namespace tongke::relay::ingest::rtmp {
namespace {

// A peer that makes us answer without ever reading is cut off here.
constexpr std::size_t kMaxOutput = 256U << 10U;
// Bytes taken from one connection before the others get their turn.
constexpr std::size_t kMaxReadPerTurn = 512U << 10U;
// A publisher that says nothing for so long is looked at.
constexpr std::chrono::milliseconds kQuiet{500};

}  // namespace

Connection::Connection(const Context& context, base::Fd socket, base::glib::Handle<GIOStream> tls,
                       std::string peer, std::function<void()> on_closed)
    : context_(context),
      peer_(std::move(peer)),
      on_closed_(std::move(on_closed)),
      line_(context.loop, std::move(socket), std::move(tls), [this] { on_ready(); }),
      session_(context.session, context.intake, context.counters, peer_,
               [this] { line_.want_writing(true); }),
      accepted_(base::Steady::now()),
      heard_(accepted_),
      pinged_(accepted_) {}

void Connection::on_ready() {
  if (read() == State::closed || flush() == State::closed) return close();
  if (session_.phase() == Session::Phase::publishing && !std::exchange(expects_media_, true))
    line_.expect_media();
}

Connection::State Connection::read() {
  for (std::size_t total = 0; total < kMaxReadPerTurn;) {
    const ssize_t got = line_.read(context_.buffer);
    if (got == 0) return State::open;
    if (got < 0) {
      if (got == Line::kMalformed) {
        context_.counters.malformed.Increment();
        base::log::info("rtmps peer does not speak TLS", {{"peer", peer_}});
      }
      return State::closed;
    }
    const auto size = static_cast<std::size_t>(got);
    total += size;
    context_.counters.bytes.Increment(static_cast<double>(size));
    heard_ = base::Steady::now();
    auto received = session_.receive(context_.buffer.first(size));
    if (!received) {
      context_.counters.malformed.Increment();
      base::log::warn("rtmp peer breaks the protocol",
                      {{"lesson", session_.lesson()}, {"peer", peer_}, {"why", received.error().message}});
      return State::closed;
    }
    if (session_.output().size() > kMaxOutput) return State::closed;
    if (!line_.buffers() && size < context_.buffer.size()) break;  // there was no more
  }
  return State::open;
}

Connection::State Connection::flush() {
  auto& output = session_.output();
  while (!output.empty()) {
    const ssize_t sent = line_.write(output);
    if (sent < 0) return State::closed;
    if (sent == 0) {
      line_.want_writing(true);
      return State::open;
    }
    output.erase(output.begin(), output.begin() + sent);
  }
  line_.want_writing(false);
  if (session_.phase() == Session::Phase::ended && ended_ == base::Steady::time_point{}) {
    // Half-close and read on: closing with unread input would reset the connection and
    // take our last words away from the peer.
    line_.finish();
    ended_ = base::Steady::now();
  }
  return State::open;
}

void Connection::tick(base::Steady::time_point now) {
  const auto& deadlines = context_.deadlines;
  // Words too short for a call of their own, such as the answer to a ping.
  if (expects_media_ && now - heard_ > kQuiet && read() == State::closed) return close();
  const bool publishing = session_.phase() == Session::Phase::publishing;
  if (session_.phase() == Session::Phase::ended) {
    // The goodbye is not yet sent when the peer does not read: then idle time counts.
    if (now - (ended_ == base::Steady::time_point{} ? heard_ : ended_) > deadlines.goodbye) close();
    return;
  }
  if ((!publishing && now - accepted_ > deadlines.publish) || now - heard_ > deadlines.idle) {
    context_.counters.timeouts.Increment();
    base::log::info("rtmp peer timed out", {{"lesson", session_.lesson()}, {"peer", peer_}});
    close();
    return;
  }
  if (now - heard_ > deadlines.ping && now - pinged_ > deadlines.ping) {
    pinged_ = now;
    session_.ping();
  }
}

void Connection::shut_down() {
  session_.dismiss(Dismissal::shutting_down);
  // Without last words there is nothing to wait for.
  if (session_.phase() != Session::Phase::ended || flush() == State::closed) close();
}

void Connection::close() {
  line_.stop();
  // Out of the object, which the call may destroy.
  const auto on_closed = std::move(on_closed_);
  on_closed();
}

}  // namespace tongke::relay::ingest::rtmp
