#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "relay/output/output.hpp"

namespace tongke::relay::output {

/// Every lesson that is being sent outside. Nothing is, unless somebody asked for it.
/// @thread control
class Outputs {
 public:
  struct Use {
    GMainContext* context = nullptr;
    pipeline::ChildSettings child = {};
    /// The lesson's media now; null when there is none.
    std::function<std::shared_ptr<const live::LessonSnapshot>(const std::string& lesson)> snapshot = {};
    /// An output began that needs nothing but the configuration to begin again, or it was stopped.
    std::function<void(const std::string& lesson, const std::string& destination, bool on)> noted = {};
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
  /// The lesson is removed.
  void forget(const std::string& lesson);
  /// Ends all of them, to go on at the next start.
  void stop_all();
  [[nodiscard]] std::vector<const Output*> of(const std::string& lesson) const;

 private:
  using Id = std::pair<std::string, std::string>;  // lesson, destination
  void count() const;

  const Use use_;
  const std::vector<Destination> destinations_;
  std::map<Id, std::unique_ptr<Output>> outputs_;
};

}  // namespace tongke::relay::output
