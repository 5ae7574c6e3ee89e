#pragma once

#include <functional>
#include <map>
#include <string>

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

  [[nodiscard]] base::Result<void> admits(const std::string& lesson, const std::string& key) const override;

 private:
  struct Entry {
    std::string key;
    bool ended = false;
  };
  base::Guarded<std::map<std::string, Entry, std::less<>>> entries_;  // by lesson id
};

}  // namespace tongke::relay::app
