#include "pipeline/worker/demo/command.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "pipeline/worker/demo/lesson.hpp"
#include "pipeline/worker/demo/publisher.hpp"
#include "pipeline/worker/demo/voice.hpp"

namespace tongke::pipeline::worker::demo {
namespace {

using namespace std::chrono_literals;
using base::Steady;

constexpr int kWidth = 1280;
constexpr int kHeight = 720;
constexpr std::chrono::milliseconds kFirstBackOff = 500ms;
constexpr std::chrono::milliseconds kLongestBackOff = 5s;

std::atomic<bool> g_stop{false};

void on_signal(int) { g_stop = true; }

/// The lesson itself, which goes on whether or not somebody is connected.
class Teacher {
 public:
  /// Publishes in real time until the connection fails or the demo is stopped.
  base::Result<void> teach(Publisher& publisher) {
    std::array<float, Publisher::kAudioFrameSamples> samples{};
    std::int64_t position = 0;
    const auto begin = Steady::now();
    const double before = taught_;
    for (std::int64_t frame = 0; !g_stop; ++frame) {
      const double time = static_cast<double>(frame) / Publisher::kFramesPerSecond;
      std::this_thread::sleep_until(
          begin + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(time)));
      taught_ = before + time;
      lesson_.show(board_, taught_);
      if (auto ok = publisher.video(board_.picture(), frame); !ok) return ok;
      while (static_cast<double>(position) / Publisher::kSampleRate <= time) {
        voice_.speak(samples);
        if (auto ok = publisher.audio(samples, position); !ok) return ok;
        position += Publisher::kAudioFrameSamples;
      }
    }
    return {};
  }

 private:
  Board board_{kWidth, kHeight};
  Lesson lesson_;
  Voice voice_{Publisher::kSampleRate};
  double taught_ = 0;
};

void rest(std::chrono::milliseconds span) {
  const auto until = Steady::now() + span;
  while (!g_stop && Steady::now() < until) std::this_thread::sleep_for(50ms);
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  std::string url;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--url" && i + 1 < arguments.size()) {
      url = arguments[++i];
    } else if (arguments[i] == "--with-parent") {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
    } else {
      url.clear();
      break;
    }
  }
  if (url.empty()) {
    std::fputs("tongke-pipeline demo: --url rtmp://HOST/live/LESSON?key=KEY is needed\n", stderr);
    return 2;
  }
  std::signal(SIGTERM, on_signal);
  std::signal(SIGINT, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  av::route_log();
  Teacher teacher;
  std::chrono::milliseconds back_off = kFirstBackOff;
  while (!g_stop) {
    auto publisher = Publisher::connect(url, kWidth, kHeight, g_stop);
    if (publisher) {
      base::log::info("demo lesson on air");
      back_off = kFirstBackOff;
      const auto taught = teacher.teach(**publisher);
      if (!taught && !g_stop) base::log::warn("demo lesson interrupted", {{"error", taught.error().message}});
    } else if (publisher.error().kind != base::Errc::unavailable) {
      base::log::error("demo lesson impossible", {{"error", publisher.error().message}});
      return 1;
    }
    if (g_stop) break;
    rest(back_off);
    back_off = std::min(back_off * 2, kLongestBackOff);
  }
  return 0;
}

}  // namespace tongke::pipeline::worker::demo
