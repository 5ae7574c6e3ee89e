#include "relay/app/serve.hpp"

#include <glib-unix.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "relay/app/banner.hpp"
#include "relay/app/server.hpp"

namespace tongke::relay::app {
namespace {

using base::Result;
namespace log = base::log;

/// Calls back on the control thread when the process gets a signal.
class SignalWatch {
 public:
  SignalWatch(GMainContext* context, int signal, std::function<void()> callback)
      : callback_(std::move(callback)), source_(g_unix_signal_source_new(signal)) {
    g_source_set_callback(
        source_.get(),
        [](gpointer self) -> gboolean {
          static_cast<SignalWatch*>(self)->callback_();
          return G_SOURCE_CONTINUE;
        },
        this, nullptr);
    g_source_attach(source_.get(), context);
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  std::function<void()> callback_;
  base::glib::Handle<GSource> source_;
};

void announce(const Server& server, const Settings& settings, const ServeOptions& options) {
  if (options.json) {
    const auto ports = server.ports();
    nlohmann::json ready = {{"event", "ready"}, {"http", ports.http},     {"rtmp", ports.rtmp},
                            {"srt", ports.srt}, {"signal", ports.signal}, {"webrtc", ports.webrtc}};
    if (ports.edge != 0) ready["edge"] = ports.edge;
    if (ports.rtmps != 0) ready["rtmps"] = ports.rtmps;
    const DemoLinks& demo = server.demo();
    if (!demo.watch.empty()) ready["demo"] = server.addresses().watch(demo.watch);
    if (!demo.desk.empty()) ready["desk"] = server.addresses().desk(demo.desk);
    if (!demo.studio.empty()) ready["studio"] = server.addresses().studio(demo.studio);
    std::cout << ready.dump() << std::endl;
  } else {
    std::cout << banner(server.addresses(), settings, options.data, server.demo()) << std::flush;
  }
}

/// Each viewer is an open file: as many as the system lets us have.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

void reload(Server& server, const std::string& config) {
  Settings fresh;
  if (auto loaded = load_settings(fresh, config); !loaded) {
    log::error("configuration not reloaded; the old one stays", {{"why", loaded.error().message}});
    return;
  }
  server.reload(fresh);
}

}  // namespace

Result<void> serve(const ServeOptions& options) {
  Settings settings;
  if (auto loaded = load_settings(settings, options.config); !loaded) return loaded;
  auto data = DataDir::open(options.data);
  if (!data) return std::move(data).error();
  // A viewer that hangs up mid-answer must not take the server with it.
  std::signal(SIGPIPE, SIG_IGN);
  allow_many_files();
  log::start(log_level(settings), settings.log.format == "json" ? log::Format::json : log::Format::text);

  base::glib::MainLoop control;
  auto server = Server::create(settings, std::move(*data), control);
  Result<void> result = server ? (*server)->start(options.demo) : Result<void>(server.error());
  if (result) {
    bool stopping = false;
    const auto stop = [&] {
      if (std::exchange(stopping, true)) return;
      (*server)->stop([&] { control.quit(); });
    };
    const SignalWatch interrupted(control.context(), SIGINT, stop);
    const SignalWatch terminated(control.context(), SIGTERM, stop);
    const SignalWatch hung_up(control.context(), SIGHUP, [&] { reload(**server, options.config); });
    announce(**server, settings, options);
    control.run();
    server->reset();
    log::info("stopped");
  }
  log::stop();
  return result;
}

}  // namespace tongke::relay::app
