#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relay/output/output.hpp"

namespace tongke::relay::output {

/// What a server that starts again has to know of an output.
struct Note {
  bool goes_on = false;  ///< it needs nothing but the configuration to begin again
  std::optional<base::WallTime> cut = {};

  friend bool operator==(const Note&, const Note&) = default;
};

/// Every lesson that is being sent outside. Nothing is, unless somebody asked for it.
/// @thread control
class Outputs {
 public:
  struct Use {
    GMainContext* context = nullptr;
    pipeline::ChildSettings child = {};
    /// The lesson's media now; null when there is none.
    std::function<std::shared_ptr<const live::LessonSnapshot>(const std::string& lesson)> snapshot = {};
    /// Words of the slate that is sent in place of a lesson.
    std::string slate_heading = {};
    std::string slate_text = {};
    /// What is to be known of an output has changed; nothing, once it is stopped.
    std::function<void(const std::string& lesson, const std::string& destination, const Note& note)> noted =
        {};
  };

  Outputs(Use use, std::vector<Destination> destinations);

  /// Where lessons may be sent to.
  [[nodiscard]] const std::vector<Destination>& destinations() const noexcept { return destinations_; }

  /// @param key  for a destination that wants one; else empty
  /// @errors not_found (field "destination"), invalid (field "key"), conflict: that lesson, or for a
  ///         channel of constant bit rate any lesson, is being sent there
  [[nodiscard]] base::Result<const Output*> start(const std::string& lesson, const std::string& destination,
                                                  const std::string& key);
  /// @errors not_found
  [[nodiscard]] base::Result<void> stop(const std::string& lesson, const std::string& destination);
  /// Sends a slate there in place of the lesson, or the lesson again. Once more is nothing new.
  /// @errors not_found; conflict: all of the lesson was sent
  [[nodiscard]] base::Result<const Output*> cut(const std::string& lesson, const std::string& destination,
                                                bool on);
  /// What was noted before this start of the server. Whoever is cut stays so, also when somebody has to
  /// start it again because of its key.
  /// @return whether it goes on   @errors as start()
  [[nodiscard]] base::Result<void> resume(const std::string& lesson, const std::string& destination,
                                          const Note& note);
  /// The lesson is removed.
  void forget(const std::string& lesson);
  /// Ends all of them, to go on at the next start.
  void stop_all();
  [[nodiscard]] std::vector<const Output*> of(const std::string& lesson) const;

 private:
  using Id = std::pair<std::string, std::string>;  // lesson, destination
  void count() const;
  void note(const Id& id) const;

  const Use use_;
  const std::vector<Destination> destinations_;
  std::map<Id, std::unique_ptr<Output>> outputs_;
  std::map<Id, base::WallTime> cuts_;  // outlive an output that ends with the server
};

}  // namespace tongke::relay::output
