#include "relay/http/channel.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tongke::relay::http {
namespace {

constexpr std::size_t kEventsATurn = 512;
constexpr std::size_t kDiscardBytes = 64 * 1024;

}  // namespace

Poller::Poller(GMainContext* context)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), watch_(context, epoll_.get(), G_IO_IN, [this](GIOCondition) {
        return dispatch();
      }) {}

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
    static_cast<Channel*>(events[static_cast<std::size_t>(i)].data.ptr)->on_events(
        events[static_cast<std::size_t>(i)].events);
  }
  return true;
}

Channel::Channel(base::Fd fd, base::glib::Handle<GIOStream> tls, Poller& poller, ChannelEvents& events)
    : fd_(std::move(fd)), tls_(std::move(tls)), poller_(poller), events_(&events) {
  poller_.add(fd_.get(), *this);
}

Channel::~Channel() { close(); }

gssize Channel::fail(int error_number, GError** error) {
  g_set_error_literal(error, G_IO_ERROR, g_io_error_from_errno(error_number), g_strerror(error_number));
  return -1;
}

gssize Channel::would_block(GError** error) {
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "would block");
  return -1;
}

gssize Channel::read_tls(void* buffer, gsize size, GError** error) {
  auto* input = G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get()));
  base::glib::ErrorOut why;
  const gssize count = g_pollable_input_stream_read_nonblocking(input, buffer, size, nullptr, why);
  if (count > 0) return count;
  if (count < 0 && g_error_matches(*static_cast<GError**>(why), G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    return would_block(error);
  }
  return 0;  // a broken TLS stream ends like a closed one
}

gssize Channel::read(void* buffer, gsize size, GError** error) {
  gssize count = 0;
  if (!aborted_ && fd_) {
    if (tls_) {
      count = read_tls(buffer, size, error);
      if (count < 0) return count;
    } else {
      count = ::recv(fd_.get(), buffer, size, MSG_DONTWAIT);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        readable_ = false;
        update(G_IO_IN);
        return would_block(error);
      }
      // A short read has emptied the socket; the next bytes are a new edge. Not so once the
      // end is there: its edge may have come before.
      if (count > 0 && static_cast<gsize>(count) < size && !ended_) {
        readable_ = false;
        update(G_IO_IN);
      }
    }
  }
  if (count > 0) {
    events_->received();
    return count;
  }
  if (!events_ || events_->end_of_input()) return 0;
  readable_ = false;
  update(G_IO_IN);
  return would_block(error);
}

gssize Channel::write(const void* data, gsize size, GError** error) {
  if (aborted_ || !fd_) return fail(EPIPE, error);
  if (tls_) {
    auto* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get()));
    const gssize count = g_pollable_output_stream_write_nonblocking(output, data, size, nullptr, error);
    if (count > 0) sent_ += static_cast<std::uint64_t>(count);
    return count;
  }
  if (corked_) {
    corked_ = false;
    held_.append(static_cast<const char*>(data), size);
    return static_cast<gssize>(size);
  }
  std::array<iovec, 2> pieces = {iovec{held_.data(), held_.size()}, iovec{const_cast<void*>(data), size}};
  msghdr message{};
  message.msg_iov = held_.empty() ? &pieces[1] : pieces.data();
  message.msg_iovlen = held_.empty() ? 1 : 2;
  const gssize count = ::sendmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count < 0) {
    if (errno != EAGAIN && errno != EINTR) return fail(errno, error);
    writable_ = false;
    update(G_IO_OUT);
    return would_block(error);
  }
  sent_ += static_cast<std::uint64_t>(count);
  const gsize of_held = std::min(static_cast<gsize>(count), held_.size());
  held_.erase(0, of_held);
  const gsize of_data = static_cast<gsize>(count) - of_held;
  if (of_data < size) {
    writable_ = false;
    update(G_IO_OUT);
  }
  return of_data > 0 ? static_cast<gssize>(of_data) : would_block(error);
}

GSource* Channel::watch(GObject* stream, GIOCondition condition) {
  GSource* source = g_pollable_source_new(stream);
  if (tls_) {
    GSource* below =
        condition == G_IO_IN
            ? g_pollable_input_stream_create_source(
                  G_POLLABLE_INPUT_STREAM(g_io_stream_get_input_stream(tls_.get())), nullptr)
            : g_pollable_output_stream_create_source(
                  G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(tls_.get())), nullptr);
    g_source_set_dummy_callback(below);
    g_source_add_child_source(source, below);
    g_source_unref(below);
    if (aborted_) g_source_set_ready_time(source, 0);
  } else {
    const bool ready = condition == G_IO_IN ? readable_ : writable_;
    g_source_set_ready_time(source, ready ? 0 : -1);
  }
  std::erase_if(watches_, [](const Watch& watch) { return g_source_is_destroyed(watch.source.get()); });
  watches_.push_back({std::unique_ptr<GSource, Unref>(g_source_ref(source)), condition});
  return source;
}

void Channel::update(GIOCondition condition) {
  const bool ready = aborted_ || (condition == G_IO_IN ? readable_ : writable_);
  if (tls_ && !ready) return;
  for (const Watch& watch : watches_) {
    if (watch.condition == condition) g_source_set_ready_time(watch.source.get(), ready ? 0 : -1);
  }
}

void Channel::abort() {
  aborted_ = true;
  readable_ = true;
  writable_ = true;
  update(G_IO_IN);
  update(G_IO_OUT);
}

void Channel::stream_closed() {
  if (events_) events_->closed();
}

void Channel::drain() {
  ::shutdown(fd_.get(), SHUT_WR);
  draining_ = true;
  discard_input();
}

void Channel::discard_input() {
  std::array<char, kDiscardBytes> scrap;
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
  watches_.clear();
  if (tls_) {
    // The TLS stream shares the socket and closes it; ours was a duplicate.
    g_io_stream_close_async(tls_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
    tls_.reset();
  }
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
  if (ended) ended_ = true;
  if (!tls_) {
    if (ended || (bits & EPOLLIN) != 0) {
      readable_ = true;
      update(G_IO_IN);
    }
    if (hard || (bits & EPOLLOUT) != 0) {
      writable_ = true;
      update(G_IO_OUT);
    }
  }
  if (ended) events_->hung_up(hard);
}

}  // namespace tongke::relay::http
