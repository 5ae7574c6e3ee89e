#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "relay/ingest/publisher.hpp"
#include "relay/webrtc/agreement.hpp"
#include "relay/webrtc/lessons.hpp"
#include "relay/webrtc/local_addresses.hpp"
#include "relay/webrtc/program.hpp"
#include "relay/webrtc/worker.hpp"

namespace tongke::relay::webrtc {

/// The WebRTC door: turns offers into answers, gives sessions to workers, publishers' packets
/// to the intake and lessons' frames to viewers.  @thread control, for all of it
class Service {
 public:
  struct Settings {
    std::string address = "::";
    std::uint16_t port = 8189;  ///< UDP and TCP, of the first worker; the next has the next; 0 = free ones
    std::size_t workers = 1;
    std::vector<std::string> addresses;  ///< to advertise; empty = this machine's own
    bool tcp = true;
    std::size_t max_sessions = 4096;
    /// Told every ten seconds or so of a viewer who reports that media arrives.  @thread workers
    std::function<void(const std::string& lesson, const std::string& pass)> delivered = {};
  };
  /// A publisher whose packets stop for this long is gone for its lesson, though its transport
  /// may live on and bring it back.
  static constexpr std::chrono::seconds kSilence{5};
  /// What is made on demand is made a little longer after the last viewer left.
  static constexpr std::chrono::seconds kLinger{15};

  /// Binds every port. `control`, `intake` and `lessons` outlive the service.
  /// @errors invalid, io, internal
  [[nodiscard]] static base::Result<std::unique_ptr<Service>> create(const Settings& settings,
                                                                     base::Executor& control,
                                                                     ingest::Intake& intake,
                                                                     Lessons& lessons);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// What asks: one POST.
  struct Request {
    std::string lesson;
    std::string offer;
    std::string peer;                  ///< address, for logs
    std::string pass = {};             ///< a viewer's token, for recheck()
    std::uint64_t limit = UINT64_MAX;  ///< bits per second that a viewer wants at most
    bool from_this_machine = false;
  };
  struct Answer {
    std::string session;  ///< hard to guess: who has it may change and end the session
    std::string etag;
    std::string sdp;
  };
  /// @errors invalid (offer), unavailable (no codec in common), not_found, conflict (ended, or
  ///         nothing WebRTC can carry), overload
  [[nodiscard]] base::Result<Answer> watch(const Request& request);
  /// @errors as watch(), and forbidden
  [[nodiscard]] base::Result<Answer> publish(const Request& request, const std::string& key);

  struct Patched {
    std::string etag;      ///< the new one after a restart
    std::string fragment;  ///< empty: nothing to answer
  };
  /// A trickled candidate (which ICE-lite has no use for) or an ICE restart.
  /// @param etag  of If-Match; "*" is any
  /// @errors invalid, not_found, conflict (another etag)
  [[nodiscard]] base::Result<Patched> patch(const Request& request, const std::string& session,
                                            const std::string& etag);
  /// @errors not_found
  [[nodiscard]] base::Result<void> remove(const std::string& lesson, const std::string& session);

  /// A frame of a lesson, in the order the pipeline made them.
  void frame(const std::string& lesson, const pipeline::wire::Frame& frame);
  /// Lets go of viewers whose token is good no more.
  void recheck(const std::function<bool(const std::string& pass)>& good);
  /// The lesson is over: its viewers are let go.
  void lesson_over(const std::string& lesson);
  /// Says goodbye to everybody.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept { return workers_.front()->udp_port(); }
  /// Viewers of a lesson, connected or about to be.
  [[nodiscard]] std::size_t viewers(const std::string& lesson) const;

 private:
  class Contribution;
  struct Entry {
    std::uint64_t id = 0;
    std::string lesson;
    std::string pass;
    Purpose purpose = Purpose::watch;
    std::size_t worker = 0;
    Agreement agreement;
    LocalSide local;
    std::uint32_t generation = 1;  ///< of ICE credentials; the ETag
    std::shared_ptr<Contribution> contribution;
  };
  struct Audience {
    Program program;
    std::vector<const pipeline::wire::LadderStep*> steps;  ///< that are offered
    std::vector<std::size_t> viewers;                      ///< by worker
    bool wants_audio = false;
    bool over = false;          ///< the lesson has ended
    std::uint64_t emptied = 0;  ///< counts, so that an old timer knows it is old
  };
  struct Opened {
    std::string key;
    Entry entry;
    Answer answer;
  };

  Service(Settings settings, base::Executor& control, ingest::Intake& intake, Lessons& lessons);
  [[nodiscard]] base::Result<Opened> open(const Request& request, Purpose purpose);
  [[nodiscard]] base::Result<Entry*> find(const std::string& lesson, const std::string& session);
  Session::Identity identity(const Entry& entry) const;
  Contributor::Sink sink(const Entry& entry);
  Fanout::Seed seed(const std::string& lesson);
  void watched(const std::string& lesson, std::uint8_t rendition);
  void offer_steps(const std::string& lesson, Audience& audience);
  void for_workers(const Audience& audience, const std::function<void(Worker&)>& tell);
  void gone(std::uint64_t id, const std::string& why);
  [[nodiscard]] std::function<void()> receipts(const Request& request) const;
  void let_go(Entry& entry, const std::string& why);
  void dismiss_viewers(const std::string& lesson, const std::string& why);
  void viewer_left(Entry& entry);
  void close_audience(const std::string& lesson, std::uint64_t emptied);
  void watch_silence();
  void check_silence();

  const Settings settings_;
  base::Executor& control_;
  ingest::Intake& intake_;
  Lessons& lessons_;
  std::shared_ptr<const DtlsContext> dtls_;
  Counters counters_ = make_counters();
  std::vector<std::unique_ptr<Worker>> workers_;
  LocalAddresses addresses_;
  std::vector<std::size_t> load_;         ///< sessions by worker
  std::map<std::string, Entry> entries_;  ///< by the session's name in addresses
  std::map<std::uint64_t, std::string> names_;
  std::map<std::string, Audience> audiences_;  ///< by lesson
  std::uint64_t last_id_ = 0;
  bool watching_ = false;  ///< the publishers' silence
  bool stopping_ = false;
  /// Tasks posted by workers look whether we are still there.
  std::shared_ptr<Service*> self_ = std::make_shared<Service*>(this);
};

}  // namespace tongke::relay::webrtc
