#include "relay/http/channel.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/glib/tls.hpp"

namespace tongke::relay::http {
namespace {

using base::glib::would_block;

constexpr std::size_t kEventsATurn = 512;
constexpr std::size_t kReadBytes = 16 * 1024;

}  // namespace

Poller::Poller(GMainContext* context)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      watch_(context, epoll_.get(), G_IO_IN, [this](GIOCondition) { return dispatch(); }) {}

void Poller::add(int fd, Channel& channel) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &channel;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Poller::remove(int fd) { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

bool Poller::dispatch() {
  std::array<epoll_event, kEventsATurn> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    static_cast<Channel*>(event.data.ptr)->on_events(event.events);
  }
  return true;
}

Channel::Channel(base::Fd fd, base::glib::Handle<GIOStream> tls, Poller& poller, ChannelEvents& events)
    : fd_(std::move(fd)), tls_(std::move(tls)), poller_(poller), events_(&events) {
  poller_.add(fd_.get(), *this);
}

Channel::~Channel() { close(); }

gssize Channel::receive(char* buffer, std::size_t size, bool& ended) {
  if (!tls_) {
    const gssize count = ::recv(fd_.get(), buffer, size, MSG_DONTWAIT);
    ended = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    return std::max<gssize>(count, 0);
  }
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get()));
  base::glib::ErrorOut why;
  const gssize count = g_pollable_input_stream_read_nonblocking(input, buffer, size, nullptr, why);
  ended = count == 0 || (count < 0 && !would_block(why));
  if (count < 0 && !ended) await_tls(G_IO_IN);
  return std::max<gssize>(count, 0);
}

Channel::Input Channel::read(std::string& out) {
  if (!fd_) return Input::end;
  if (emptied_ && !ended_) return Input::nothing_yet;
  std::array<char, kReadBytes> buffer;
  bool ended = false;
  const gssize count = receive(buffer.data(), buffer.size(), ended);
  if (ended) return Input::end;
  if (count == 0) return Input::nothing_yet;
  // A short read has emptied a plain socket: what comes next is a new edge.
  emptied_ = !tls_ && static_cast<std::size_t>(count) < buffer.size();
  out.append(buffer.data(), static_cast<std::size_t>(count));
  return Input::bytes;
}

gssize Channel::send_some() {
  if (tls_) {
    auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get()));
    const bool of_head = head_at_ < head_.size();
    const void* data = of_head ? static_cast<const void*>(head_.data() + head_at_)
                               : body_.front().bytes.view().data() + body_.front().offset;
    const gsize size = of_head ? head_.size() - head_at_ : body_.front().length;
    base::glib::ErrorOut why;
    const gssize count = g_pollable_output_stream_write_nonblocking(output, data, size, nullptr, why);
    if (count >= 0) return count;
    if (!would_block(why)) return -1;
    await_tls(G_IO_OUT);
    return 0;
  }
  std::array<iovec, 16> pieces;
  std::size_t count = 0;
  if (head_at_ < head_.size()) pieces[count++] = {head_.data() + head_at_, head_.size() - head_at_};
  for (const Slice& slice : body_) {
    if (count == pieces.size()) break;
    pieces[count++] = {const_cast<std::uint8_t*>(slice.bytes.view().data() + slice.offset), slice.length};
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  const gssize sent = ::sendmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  return sent;
}

void Channel::flush() {
  if (!answering_ || !fd_) return;
  while (head_at_ < head_.size() || !body_.empty()) {
    const gssize count = send_some();
    if (count < 0) {
      answering_ = false;
      events_->hung_up(true);
      return;
    }
    if (count == 0) return;
    sent_ += static_cast<std::uint64_t>(count);
    auto left = static_cast<std::size_t>(count);
    const std::size_t of_head = std::min(left, head_.size() - head_at_);
    head_at_ += of_head;
    left -= of_head;
    unsent_ -= left;
    while (left > 0) {
      Slice& slice = body_.front();
      const std::size_t taken = std::min(left, slice.length);
      slice.offset += taken;
      slice.length -= taken;
      left -= taken;
      if (slice.length == 0) body_.pop_front();
    }
  }
  head_.clear();
  head_at_ = 0;
  if (more_) {
    events_->wants_more();
    return;
  }
  answering_ = false;
  events_->answered();
}

void Channel::answer(std::string head, std::vector<Slice> body, bool more) {
  answering_ = true;
  more_ = more;
  head_ = std::move(head);
  head_at_ = 0;
  for (Slice& slice : body) {
    unsent_ += slice.length;
    body_.push_back(std::move(slice));
  }
  flush();
}

void Channel::append(Slice piece, bool more) {
  more_ = more;
  unsent_ += piece.length;
  body_.push_back(std::move(piece));
  flush();
}

void Channel::await_tls(GIOCondition condition) {
  const bool input = condition == G_IO_IN;
  auto& source = input ? tls_input_ : tls_output_;
  source.reset(input ? g_pollable_input_stream_create_source(
                           G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get())), nullptr)
                     : g_pollable_output_stream_create_source(
                           G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get())), nullptr));
  // GLib calls it with the pollable signature, whatever the type says.
  const GPollableSourceFunc call = input ? on_tls_input : on_tls_output;
  g_source_set_callback(source.get(), reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(call)), this,
                        nullptr);
  g_source_attach(source.get(), g_main_context_get_thread_default());
}

gboolean Channel::on_tls_input(GObject* /*stream*/, gpointer channel) noexcept {
  auto* self = static_cast<Channel*>(channel);
  if (self->events_) self->events_->readable();
  return G_SOURCE_REMOVE;
}

gboolean Channel::on_tls_output(GObject* /*stream*/, gpointer channel) noexcept {
  static_cast<Channel*>(channel)->flush();
  return G_SOURCE_REMOVE;
}

void Channel::drain() {
  answering_ = false;
  draining_ = true;
  tls_input_.reset();
  tls_output_.reset();
  if (tls_) g_io_stream_close_async(tls_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  ::shutdown(fd_.get(), SHUT_WR);
  discard_input();
}

void Channel::discard_input() {
  std::array<char, kReadBytes> scrap;
  gssize count = 0;
  do {
    count = ::recv(fd_.get(), scrap.data(), scrap.size(), MSG_DONTWAIT);
  } while (count > 0);
  if (count == 0 || errno != EAGAIN) events_->hung_up(true);
}

void Channel::close() {
  events_ = nullptr;
  if (!fd_) return;
  poller_.remove(fd_.get());
  tls_input_.reset();
  tls_output_.reset();
  tls_.reset();
  fd_.reset();
}

void Channel::on_events(std::uint32_t bits) {
  if (!fd_) return;
  if (draining_) {
    discard_input();
    return;
  }
  const bool hard = (bits & (EPOLLERR | EPOLLHUP)) != 0;
  const bool ended = hard || (bits & EPOLLRDHUP) != 0;
  emptied_ = false;
  if (ended) ended_ = true;
  if (!tls_ && (bits & EPOLLOUT) != 0) flush();
  if (!tls_ && events_ && (ended || (bits & EPOLLIN) != 0)) events_->readable();
  if (ended && events_) events_->hung_up(hard);
}

}  // namespace tongke::relay::http
