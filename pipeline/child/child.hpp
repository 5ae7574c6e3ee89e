#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"
#include "base/result.hpp"
#include "pipeline/child/connection.hpp"

namespace tongke::pipeline {

struct ChildSettings {
  std::string program;  ///< path of tongke-pipeline
  int nice = 5;         ///< below the relay, so that encoding never starves relaying
  /// A child that was told to close and has not gone by then is killed.
  std::chrono::milliseconds close_deadline{1500};
};

/// How a child's life ended.
enum class ChildEnd {
  closed,  ///< we asked for it and it went
  failed,  ///< it said Failure: starting it again on the same input would fail again
  crashed  ///< anything else: signal, exit code, broken protocol, hang
};

/// One running `tongke-pipeline live` or `output` process. Destroying it kills it.
/// @thread the context's
class Child {
 public:
  using OnMessage = std::function<void(wire::Message)>;
  /// Called once, after the last message; may destroy the child.
  using OnEnd = std::function<void(ChildEnd, const std::string& why)>;

  /// @param command  "live" or "output"
  /// @param open     wire::Open or wire::OutputOpen, as the command wants it
  [[nodiscard]] static base::Result<std::unique_ptr<Child>> start(GMainContext* context,
                                                                  const ChildSettings& settings,
                                                                  const std::string& command,
                                                                  const wire::Message& open,
                                                                  OnMessage on_message, OnEnd on_end);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void send(const wire::Message& message);
  /// Asks it to flush what is complete and exit.
  void close();
  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }
  /// Bytes that it has yet to take; Connection::kMaxQueuedBytes end it.
  [[nodiscard]] std::size_t waiting() const noexcept { return connection_->waiting(); }

 private:
  Child(GMainContext* context, const ChildSettings& settings, OnMessage on_message, OnEnd on_end);
  void exited(base::glib::ProcessExit exit);
  void stream_over(const std::string& why);
  void finish_when_both_over();

  GMainContext* context_;
  ChildSettings settings_;
  OnMessage on_message_;
  OnEnd on_end_;
  std::unique_ptr<Connection> connection_;
  base::glib::Process process_;
  base::glib::Timer deadline_;
  bool closing_ = false;
  std::optional<wire::Failure> failure_;
  std::optional<base::glib::ProcessExit> exit_;
  std::optional<std::string> stream_end_;
};

}  // namespace tongke::pipeline
