#pragma once

#include <libsoup/soup.h>

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "relay/http/channel.hpp"
#include "relay/http/exchange.hpp"
#include "relay/http/file_reader.hpp"
#include "relay/http/reply.hpp"

namespace tongke::relay::http {

class Worker;

/// One client's connection: its channel, what libsoup currently holds of it, and the
/// request being answered. @thread its worker's
class Connection final : public ChannelEvents, public std::enable_shared_from_this<Connection> {
 public:
  enum class Phase {
    idle,       ///< between requests
    reading,    ///< a request has begun to arrive
    waiting,    ///< a handler has it
    writing,    ///< answered; libsoup is sending
    lingering,  ///< closed for libsoup; what the client still sends is thrown away
    closed
  };

  Connection(Worker& worker, std::shared_ptr<const std::string> peer);
  ~Connection() override;

  /// Hands the socket to `server`.
  /// @param tls  over a duplicate of `fd`, or null
  void open(SoupServer* server, base::Fd fd, base::glib::Handle<GIOStream> tls, GSocketAddress* local,
            base::glib::Handle<GSocketAddress> remote);
  /// The connection of a message of libsoup's.
  [[nodiscard]] static Connection& of(SoupServerMessage* message);

  // From libsoup, through the worker.
  void request_started(SoupServerMessage* message);
  void request_read();
  void request_finished(bool complete);

  /// Sends what `exchange` was answered with, if it still is this connection's.
  void answer(Responder::Impl& exchange, Response response);

  /// Lets go of an idle connection; ends any other by failing its input and output.
  void drop();
  /// Drops or answers what has waited longer than the settings allow.
  void check_deadlines(base::Steady::time_point now);
  [[nodiscard]] Phase phase() const noexcept { return phase_; }

  // ChannelEvents
  bool end_of_input() override;
  void received() override;
  void hung_up(bool hard) override;
  void closed() override;

 private:
  struct FileBody {
    std::shared_ptr<const base::Fd> fd;
    std::uint64_t next = 0;  ///< offset of what has not been asked for yet
    std::uint64_t left = 0;  ///< bytes not asked for yet
    std::size_t unsent = 0;  ///< pieces asked for and not yet taken by the socket
  };

  static void on_got_headers(SoupServerMessage* message, Connection* connection) noexcept;
  static void on_got_chunk(SoupServerMessage* message, GBytes* chunk, Connection* connection) noexcept;
  static void on_wrote_chunk(SoupServerMessage* message, Connection* connection) noexcept;

  [[nodiscard]] Demand demand() const;
  void send(Response response, const std::vector<Slice>& body, std::uint64_t length);
  void send_file(Responder::Impl& exchange, Response response, OpenedFile file);
  void read_ahead();
  void append_piece(base::Result<base::SharedBytes> piece);
  void refuse_body();
  base::glib::Handle<GIOStream> steal();
  void finish();
  void enter(Phase phase);
  void count(int status);

  Worker& worker_;
  std::shared_ptr<const std::string> peer_;
  std::shared_ptr<Channel> channel_;
  /// The current or last request. Between requests it is the handle by which libsoup gives
  /// the connection back.
  base::glib::Handle<SoupServerMessage> message_;
  std::shared_ptr<Responder::Impl> exchange_;
  FileBody file_;
  std::uint64_t received_body_ = 0;
  std::uint64_t counted_sent_ = 0;
  std::uint64_t progress_ = 0;  ///< sent() when last looked at
  base::Steady::time_point since_;
  int status_ = 0;
  Phase phase_ = Phase::idle;
  bool started_ = false;  ///< libsoup works on a request (so it may see the end of input)
  bool paused_ = false;
  bool on_control_ = false;
};

}  // namespace tongke::relay::http
