#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "school/attendance/book.hpp"
#include "school/line_log.hpp"
#include "school/token.hpp"
#include "signaling/protocol/news.hpp"
#include "signaling/room_directory.hpp"

namespace tongke::signaling::ws {

class Loop;

/// The websocket service: ws(s)://host:port/signal, subprotocol tongke.v1, on a thread of its
/// own with libwebsockets on libev's epoll loop. Others reach it by posting; it never waits for them.
class Service {
 public:
  struct Options {
    std::string address = "::";   ///< "::" is every one, IPv4 too
    std::uint16_t port = 0;       ///< 0 picks a free one
    std::string tls_certificate;  ///< PEM file; with tls_key, TLS
    std::string tls_key;
    std::size_t max_connections = 20'000;
    /// Nothing heard of a client for this long: it is asked. Pupils' heartbeats come sooner.
    std::chrono::milliseconds ask_after = std::chrono::seconds(45);
    /// And for this long: it is cut off.
    std::chrono::milliseconds cut_after = std::chrono::seconds(75);
  };
  /// What it works with; must outlive it.
  struct Ports {
    const school::TokenSigner& signer;
    const RoomDirectory& directory;
    school::attendance::Book& book;
    school::LineLog& log;
  };

  /// Binds the port; serves nobody yet.  @errors unavailable (port taken), invalid (certificate)
  [[nodiscard]] static base::Result<std::unique_ptr<Service>> create(const Options& options,
                                                                     const Ports& ports);
  /// Stops at once if it still runs.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  void start();
  /// Tells everybody to come back later and ends the thread.
  /// @param patience  how long clients may take to say goodbye
  void stop(std::chrono::milliseconds patience);

  // ---- news for it ----  @thread any
  void set_on_air(const std::string& lesson, protocol::OnAir state);
  /// Somebody fetched media. Takes effect within a quarter of a second; call it every few
  /// seconds a link, not for every part.
  void note_media(const school::Token& token);
  /// A link's third device was refused media: its teacher is told.
  void third_device(const school::Token& token);
  void replan(const std::string& lesson);
  void replan_all();
  /// As Lesson::rest() and Lesson::warn().
  void rest(const std::string& lesson, const std::string& room, protocol::Rest why);
  void warn(const std::string& lesson, const std::string& room, protocol::Rest why,
            std::chrono::minutes left);
  /// Links were withdrawn.
  void recheck();
  /// As Hub::forget_seat(); then calls `done`.
  /// @return false when it cannot be heard now; then nothing is called
  [[nodiscard]] bool forget_seat(std::uint32_t seat, std::function<void()> done);

 private:
  explicit Service(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
  std::thread thread_;
};

}  // namespace tongke::signaling::ws
