#include "relay/http/exchange.hpp"

#include "relay/http/target.hpp"

namespace tongke::relay::http {

void Outbox::send(const std::shared_ptr<Outbox>& outbox, std::shared_ptr<Responder::Impl> exchange,
                  Response response) {
  if (std::this_thread::get_id() == outbox->thread_.load(std::memory_order_acquire)) {
    outbox->deliver_(*exchange, std::move(response));
    return;
  }
  // Posted under the lock: close() runs on the loop's thread, so the loop is there until then.
  outbox->pending_.with([&](Pending& pending) {
    if (pending.closed) return;
    const bool wake = pending.items.empty();
    pending.items.emplace_back(std::move(exchange), std::move(response));
    if (wake) outbox->loop_->post([outbox] { outbox->drain(); });
  });
}

void Outbox::post(const std::shared_ptr<Outbox>& outbox, std::function<void()> task) {
  outbox->pending_.with([&](Pending& pending) {
    if (pending.closed) return;
    outbox->loop_->post([outbox, task = std::move(task)] {
      if (!outbox->pending_.with([](const Pending& now) { return now.closed; })) task();
    });
  });
}

void Outbox::drain() {
  std::vector<Item> items;
  const bool closed = pending_.with([&](Pending& pending) {
    items.swap(pending.items);
    return pending.closed;
  });
  if (closed) return;
  for (auto& [exchange, response] : items) deliver_(*exchange, std::move(response));
}

void Outbox::close() {
  thread_.store({}, std::memory_order_release);
  pending_.with([](Pending& pending) {
    pending.closed = true;
    pending.items.clear();
  });
}

Responder::Impl::Impl(std::string head_text, std::shared_ptr<const std::string> peer, std::size_t worker,
                      std::shared_ptr<Outbox> outbox)
    : text_(std::move(head_text)), peer_(std::move(peer)), worker_(worker), outbox_(std::move(outbox)) {}

std::optional<BadRequest> Responder::Impl::parse() { return parse_head(text_, head_); }

base::Result<void> Responder::Impl::resolve_target() {
  auto path = normalise_path(head_.path);
  if (!path) return std::move(path).error();
  path_ = std::move(*path);
  return check_query(head_.query);
}

std::string_view Responder::Impl::param(std::string_view name) const {
  if (!match_.route) return {};
  for (std::size_t i = 0; i < match_.values.size(); ++i) {
    if (match_.route->names[i] == name) return match_.values[i];
  }
  return {};
}

std::optional<std::string> Responder::Impl::query(std::string_view name) const {
  return query_value(head_.query, name);
}

std::optional<std::string_view> Responder::Impl::header(std::string_view name) const {
  return head_.field(name);
}

Responder::Responder(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Responder::Responder(Responder&&) noexcept = default;
Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Responder dropped(std::move(*this));
    impl_ = std::move(other.impl_);
  }
  return *this;
}

Responder::~Responder() {
  if (impl_ && !impl_->claimed()) fail({base::Errc::internal, "no answer"});
}

void Responder::send(Response response) {
  if (!impl_ || !impl_->claim()) return;
  Outbox::send(impl_->outbox(), impl_, std::move(response));
}

void Responder::fail(const base::Error& error) { send(problem(error)); }

bool Responder::aborted() const noexcept { return !impl_ || impl_->aborted(); }

}  // namespace tongke::relay::http
