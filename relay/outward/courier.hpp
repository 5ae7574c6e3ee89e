#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/outward/formats.hpp"
#include "relay/outward/journal.hpp"
#include "relay/outward/receiver.hpp"

namespace tongke::relay::outward {

/// What came of one message.
struct Reply {
  Outcome outcome = Outcome::again;
  std::string said = {};  ///< as Verdict::said, or what the network said
  std::string hint = {};  ///< code of what to look at: "delivered", "resolve", "tls", "robot_refused", …
  std::chrono::milliseconds took{0};
  std::chrono::milliseconds wait{0};  ///< how long the receiver asks to be left alone
};

/// What came of a trial message to one receiver.
struct Trial {
  std::string receiver = {};
  Reply reply = {};
};

/// Brings notices to their receivers, on a thread of its own: each has its Queue, and a slow or dead
/// one costs no other anything. What was not delivered when it ends is in the journal.
class Courier {
 public:
  struct Options {
    std::vector<Receiver> receivers = {};
    Letterhead letterhead = {};
    Journal* journal = nullptr;  ///< outlives the courier; null: nothing is kept
    Journal::Kept kept = {};     ///< what is still to be delivered
  };
  /// Called on the courier's thread.
  using TrialDone = std::function<void(std::vector<Trial>)>;

  /// @errors unavailable: libcurl does not start
  [[nodiscard]] static base::Result<std::unique_ptr<Courier>> create(Options options);
  /// Breaks off what is on its way.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Has everybody told who wants to know.  @thread any; never waits
  void send(const Notice& notice);
  /// Sends a trial message past the queue, once, and says what came of it.
  /// @param receiver  name; empty = all     @errors not_found, overload
  /// @thread any; never waits
  [[nodiscard]] base::Result<void> try_out(const std::string& receiver, TrialDone done);

 private:
  class Work;
  explicit Courier(std::unique_ptr<Work> work);
  std::unique_ptr<Work> work_;
};

}  // namespace tongke::relay::outward
