#include "pipeline/worker/port/child_loop.hpp"

#include <utility>

#include "base/log.hpp"

namespace tongke::pipeline::worker::port {
namespace {

constexpr int kWireFd = 3;
constexpr std::chrono::milliseconds kLastWords{700};

}  // namespace

ChildLoop::ChildLoop(std::function<void(wire::Message)> on_message)
    : port_(loop_.context(), base::Fd(kWireFd),
            {.on_message =
                 [this, hear = std::move(on_message)](wire::Message message) {
                   if (!over_) hear(std::move(message));
                 },
             .on_closed =
                 [this](const std::string& reason) {
                   // Without a reason the relay is gone; nobody is left to hear the end.
                   reason.empty() ? quit(0) : broken(reason);
                 }}) {}

int ChildLoop::run() {
  loop_.run();
  port_.flush(kLastWords);
  return exit_code_;
}

void ChildLoop::broken(const std::string& reason) {
  base::log::error("wire broken", {{"reason", reason}});
  quit(1);
}

void ChildLoop::quit(int code) {
  over_ = true;
  exit_code_ = code;
  port_.stop_reading();
  loop_.quit();
}

}  // namespace tongke::pipeline::worker::port
