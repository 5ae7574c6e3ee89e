#pragma once

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

/// One client's connection: reads requests one after the other, gives each to its handler,
/// sends the answer, goes on.  @thread its worker's
class Connection final : public ChannelEvents, public std::enable_shared_from_this<Connection> {
 public:
  enum class Phase {
    idle,       ///< between requests
    reading,    ///< a request has begun to arrive
    waiting,    ///< a handler has it
    writing,    ///< its answer is being sent
    lingering,  ///< closed on our side; what the client still sends is thrown away
    closed
  };

  /// @param tls  over a duplicate of `fd`, or null
  Connection(Worker& worker, std::shared_ptr<const std::string> peer, base::Fd fd,
             base::glib::Handle<GIOStream> tls);

  /// Begins to read.
  void open() { pump(); }
  /// Sends what `exchange` was answered with, if it still is this connection's.
  void answer(Responder::Impl& exchange, Response response);
  /// Closes at once, whatever goes on.
  void drop();
  /// Drops or answers what has waited longer than the settings allow.
  void check_deadlines(base::Steady::time_point now);
  [[nodiscard]] Phase phase() const noexcept { return phase_; }

  // ChannelEvents
  void readable() override;
  void answered() override;
  void wants_more() override;
  void hung_up(bool hard) override;

 private:
  struct FileBody {
    std::shared_ptr<const base::Fd> fd;
    std::uint64_t next = 0;  ///< offset of what has not been asked for yet
    std::uint64_t left = 0;  ///< bytes not asked for yet
    bool reading = false;    ///< a piece has been asked for
  };

  void pump();
  /// Takes what it can of a request from input_.  @return true once it is complete
  bool take_request();
  bool take_head();
  bool take_body();
  void dispatch();
  /// Answers by itself, and closes after it.
  void refuse(const Response& response);
  [[nodiscard]] Demand demand() const;
  void send(const Response& response, std::vector<Slice> body, std::uint64_t length, bool more);
  void send_file(Responder::Impl& exchange, Response response, OpenedFile file);
  void append_piece(base::Result<base::SharedBytes> piece);
  void finish();
  void count();
  void enter(Phase phase);

  Worker& worker_;
  std::shared_ptr<const std::string> peer_;
  std::shared_ptr<Responder::Impl> exchange_;
  std::string input_;        ///< arrived and not taken: at most a head, or what follows a request
  std::size_t scanned_ = 0;  ///< of input_, without finding a head's end
  ChunkedBody chunked_;
  FileBody file_;
  std::uint64_t counted_sent_ = 0;
  std::uint64_t progress_ = 0;  ///< channel_.sent() when last looked at
  base::Steady::time_point since_;
  int status_ = 0;
  Phase phase_ = Phase::idle;
  bool keep_alive_ = true;
  bool on_control_ = false;
  bool pumping_ = false;
  Channel channel_;
};

}  // namespace tongke::relay::http
