#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/guarded.hpp"
#include "relay/ingest/publisher.hpp"
#include "school/lessons.hpp"

namespace tongke::relay::app {

/// Who may publish: every lesson's key and whether the lesson still takes publishers. Kept
/// up by the control thread, asked from any.
class KeyRing final : public ingest::Doorkeeper {
 public:
  /// Learns of a lesson, or that it changed.
  void note(const school::Lesson& lesson);

  /// Forgets a lesson that is no more.
  void forget(const std::string& lesson);
  /// Whether there is such a lesson.  @thread any
  [[nodiscard]] bool has(std::string_view lesson) const;
  /// What else a publisher needs than a key; set before any asks.
  void set_gate(std::function<base::Result<void>(const std::string& lesson)> gate) {
    gate_ = std::move(gate);
  }

  /// Whether the key is the lesson's and the lesson takes publishers.  @thread any
  [[nodiscard]] base::Result<void> knows(const std::string& lesson, const std::string& key) const;
  [[nodiscard]] base::Result<void> admits(const std::string& lesson, const std::string& key) const override;

 private:
  struct Entry {
    std::string key;
    bool ended = false;
  };
  base::Guarded<std::map<std::string, Entry, std::less<>>> entries_;  // by lesson id
  std::function<base::Result<void>(const std::string& lesson)> gate_;
};

}  // namespace tongke::relay::app
