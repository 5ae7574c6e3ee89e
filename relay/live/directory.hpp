#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "relay/ingest/publisher.hpp"
#include "relay/live/lesson.hpp"

namespace tongke::relay::live {

/// Every lesson that is or was on air since the server started, by id; the Intake of all
/// ingest protocols.  @thread control
class Directory final : public ingest::Intake {
 public:
  /// What the school says about a publisher: fine, or forbidden / conflict.
  using Authorize = std::function<base::Result<void>(const std::string& lesson, const std::string& key)>;

  Directory(base::glib::MainLoop& control, LessonSettings settings, Outlet& outlet, Authorize authorize);

  [[nodiscard]] base::Result<std::unique_ptr<ingest::Feed>> open(const ingest::PublishRequest& request,
                                                                 ingest::Publisher& publisher) override;

  [[nodiscard]] std::shared_ptr<Lesson> find(const std::string& id) const;
  /// The lesson, made on first use.
  std::shared_ptr<Lesson> get(const std::string& id);

  /// Every lesson there is, by id.
  [[nodiscard]] const std::map<std::string, std::shared_ptr<Lesson>>& all() const noexcept {
    return lessons_;
  }

  /// Lets an ended lesson go.
  void forget(const std::string& id) { lessons_.erase(id); }

  /// Refuses new publishers and stops every lesson; calls `done` when all have flushed.
  void shut_down(std::function<void()> done);

 private:
  void check_idle();

  base::glib::MainLoop& control_;
  LessonSettings settings_;
  Outlet& outlet_;
  Authorize authorize_;
  std::map<std::string, std::shared_ptr<Lesson>> lessons_;
  std::function<void()> done_;
  base::glib::Timer idle_check_;
};

}  // namespace tongke::relay::live
