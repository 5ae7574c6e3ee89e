#include "signaling/hub.hpp"

#include <algorithm>
#include <vector>

#include "base/metrics.hpp"
#include "signaling/protocol/decode.hpp"
#include "signaling/protocol/encode.hpp"

namespace tongke::signaling {

using protocol::Close;
namespace encode = protocol::encode;

namespace {

struct Metrics {
  base::metrics::Counter& frames =
      base::metrics::counter("tongke_signal_frames_received_total", "Frames received from websocket clients");
  base::metrics::Counter& bad =
      base::metrics::counter("tongke_signal_bad_frames_total", "Frames that break the protocol");
  base::metrics::Counter& fast =
      base::metrics::counter("tongke_signal_rate_limited_total", "Frames refused for coming too fast");
  base::metrics::Gauge& lessons =
      base::metrics::gauge("tongke_signal_lessons", "Lessons in the websocket service's memory");
};

Metrics& metrics() {
  static Metrics instance;
  return instance;
}

}  // namespace

Hub::Hub(const Ports& ports) : ports_(ports), store_(ports.log) {}

void Hub::opened(ConnectionId id, const Instant& now) {
  connections_[id].opened = now.steady;
  silent_.emplace(id, now.steady);
}

void Hub::closed(ConnectionId id, const Instant& now) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  if (found->second.lesson != nullptr) found->second.lesson->leave(id, now);
  silent_.erase(id);
  connections_.erase(found);
}

void Hub::end(ConnectionId id, Connection& connection, Close reason) {
  connection.ending = true;
  ports_.outbox.close(id, reason);
}

void Hub::fault(ConnectionId id, std::string_view code, std::string_view field) const {
  ports_.outbox.send(id, protocol::framed(encode::error(code, field)));
}

void Hub::no_frame(ConnectionId id, std::string_view code) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.ending) return;
  metrics().bad.Increment();
  fault(id, code, "");
  end(id, found->second, Close::bad_frame);
}

void Hub::received(ConnectionId id, std::string_view frame, const Instant& now) {
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.ending) return;
  Connection& connection = found->second;
  metrics().frames.Increment();
  if (!connection.limit.take(now.steady)) {
    metrics().fast.Increment();
    if (++connection.refused > kPatience) return end(id, connection, Close::too_fast);
    if (connection.refused == 1) fault(id, "too_fast", "");
    return;
  }
  const auto message = protocol::decode(frame);
  if (!message) {
    metrics().bad.Increment();
    fault(id, message.error().message, message.error().field);
    return end(id, connection, Close::bad_frame);
  }
  if (const auto* const first = std::get_if<protocol::Hello>(&*message)) {
    if (connection.lesson == nullptr) return hello(id, connection, *first, now);
    fault(id, "unexpected", "t");  // said twice
    return end(id, connection, Close::bad_frame);
  }
  if (std::holds_alternative<protocol::Bye>(*message)) return end(id, connection, Close::normal);
  if (connection.lesson == nullptr) {
    fault(id, "unexpected", "t");  // hello comes first
    return end(id, connection, Close::bad_frame);
  }
  handle(id, connection, *message, now);
}

Lesson* Hub::open(const std::string& id, const Instant& now) {
  auto plan = ports_.directory.plan(id);
  if (plan == nullptr) return nullptr;
  if (const auto found = lessons_.find(id); found != lessons_.end()) {
    if (&found->second.lesson->plan() != plan.get()) found->second.lesson->replan(std::move(plan));
    return found->second.lesson.get();
  }
  auto lesson = std::make_unique<Lesson>(
      id, std::move(plan), Lesson::Ports{.outbox = ports_.outbox, .store = store_, .book = ports_.book});
  lesson->set_on_air(ports_.directory.on_air(id), now);
  Lesson* const opened = lesson.get();
  lessons_.emplace(id, Entry{std::move(lesson), now.steady});
  metrics().lessons.Set(static_cast<double>(lessons_.size()));
  return opened;
}

void Hub::hello(ConnectionId id, Connection& connection, const protocol::Hello& hello, const Instant& now) {
  silent_.erase(id);
  // Unknown, forged, expired, withdrawn: all the same to whoever asks.
  const auto token = ports_.signer.verify(hello.token, now.wall);
  Lesson* const lesson = token ? open(token->lesson, now) : nullptr;
  if (lesson == nullptr) return end(id, connection, Close::not_found);
  auto placement = ports_.directory.place(lesson->plan(), *token);
  if (!placement || (is_audience(token->role) && placement->rooms.size() != 1)) {
    return end(id, connection, Close::not_found);
  }
  if (lesson->join(id, hello, *token, std::move(*placement), now)) {
    connection.lesson = lesson;
    connection.token = *token;
  } else {
    end(id, connection, Close::third_device);
  }
}

void Hub::sibling(ConnectionId id, const Connection& connection, const protocol::Sibling& sibling,
                  const Instant& now) {
  const auto token = ports_.signer.verify(sibling.token, now.wall);
  if (!token || token->role != school::Role::pupil) return fault(id, "not_found", "token");
  // Two children, two lessons, one phone: the other one's replay counts as seen.
  if (token->lesson != connection.lesson->id()) return fault(id, "other_lesson", "token");
  const auto placement = ports_.directory.place(connection.lesson->plan(), *token);
  if (!placement) return fault(id, "not_found", "token");
  connection.lesson->sibling(id, *placement, now);
}

void Hub::handle(ConnectionId id, Connection& connection, const protocol::ClientMessage& message,
                 const Instant& now) {
  Lesson& lesson = *connection.lesson;
  if (!lesson.has(id)) return;  // its device came again; this connection is on its way out
  struct Visitor {
    Hub& hub;
    ConnectionId id;
    Connection& connection;
    Lesson& lesson;
    const Instant& now;
    void operator()(const protocol::Hello&) const {}
    void operator()(const protocol::Bye&) const {}
    void operator()(const protocol::Presence& m) const { lesson.presence(id, m, now); }
    void operator()(const protocol::Companion& m) const { lesson.companion(id, m, now); }
    void operator()(const protocol::Sibling& m) const { hub.sibling(id, connection, m, now); }
    void operator()(const protocol::Note& m) const { lesson.note(id, m, now); }
    void operator()(const protocol::Unclear& m) const { lesson.unclear(id, m, now); }
    void operator()(const protocol::Freeze& m) const { lesson.freeze(id, m, now); }
    void operator()(const protocol::Page& m) const { lesson.page(id, m, now); }
    void operator()(const protocol::Chapter& m) const { lesson.chapter(id, m, now); }
    void operator()(const protocol::Check& m) const { lesson.check(id, m, now); }
    void operator()(const protocol::Answer& m) const { lesson.answer(id, m); }
    void operator()(const protocol::RollCall& m) const { lesson.roll_call(id, m, now); }
    void operator()(const protocol::Here&) const { lesson.here(id); }
    void operator()(const protocol::Help& m) const { lesson.help(id, m, now); }
    void operator()(const protocol::Hand& m) const { lesson.hand(id, m, now); }
    void operator()(const protocol::Chat& m) const { lesson.chat(id, m, now); }
    void operator()(const protocol::SetChat& m) const { lesson.set_chat(id, m, now); }
    void operator()(const protocol::JudgeChat& m) const { lesson.judge_chat(id, m); }
    void operator()(const protocol::Digest& m) const { lesson.digest(id, m, now); }
  };
  std::visit(Visitor{*this, id, connection, lesson, now}, message);
}

void Hub::set_on_air(const std::string& lesson, protocol::OnAir state, const Instant& now) {
  if (const auto found = lessons_.find(lesson); found != lessons_.end()) {
    found->second.lesson->set_on_air(state, now);
  }
}

void Hub::rest(const std::string& lesson, const std::string& room, protocol::Rest why, const Instant& now) {
  if (Lesson* const found = open(lesson, now)) found->rest(room, why, now);
}

void Hub::warn(const std::string& lesson, const std::string& room, protocol::Rest why,
               std::chrono::minutes left, const Instant& now) {
  if (Lesson* const found = open(lesson, now)) found->warn(room, why, left, now);
}

void Hub::note_media(const school::Token& token, const Instant& now) {
  Lesson* const lesson = open(token.lesson, now);
  if (lesson == nullptr) return;
  if (const auto placement = ports_.directory.place(lesson->plan(), token))
    lesson->note_media(*placement, now);
}

void Hub::third_device(const school::Token& token, const Instant& now) {
  Lesson* const lesson = open(token.lesson, now);
  if (lesson == nullptr) return;
  if (const auto placement = ports_.directory.place(lesson->plan(), token))
    lesson->third_device(*placement, now);
}

void Hub::replan(const std::string& id) {
  const auto found = lessons_.find(id);
  auto plan = ports_.directory.plan(id);
  if (found == lessons_.end()) return;
  if (plan != nullptr) {
    if (&found->second.lesson->plan() == plan.get()) return;
    found->second.lesson->replan(std::move(plan));
    return place_again(*found->second.lesson);
  }
  // Its connections close by themselves; until then the lesson stays, empty of news.
  found->second.lesson->dismiss(Close::ended);
}

void Hub::recheck() {
  for (auto& [id, connection] : connections_) {
    if (connection.lesson == nullptr || connection.ending) continue;
    if (ports_.signer.withdrawn(connection.token)) end(id, connection, Close::not_found);
  }
}

void Hub::forget_seat(std::uint32_t seat, const Instant& now) {
  for (auto& [id, entry] : lessons_) entry.lesson->forget(seat, now);
}

void Hub::replan_all() {
  std::vector<std::string> ids;
  for (const auto& [id, entry] : lessons_) ids.push_back(id);
  for (const auto& id : ids) replan(id);
}

void Hub::place_again(const Lesson& lesson) {
  for (auto& [id, connection] : connections_) {
    if (connection.lesson != &lesson || connection.ending) continue;
    const auto placement = ports_.directory.place(lesson.plan(), connection.token);
    if (!placement) {
      end(id, connection, Close::not_found);
    } else if (!std::ranges::equal(placement->rooms, lesson.rooms_of(id))) {
      end(id, connection, Close::restarting);  // it comes back, to its other room
    }
  }
}

void Hub::tick(const Instant& now) {
  while (!silent_.empty() && now.steady - silent_.begin()->second > kHelloDeadline) {
    const ConnectionId id = silent_.begin()->first;
    silent_.erase(silent_.begin());
    end(id, connections_.at(id), Close::no_hello);
  }
  for (auto entry = lessons_.begin(); entry != lessons_.end();) {
    Entry& kept = entry->second;
    kept.lesson->tick(now);
    if (!kept.lesson->empty()) kept.empty_since = now.steady;
    entry = now.steady - kept.empty_since > kEmptyKept ? lessons_.erase(entry) : std::next(entry);
  }
  metrics().lessons.Set(static_cast<double>(lessons_.size()));
}

}  // namespace tongke::signaling
