#include "pipeline/child/child.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace tongke::pipeline {
namespace {

constexpr int kChildSocket = 3;
constexpr std::chrono::milliseconds kExitAfterStreamEnd{1000};

}  // namespace

Child::Child(GMainContext* context, const ChildSettings& settings, OnMessage on_message, OnEnd on_end)
    : context_(context),
      settings_(settings),
      on_message_(std::move(on_message)),
      on_end_(std::move(on_end)) {}

base::Result<std::unique_ptr<Child>> Child::start(GMainContext* context, const ChildSettings& settings,
                                                  const std::string& command, const wire::Message& open,
                                                  OnMessage on_message, OnEnd on_end) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return base::Error{base::Errc::unavailable, std::string("socketpair: ") + std::strerror(errno)};
  }
  base::Fd ours(ends[0]);
  const base::Fd theirs(ends[1]);
  std::unique_ptr<Child> child(new Child(context, settings, std::move(on_message), std::move(on_end)));
  auto process =
      base::glib::Process::spawn(context,
                                 {.argv = {settings.program, command},
                                  .fds = {{.ours = theirs.get(), .theirs = kChildSocket}},
                                  .nice = settings.nice},
                                 [raw = child.get()](base::glib::ProcessExit exit) { raw->exited(exit); });
  if (!process) return std::move(process).error();
  child->process_ = std::move(*process);
  child->connection_ = std::make_unique<Connection>(
      context, std::move(ours),
      [raw = child.get()](wire::Message message) {
        if (auto* failure = std::get_if<wire::Failure>(&message)) raw->failure_ = *failure;
        raw->on_message_(std::move(message));
      },
      [raw = child.get()](const std::string& why) { raw->stream_over(why); });
  child->connection_->send(open);
  return child;
}

void Child::send(const wire::Message& message) {
  if (!stream_end_) connection_->send(message);
}

void Child::close() {
  if (closing_) return;
  closing_ = true;
  send(wire::Close{});
  deadline_ = base::glib::Timer(context_, settings_.close_deadline, [this] { process_.kill(SIGKILL); });
}

void Child::stream_over(const std::string& why) {
  stream_end_ = why;
  // A child without its stream has nothing left to do.
  if (!deadline_) {
    deadline_ = base::glib::Timer(context_, kExitAfterStreamEnd, [this] { process_.kill(SIGKILL); });
  }
  finish_when_both_over();
}

void Child::exited(base::glib::ProcessExit exit) {
  exit_ = exit;
  finish_when_both_over();
}

// The exit and the stream's last bytes arrive in either order; the end is told after both.
void Child::finish_when_both_over() {
  if (!exit_ || !stream_end_) return;
  deadline_.reset();
  auto on_end = std::move(on_end_);
  if (failure_) {
    on_end(ChildEnd::failed, failure_->code + ": " + failure_->text);
  } else if (closing_) {
    on_end(ChildEnd::closed, exit_->text());
  } else {
    on_end(ChildEnd::crashed, exit_->text() + ", stream " + *stream_end_);
  }
}

}  // namespace tongke::pipeline
