#include "signaling/ws/service.hpp"

#include "signaling/ws/loop.hpp"

namespace tongke::signaling::ws {

Service::Service(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Service::~Service() { stop(std::chrono::milliseconds(0)); }

base::Result<std::unique_ptr<Service>> Service::create(const Options& options, const Ports& ports) {
  auto loop = Loop::create(options, ports);
  if (!loop) return std::move(loop).error();
  return std::unique_ptr<Service>(new Service(std::move(*loop)));
}

std::uint16_t Service::port() const noexcept { return loop_->port(); }

void Service::start() {
  thread_ = std::thread([this] { loop_->run(); });
}

void Service::stop(std::chrono::milliseconds patience) {
  if (!thread_.joinable()) return;
  loop_->stop(patience);
  thread_.join();
}

void Service::set_on_air(const std::string& lesson, protocol::OnAir state) {
  loop_->post([lesson, state](Hub& hub, const Instant& now) { hub.set_on_air(lesson, state, now); });
}

void Service::note_media(const school::Token& token) {
  loop_->post_lazily([token](Hub& hub, const Instant& now) { hub.note_media(token, now); });
}

void Service::third_device(const school::Token& token) {
  loop_->post([token](Hub& hub, const Instant& now) { hub.third_device(token, now); });
}

void Service::replan(const std::string& lesson) {
  loop_->post([lesson](Hub& hub, const Instant& /*now*/) { hub.replan(lesson); });
}

void Service::replan_all() {
  loop_->post([](Hub& hub, const Instant& /*now*/) { hub.replan_all(); });
}

void Service::rest(const std::string& lesson, const std::string& room, protocol::Rest why) {
  loop_->post([=](Hub& hub, const Instant& now) { hub.rest(lesson, room, why, now); });
}

void Service::warn(const std::string& lesson, const std::string& room, protocol::Rest why,
                   std::chrono::minutes left) {
  loop_->post([=](Hub& hub, const Instant& now) { hub.warn(lesson, room, why, left, now); });
}

bool Service::forget_seat(std::uint32_t seat, std::function<void()> done) {
  return loop_->post([seat, done = std::move(done)](Hub& hub, const Instant& now) {
    hub.forget_seat(seat, now);
    done();
  });
}

void Service::recheck() {
  loop_->post([](Hub& hub, const Instant& /*now*/) { hub.recheck(); });
}

}  // namespace tongke::signaling::ws
