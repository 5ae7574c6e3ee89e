#include "relay/http/connection.hpp"

#include <sys/ioctl.h>

#include <algorithm>

#include "base/log.hpp"
#include "relay/http/target.hpp"
#include "relay/http/worker.hpp"

namespace tongke::relay::http {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
/// Pieces of a file that may be in memory for one client.
constexpr std::size_t kPiecesAhead = 2;
constexpr auto kLinger = std::chrono::seconds(2);
constexpr std::string_view kBodyTooLarge =
    "HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n"
    "Content-Length: 75\r\n\r\n"
    R"({"error":{"code":"too_large","message":"the request's body is too large."}})";

GQuark connection_quark() {
  static const GQuark quark = g_quark_from_static_string("tongke-http-connection");
  return quark;
}

GBytes* as_gbytes(const Slice& slice) {
  const base::ByteView view = slice.bytes.view().subspan(slice.offset, slice.length);
  // The GBytes owns a reference to the shared bytes until libsoup has sent them.
  auto* owner = new base::SharedBytes(slice.bytes);
  return g_bytes_new_with_free_func(
      view.data(), view.size(), [](gpointer p) { delete static_cast<base::SharedBytes*>(p); }, owner);
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
  // libsoup answers what it cannot parse by itself; at least with a length and our headers.
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  soup_message_headers_set_encoding(headers, SOUP_ENCODING_CONTENT_LENGTH);
  for (const auto& [name, value] : security_headers()) {
    soup_message_headers_append(headers, name.c_str(), value.c_str());
  }
}

void Connection::on_got_headers(SoupServerMessage* message, Connection* connection) noexcept {
  SoupMessageHeaders* headers = soup_server_message_get_request_headers(message);
  const SoupEncoding encoding = soup_message_headers_get_encoding(headers);
  if (encoding == SOUP_ENCODING_CONTENT_LENGTH) {
    const goffset length = soup_message_headers_get_content_length(headers);
    if (length > static_cast<goffset>(connection->worker_.shared().settings.max_body_bytes)) connection->refuse_body();
  } else if (encoding == SOUP_ENCODING_CHUNKED) {
    g_signal_connect(message, "got-chunk", G_CALLBACK(on_got_chunk), connection);
  }
}

void Connection::on_got_chunk(SoupServerMessage* /*message*/, GBytes* chunk, Connection* connection) noexcept {
  connection->received_body_ += g_bytes_get_size(chunk);
  if (connection->received_body_ > connection->worker_.shared().settings.max_body_bytes) connection->refuse_body();
}

void Connection::refuse_body() {
  // libsoup would read all of it before it answers: take the connection away instead.
  const auto stream = steal();
  base::glib::ErrorOut ignored;
  channel_->write(kBodyTooLarge.data(), kBodyTooLarge.size(), ignored);
  count(413);
  closed();
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
    const auto slices = with_body ? cut(response.body, range) : std::vector<Slice>();
    send(std::move(response), slices, range.length);
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
  file_ = {std::move(file.fd), range.first, with_body ? range.length : 0, 0};
  if (with_body) g_signal_connect(message_.get(), "wrote-chunk", G_CALLBACK(on_wrote_chunk), this);
  send(std::move(response), {}, range.length);
  read_ahead();
}

void Connection::send(Response response, const std::vector<Slice>& body, std::uint64_t length) {
  SoupServerMessage* message = message_.get();
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  status_ = response.status;
  soup_server_message_set_status(message, static_cast<guint>(response.status), nullptr);
  if (!response.content_type.empty()) {
    soup_message_headers_append(headers, "Content-Type", response.content_type.c_str());
  }
  for (const auto& [name, value] : response.headers) {
    soup_message_headers_append(headers, name.c_str(), value.c_str());
  }
  if (worker_.draining()) soup_message_headers_append(headers, "Connection", "close");
  soup_message_headers_set_content_length(headers, static_cast<goffset>(length));
  SoupMessageBody* out = soup_server_message_get_response_body(message);
  soup_message_body_set_accumulate(out, FALSE);  // each piece is let go once sent
  for (const Slice& slice : body) {
    GBytes* bytes = as_gbytes(slice);
    soup_message_body_append_bytes(out, bytes);
    g_bytes_unref(bytes);
  }
  if (!body.empty()) channel_->cork();
  progress_ = channel_->sent();
  enter(Phase::writing);
  if (paused_) {
    paused_ = false;
    soup_server_message_unpause(message);
  }
}

void Connection::read_ahead() {
  while (file_.left > 0 && file_.unsent < kPiecesAhead) {
    const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(file_.left, kPieceBytes));
    const std::uint64_t at = file_.next;
    file_.next += length;
    file_.left -= length;
    ++file_.unsent;
    worker_.files().read(file_.fd, at, length,
                         [outbox = worker_.outbox(), shared = exchange_](base::Result<base::SharedBytes> piece) {
                           Outbox::post(outbox, [shared, piece = std::move(piece)]() mutable {
                             if (shared->connection) shared->connection->append_piece(std::move(piece));
                           });
                         });
  }
}

void Connection::append_piece(base::Result<base::SharedBytes> piece) {
  if (phase_ != Phase::writing) return;
  if (!piece) {
    base::log::warn("file body cut short", {{"why", piece.error().message}});
    drop();
    return;
  }
  GBytes* bytes = as_gbytes({*piece, 0, piece->size()});
  soup_message_body_append_bytes(soup_server_message_get_response_body(message_.get()), bytes);
  g_bytes_unref(bytes);
  soup_server_message_unpause(message_.get());  // libsoup pauses by itself when it has nothing to send
}

void Connection::on_wrote_chunk(SoupServerMessage* /*message*/, Connection* connection) noexcept {
  if (connection->file_.unsent > 0) --connection->file_.unsent;
  connection->read_ahead();
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
