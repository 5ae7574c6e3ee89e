#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "pipeline/worker/output/schedule.hpp"
#include "pipeline/worker/slate/maker.hpp"

namespace tongke::pipeline::worker::output {

/// The slate in place of the lesson, as frames on the output's clock: a picture of the lesson's own
/// size, and soft notes where the lesson's sound is of a kind that they can be made of.
/// @thread the loop's
class StandIn final : public MediaSink {
 public:
  /// What it stands in for; null for what the output does not have.
  struct Lesson {
    std::shared_ptr<const AVCodecParameters> video = nullptr;
    std::shared_ptr<const AVCodecParameters> audio = nullptr;
  };
  using Give = std::function<void(Unit unit)>;

  /// @param from  its first picture is due then, on the output's clock
  /// @param give  gets a frame a little before it is due
  /// @errors unavailable: no encoder; invalid: no such picture can be made
  [[nodiscard]] static base::Result<std::unique_ptr<StandIn>> create(const wire::Cut& cut, Lesson lesson,
                                                                     base::MediaTime from,
                                                                     GMainContext* context, Give give);

  /// Gives no picture that is due then or later, and no sound that lasts beyond it.
  void end_at(base::MediaTime at) { end_ = at; }
  [[nodiscard]] bool is_over(base::MediaTime now) const { return end_ && now >= *end_; }

 private:
  StandIn(Lesson lesson, base::MediaTime from, Give give)
      : lesson_(std::move(lesson)), from_(from), give_(std::move(give)) {}
  void on_config(StreamConfig config) override;
  void on_unit(AccessUnit unit) override;
  void on_restart() override {}

  const Lesson lesson_;
  const base::MediaTime from_;
  const Give give_;
  std::optional<base::MediaTime> end_;
  std::shared_ptr<const AVCodecParameters> picture_;
  bool heard_ = false;  // its sound passes for the lesson's
  base::MediaTime sound_frame_{0};
  std::unique_ptr<slate::Maker> maker_;
};

}  // namespace tongke::pipeline::worker::output
