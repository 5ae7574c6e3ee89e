#include "relay/app/demo_teacher.hpp"

#include <utility>

#include "base/log.hpp"

namespace tongke::relay::app {
namespace {

constexpr std::chrono::seconds kPause{2};

}  // namespace

DemoTeacher::DemoTeacher(GMainContext* context, std::string program, std::string url)
    : context_(context), program_(std::move(program)), url_(std::move(url)) {
  start();
}

void DemoTeacher::start() {
  again_.reset();
  const auto restart_later = [this](const std::string& why) {
    base::log::warn("demo teacher left; coming back", {{"why", why}});
    again_ = base::glib::Timer(context_, kPause, [this] { start(); });
  };
  auto process = base::glib::Process::spawn(
      context_, {.argv = {program_, "demo", "--url", url_}, .fds = {}, .nice = 5},
      [restart_later](base::glib::ProcessExit exit) { restart_later(exit.text()); });
  if (!process) {
    restart_later(process.error().message);
    return;
  }
  process_ = std::move(*process);
}

}  // namespace tongke::relay::app
