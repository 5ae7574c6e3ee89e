#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/gst/failure.hpp"
#include "pipeline/worker/media.hpp"

namespace tongke::pipeline::worker::gst {

/// Demultiplexes FLV or MPEG-TS. GStreamer runs on the caller's thread: when push()
/// returns, everything that the bytes completed has been delivered.
class StreamIntake {
 public:
  /// @errors unavailable: a plugin is missing
  [[nodiscard]] static base::Result<std::unique_ptr<StreamIntake>> create(wire::InputFormat format,
                                                                          MediaSink& sink);
  ~StreamIntake();
  StreamIntake(const StreamIntake&) = delete;
  StreamIntake& operator=(const StreamIntake&) = delete;

  /// @return the reason when the input cannot be understood any further
  [[nodiscard]] std::optional<IntakeFailure> push(const base::SharedBytes& bytes);
  /// No more input: delivers what was still waiting for its end.
  void finish();
  /// Units without timestamps or parameters, and malformed input that was skipped.
  [[nodiscard]] std::uint64_t errors() const;

 private:
  struct Graph;
  explicit StreamIntake(std::unique_ptr<Graph> graph);
  std::unique_ptr<Graph> graph_;
};

}  // namespace tongke::pipeline::worker::gst
