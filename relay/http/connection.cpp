#include "relay/http/connection.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "relay/http/worker.hpp"

namespace tongke::relay::http {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr auto kLinger = std::chrono::seconds(2);

}  // namespace

Connection::Connection(Worker& worker, std::shared_ptr<const std::string> peer, base::Fd fd,
                       base::glib::Handle<GIOStream> tls)
    : worker_(worker),
      peer_(std::move(peer)),
      since_(base::Steady::now()),
      channel_(std::move(fd), std::move(tls), worker.poller(), *this) {}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = base::Steady::now();
}

void Connection::readable() { pump(); }

void Connection::pump() {
  if (pumping_) return;  // an answer within dispatch() comes back here: the loop below goes on
  pumping_ = true;
  while (phase_ == Phase::idle || phase_ == Phase::reading) {
    if (!input_.empty() || exchange_) {
      if (phase_ == Phase::idle) enter(Phase::reading);
      if (take_request()) {
        dispatch();
        continue;
      }
      if (phase_ != Phase::reading) break;
    }
    const auto got = channel_.read(input_);
    if (got == Channel::Input::end) drop();
    if (got != Channel::Input::bytes) break;
  }
  pumping_ = false;
}

bool Connection::take_request() { return (exchange_ || take_head()) && take_body(); }

bool Connection::take_head() {
  // A line end or two after a body are an old habit of clients.  @source RFC 9112 section 2.2
  while (input_.starts_with("\r\n")) input_.erase(0, 2);
  const std::size_t size = head_size(input_, scanned_);
  scanned_ = input_.size();
  if (size > kMaxHeadBytes || (size == 0 && input_.size() > kMaxHeadBytes)) {
    refuse(problem(431, "too_large", "the request's header fields are too large"));
    return false;
  }
  if (size == 0) return false;
  scanned_ = 0;
  exchange_ =
      std::make_shared<Responder::Impl>(input_.substr(0, size), peer_, worker_.index(), worker_.outbox());
  exchange_->connection = this;
  input_.erase(0, size);
  if (const auto bad = exchange_->parse()) {
    refuse(problem(bad->status, "invalid", std::string("malformed request: ") + bad->why));
    return false;
  }
  const RequestHead& head = exchange_->head();
  keep_alive_ = head.keep_alive;
  chunked_ = {};
  if (head.framing == RequestHead::Framing::length &&
      head.length > worker_.shared().settings.max_body_bytes) {
    refuse(problem(413, "too_large", "the request's body is too large"));
    return false;
  }
  const bool has_body = head.framing == RequestHead::Framing::chunked || head.length > 0;
  if (has_body && head.expects_continue && input_.empty()) {
    channel_.answer("HTTP/1.1 100 Continue\r\n\r\n", {}, false);
  }
  return phase_ == Phase::reading;
}

bool Connection::take_body() {
  const RequestHead& head = exchange_->head();
  std::string& body = exchange_->body_text();
  switch (head.framing) {
    case RequestHead::Framing::none:
      return true;
    case RequestHead::Framing::length: {
      const std::size_t count = std::min<std::uint64_t>(head.length - body.size(), input_.size());
      body.append(input_, 0, count);
      input_.erase(0, count);
      return body.size() == head.length;
    }
    case RequestHead::Framing::chunked: {
      std::size_t used = 0;
      const auto state = chunked_.feed(input_, worker_.shared().settings.max_body_bytes, body, used);
      input_.erase(0, used);
      if (state == ChunkedBody::State::broken) refuse(problem(400, "invalid", "malformed chunked body"));
      if (state == ChunkedBody::State::too_large) {
        refuse(problem(413, "too_large", "the request's body is too large"));
      }
      return state == ChunkedBody::State::done;
    }
  }
  return false;
}

void Connection::refuse(const Response& response) {
  keep_alive_ = false;
  if (exchange_) exchange_->claim();
  const std::uint64_t length = total_size(response.body);
  send(response, cut(response.body, {0, length}), length, false);
}

void Connection::dispatch() {
  enter(Phase::waiting);
  on_control_ = false;
  const auto exchange = exchange_;
  Responder responder(exchange);
  if (auto target = exchange->resolve_target(); !target) {
    responder.fail(target.error());
    return;
  }
  Router::Match match = worker_.shared().router.find(exchange->method(), exchange->path());
  const Router::Route* route = match.route;
  const std::string_view allow = match.allow;
  if (route) {
    exchange->set_match(std::move(match));
    on_control_ = route->where == Where::control;
    worker_.dispatch(exchange, *route, std::move(responder));
  } else if (allow.empty()) {
    responder.fail({base::Errc::not_found, "no such page"});
  } else if (exchange->method() == "OPTIONS") {
    Response response;
    response.status = 204;
    response.headers.emplace_back("Allow", allow);
    responder.send(std::move(response));
  } else {
    Response response = problem(405, "method_not_allowed", "this address takes " + std::string(allow));
    response.headers.emplace_back("Allow", allow);
    responder.send(std::move(response));
  }
}

Demand Connection::demand() const {
  return {exchange_->method(), exchange_->header("If-None-Match"), exchange_->header("Range"),
          exchange_->header("If-Range")};
}

void Connection::answer(Responder::Impl& exchange, Response response) {
  if (phase_ != Phase::waiting || exchange_.get() != &exchange) return;
  if (response.file.empty()) {
    const ByteRange range = shape(response, total_size(response.body), demand());
    const bool with_body = exchange_->method() != "HEAD" && response.status != 304;
    auto slices = with_body ? cut(response.body, range) : std::vector<Slice>();
    send(response, std::move(slices), range.length, false);
    return;
  }
  worker_.files().open(response.file, [outbox = worker_.outbox(), shared = exchange_,
                                       response](base::Result<OpenedFile> file) {
    Outbox::post(outbox, [shared, response, file = std::move(file)]() mutable {
      if (!shared->connection) return;
      if (file) {
        shared->connection->send_file(*shared, std::move(response), std::move(*file));
      } else {
        shared->connection->answer(*shared, problem(file.error()));
      }
    });
  });
}

void Connection::send_file(Responder::Impl& exchange, Response response, OpenedFile file) {
  if (phase_ != Phase::waiting || exchange_.get() != &exchange) return;
  if (!find_header(response.headers, "ETag")) response.headers.emplace_back("ETag", std::move(file.etag));
  response.headers.emplace_back("Accept-Ranges", "bytes");
  const ByteRange range = shape(response, file.size, demand());
  const bool with_body = exchange_->method() != "HEAD" && response.status != 304 && range.length > 0;
  file_ = {std::move(file.fd), range.first, with_body ? range.length : 0, false};
  send(response, {}, range.length, with_body);
}

void Connection::send(const Response& response, std::vector<Slice> body, std::uint64_t length, bool more) {
  status_ = response.status;
  if (worker_.draining()) keep_alive_ = false;
  enter(Phase::writing);
  progress_ = channel_.sent();
  channel_.answer(response_head(response, length, worker_.date(), !keep_alive_), std::move(body), more);
}

/// Has the next piece of a file read while the one before is being sent, and no more.
void Connection::wants_more() {
  if (file_.left == 0 || file_.reading) return;
  const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(file_.left, kPieceBytes));
  const std::uint64_t at = file_.next;
  file_.next += length;
  file_.left -= length;
  file_.reading = true;
  worker_.files().read(
      file_.fd, at, length,
      [outbox = worker_.outbox(), shared = exchange_](base::Result<base::SharedBytes> piece) {
        Outbox::post(outbox, [shared, piece = std::move(piece)]() mutable {
          if (shared->connection) shared->connection->append_piece(std::move(piece));
        });
      });
}

void Connection::append_piece(base::Result<base::SharedBytes> piece) {
  if (phase_ != Phase::writing) return;
  file_.reading = false;
  if (!piece) {
    base::log::warn("file body cut short", {{"why", piece.error().message}});
    drop();
    return;
  }
  const auto exchange = exchange_;
  const bool more = file_.left > 0;
  channel_.append({*piece, 0, piece->size()}, more);
  if (more && exchange->connection == this && channel_.unsent() <= kPieceBytes) wants_more();
}

void Connection::answered() {
  if (phase_ != Phase::writing) return;  // it was a 100 Continue
  count();
  finish();
  if (keep_alive_) {
    enter(Phase::idle);
    pump();
    return;
  }
  // Closing over unread input would reset the connection, and the client might never read
  // the answer.
  enter(Phase::lingering);
  channel_.drain();
}

void Connection::count() {
  Metrics& metrics = worker_.shared().metrics;
  metrics.requests[static_cast<std::size_t>(std::clamp(status_ / 100, 1, 5))]->Increment();
  metrics.bytes_sent.Increment(static_cast<double>(channel_.sent() - counted_sent_));
  counted_sent_ = channel_.sent();
  if (worker_.shared().settings.log_requests && exchange_) {
    base::log::debug("request", {{"method", exchange_->method()},
                                 {"path", exchange_->path()},
                                 {"status", status_},
                                 {"peer", *peer_}});
  }
}

/// The exchange is over, answered or not.
void Connection::finish() {
  if (exchange_) {
    exchange_->connection = nullptr;
    exchange_->set_aborted();
    exchange_.reset();
  }
  file_ = {};
}

void Connection::drop() {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::waiting || phase_ == Phase::writing) worker_.shared().metrics.aborted.Increment();
  finish();
  phase_ = Phase::closed;
  channel_.close();
  worker_.release(shared_from_this());
}

void Connection::hung_up(bool hard) {
  if (exchange_) exchange_->set_aborted();
  if (hard) drop();
}

void Connection::check_deadlines(base::Steady::time_point now) {
  const ServerSettings& settings = worker_.shared().settings;
  const auto age = now - since_;
  switch (phase_) {
    case Phase::idle:
      if (age > settings.idle_timeout) drop();
      return;
    case Phase::reading:
      if (age <= settings.request_timeout) return;
      worker_.shared().metrics.timed_out.Increment();
      drop();
      return;
    case Phase::waiting:
      if (!on_control_ || age <= settings.control_deadline || !exchange_->claim()) return;
      worker_.shared().metrics.timed_out.Increment();
      answer(*exchange_, problem({base::Errc::timeout, "no answer in time"}));
      return;
    case Phase::writing:
      if (channel_.sent() != progress_) {
        progress_ = channel_.sent();
        since_ = now;
      } else if (age > settings.stall_timeout) {
        worker_.shared().metrics.timed_out.Increment();
        drop();
      }
      return;
    case Phase::lingering:
      if (age > kLinger) drop();
      return;
    case Phase::closed:
      return;
  }
}

}  // namespace tongke::relay::http
