#include "relay/http/connection.hpp"

#include <sys/ioctl.h>

#include <algorithm>

#include "base/log.hpp"
#include "relay/http/target.hpp"
#include "relay/http/worker.hpp"

namespace tongke::relay::http {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr auto kLinger = std::chrono::seconds(2);
GQuark connection_quark() {
  static const GQuark quark = g_quark_from_static_string("tongke-http-connection");
  return quark;
}

/// Digits only, and few enough for a goffset.
bool is_number(std::string_view text) {
  constexpr std::size_t kDigits = 18;
  return !text.empty() && text.size() <= kDigits && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Connection::Connection(Worker& worker, std::shared_ptr<const std::string> peer)
    : worker_(worker), peer_(std::move(peer)), since_(base::Steady::now()) {}

Connection::~Connection() {
  // libsoup may hold the stream a little longer.
  if (channel_) channel_->close();
}

void Connection::open(SoupServer* server, base::Fd fd, base::glib::Handle<GIOStream> tls, GSocketAddress* local,
                      base::glib::Handle<GSocketAddress> remote) {
  // Every message names its connection's remote address: the one public thing by which to
  // find our connection again.
  g_object_set_qdata(G_OBJECT(remote.get()), connection_quark(), this);
  channel_ = std::make_shared<Channel>(std::move(fd), std::move(tls), worker_.poller(), *this);
  const auto stream = make_stream(channel_);
  soup_server_accept_iostream(server, stream.get(), local, remote.get(), nullptr);
}

Connection& Connection::of(SoupServerMessage* message) {
  GSocketAddress* remote = soup_server_message_get_remote_address(message);
  return *static_cast<Connection*>(g_object_get_qdata(G_OBJECT(remote), connection_quark()));
}

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = base::Steady::now();
}

void Connection::request_started(SoupServerMessage* message) {
  message_ = base::glib::retain(message);
  started_ = true;
  received_body_ = 0;
  status_ = 0;
  g_signal_connect(message, "got-headers", G_CALLBACK(on_got_headers), this);
}

void Connection::on_got_headers(SoupServerMessage* message, Connection* connection) noexcept {
  SoupMessageHeaders* headers = soup_server_message_get_request_headers(message);
  const char* length = soup_message_headers_get_list(headers, "Content-Length");
  const bool encoded = soup_message_headers_get_one(headers, "Transfer-Encoding") != nullptr;
  // libsoup takes "-5", "5, 6" and a length beside a transfer coding; a proxy in front may
  // have framed the request by the other one.  @source RFC 9112 section 6.3
  if (length && (encoded || !is_number(length))) {
    connection->refuse(problem(400, "invalid", "contradictory or malformed Content-Length"));
    return;
  }
  const auto limit = static_cast<goffset>(connection->worker_.shared().settings.max_body_bytes);
  if (length && soup_message_headers_get_content_length(headers) > limit) {
    connection->refuse(problem(413, "too_large", "the request's body is too large"));
  } else if (encoded) {
    g_signal_connect(message, "got-chunk", G_CALLBACK(on_got_chunk), connection);
  }
}

void Connection::on_got_chunk(SoupServerMessage* /*message*/, GBytes* chunk, Connection* connection) noexcept {
  connection->received_body_ += g_bytes_get_size(chunk);
  if (connection->received_body_ <= connection->worker_.shared().settings.max_body_bytes) return;
  connection->refuse(problem(413, "too_large", "the request's body is too large"));
}

/// Answers a request whose body is not wanted. libsoup would read all of it first: the
/// connection is taken away from it and ends after this.
void Connection::refuse(const Response& response) {
  const auto stream = steal();
  answer_and_close(response);
  count(response.status);
  closed();
}

void Connection::answer_and_close(const Response& response) {
  const std::uint64_t length = total_size(response.body);
  channel_->answer(response_head(response, length, worker_.date(), true), cut(response.body, {0, length}), false);
}

void Connection::request_read() {
  SoupServerMessage* message = message_.get();
  enter(Phase::waiting);
  GUri* uri = soup_server_message_get_uri(message);
  const char* raw_query = g_uri_get_query(uri);
  auto path = normalise_path(soup_server_message_is_options_ping(message) ? "/" : g_uri_get_path(uri));
  auto query = check_query(raw_query ? raw_query : "");

  SoupMessageBody* body = soup_server_message_get_request_body(message);
  Responder::Impl::Parts parts;
  parts.method = soup_server_message_get_method(message);
  if (path) parts.path = std::move(*path);
  if (query && raw_query) parts.raw_query = raw_query;
  parts.headers.reset(soup_message_headers_ref(soup_server_message_get_request_headers(message)));
  if (body->length > 0) parts.body = base::glib::adopt(soup_message_body_flatten(body));
  parts.peer = peer_;
  parts.worker = worker_.index();
  exchange_ = std::make_shared<Responder::Impl>(std::move(parts), worker_.outbox());
  exchange_->connection = this;
  on_control_ = false;

  Responder responder(exchange_);
  if (!path) {
    responder.fail(path.error());
  } else if (!query) {
    responder.fail(query.error());
  } else {
    Router::Match match = worker_.shared().router.find(exchange_->method(), exchange_->path());
    const Router::Route* route = match.route;
    const std::string_view allow = match.allow;
    if (route) {
      exchange_->set_match(std::move(match));
      on_control_ = route->where == Where::control;
      worker_.dispatch(exchange_, *route, std::move(responder));
    } else if (allow.empty()) {
      responder.fail({base::Errc::not_found, "no such page"});
    } else if (exchange_->method() == "OPTIONS") {
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
  if (phase_ == Phase::waiting) {
    soup_server_message_pause(message);
    paused_ = true;
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
  wants_more();
}

void Connection::send(const Response& response, std::vector<Slice> body, std::uint64_t length, bool more) {
  SoupServerMessage* message = message_.get();
  status_ = response.status;
  // What libsoup is told: an empty answer, after which the connection goes on or ends.
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  soup_server_message_set_status(message, SOUP_STATUS_OK, nullptr);
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_CONTENT_LENGTH);
  const bool old = soup_server_message_get_http_version(message) == SOUP_HTTP_1_0;
  const bool close = worker_.draining() || old;
  if (close) soup_message_headers_append(headers, "Connection", "close");
  enter(Phase::writing);
  channel_->answer(response_head(response, length, worker_.date(), close), std::move(body), more);
  progress_ = channel_->sent();
  if (paused_) {
    paused_ = false;
    soup_server_message_unpause(message);
  }
}

/// Has the next piece of a file read while the one before is being sent, and no more.
void Connection::wants_more() {
  if (file_.left == 0 || file_.reading || channel_->unsent() > kPieceBytes) return;
  const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(file_.left, kPieceBytes));
  const std::uint64_t at = file_.next;
  file_.next += length;
  file_.left -= length;
  file_.reading = true;
  worker_.files().read(file_.fd, at, length,
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
  channel_->append({*piece, 0, piece->size()}, file_.left > 0);
  wants_more();
}

void Connection::refused_by_parser(int status) {
  status_ = status;
  const std::string_view code = status == 501 ? "not_implemented" : "invalid";
  answer_and_close(problem(status, code, "this is not a request the server understands"));
}

void Connection::count(int status) {
  Metrics& metrics = worker_.shared().metrics;
  metrics.requests[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))]->Increment();
  const std::uint64_t sent = channel_->sent();
  metrics.bytes_sent.Increment(static_cast<double>(sent - counted_sent_));
  counted_sent_ = sent;
}

void Connection::request_finished(bool complete) {
  SoupServerMessage* message = message_.get();
  const int status = complete || status_ != 0 ? status_ : static_cast<int>(soup_server_message_get_status(message));
  count(status == 0 ? static_cast<int>(soup_server_message_get_status(message)) : status);
  if (!complete && status != 500) worker_.shared().metrics.aborted.Increment();
  if (worker_.shared().settings.log_requests && exchange_) {
    base::log::debug("request", {{"method", exchange_->method()},
                                 {"path", exchange_->path()},
                                 {"status", status},
                                 {"peer", *peer_}});
  }
  finish();
  // Kept only as the handle to the connection, so without what it carried.
  soup_message_body_truncate(soup_server_message_get_response_body(message));
  soup_message_body_truncate(soup_server_message_get_request_body(message));
  started_ = false;
  enter(Phase::idle);
  if (worker_.draining()) {
    worker_.later([self = shared_from_this()] { self->drop(); });
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
  paused_ = false;
}

base::glib::Handle<GIOStream> Connection::steal() {
  started_ = false;
  return base::glib::adopt(soup_server_message_steal_connection(message_.get()));
}

void Connection::drop() {
  switch (phase_) {
    case Phase::closed:
      return;
    case Phase::lingering:
      hung_up(true);
      return;
    default:
      break;
  }
  if (!started_) {
    const auto stream = steal();
    closed();
    return;
  }
  if (exchange_) exchange_->set_aborted();
  channel_->abort();
  if (phase_ == Phase::waiting || phase_ == Phase::writing) {
    paused_ = false;
    soup_server_message_unpause(message_.get());
  }
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
      if (channel_->sent() != progress_) {
        progress_ = channel_->sent();
        since_ = now;
      } else if (age > settings.stall_timeout) {
        worker_.shared().metrics.timed_out.Increment();
        drop();
      }
      return;
    case Phase::lingering:
      if (age > kLinger) hung_up(true);
      return;
    case Phase::closed:
      return;
  }
}

bool Connection::end_of_input() {
  if (started_) return true;
  worker_.later([self = shared_from_this()] { self->drop(); });
  return false;
}

void Connection::received() {
  if (phase_ == Phase::idle) enter(Phase::reading);
}

void Connection::hung_up(bool hard) {
  if (phase_ == Phase::lingering) {
    const auto self = shared_from_this();
    phase_ = Phase::closed;
    channel_->close();
    worker_.release(self);
    return;
  }
  if (exchange_) exchange_->set_aborted();
  if (hard && phase_ == Phase::waiting) drop();
}

void Connection::closed() {
  if (phase_ == Phase::lingering || phase_ == Phase::closed) return;
  finish();
  enter(Phase::lingering);
  // Closing over unread input would reset the connection, and the client might never read
  // the answer that told it why.
  channel_->drain();
}

}  // namespace tongke::relay::http
