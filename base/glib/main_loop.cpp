#include "base/glib/main_loop.hpp"

#include <glib-unix.h>

#include <exception>
#include <memory>

#include "base/log.hpp"

namespace tongke::base::glib {
namespace {

// No exception may cross GLib's C frames.
template <class F>
void guarded(F&& call) noexcept {
  try {
    call();
  } catch (const std::exception& error) {
    log::error("exception in a main loop callback", {{"what", error.what()}});
  }
}

template <class T>
void destroy(gpointer data) {
  delete static_cast<T*>(data);
}

gboolean run_task(gpointer data) {
  guarded([&] { (*static_cast<Executor::Task*>(data))(); });
  return G_SOURCE_REMOVE;
}

gboolean run_timer(gpointer data) {
  guarded([&] { (*static_cast<std::function<void()>*>(data))(); });
  return G_SOURCE_CONTINUE;
}

gboolean run_watch(gint /*fd*/, GIOCondition condition, gpointer data) {
  bool keep = false;
  guarded([&] { keep = (*static_cast<FdWatch::Callback*>(data))(condition); });
  return keep ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

}  // namespace

MainLoop::MainLoop()
    : context_(adopt(g_main_context_new())), loop_(adopt(g_main_loop_new(context_.get(), FALSE))) {}
MainLoop::~MainLoop() = default;

void MainLoop::run() {
  g_main_context_push_thread_default(context_.get());
  g_main_loop_run(loop_.get());
  g_main_context_pop_thread_default(context_.get());
}

void MainLoop::quit() {
  // Posted, so that a quit() before run() is not lost.
  post([loop = loop_.get()] { g_main_loop_quit(loop); });
}

void MainLoop::post(Task task) {
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, run_task, new Task(std::move(task)), destroy<Task>);
  g_source_attach(source, context_.get());
  g_source_unref(source);
}

void MainLoop::post_after(std::chrono::milliseconds delay, Task task) {
  GSource* source = g_timeout_source_new(static_cast<guint>(delay.count()));
  g_source_set_callback(source, run_task, new Task(std::move(task)), destroy<Task>);
  g_source_attach(source, context_.get());
  g_source_unref(source);
}

FdWatch::FdWatch(GMainContext* context, int fd, GIOCondition conditions, Callback callback)
    : source_(g_unix_fd_source_new(fd, conditions)) {
  // The GSource callback type is nominal; GLib calls it with the fd signature.
  g_source_set_callback(source_.get(), reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(run_watch)),
                        new Callback(std::move(callback)), destroy<Callback>);
  // Otherwise GLib takes the descriptor out of its poll() array during each call, for which it wakes itself
  // up twice: two writes, a read and a poll() more than the one event is worth. Nobody turns a loop from
  // inside a watch.
  g_source_set_can_recurse(source_.get(), TRUE);
  g_source_attach(source_.get(), context);
}

Timer::Timer(GMainContext* context, std::chrono::milliseconds interval, std::function<void()> callback)
    : source_(g_timeout_source_new(static_cast<guint>(interval.count()))) {
  g_source_set_callback(source_.get(), run_timer, new std::function<void()>(std::move(callback)),
                        destroy<std::function<void()>>);
  g_source_attach(source_.get(), context);
}

}  // namespace tongke::base::glib
