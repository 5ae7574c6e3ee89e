#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"
#include "base/result.hpp"

namespace tongke::relay::hls {

/// What a stretch of MPEG-TS is made of: files of CMAF, each as pieces that follow each other; or words.
struct TsInput {
  using File = std::vector<base::SharedBytes>;
  /// What a channel shows between two lessons.
  struct Rest {
    std::string heading;
    std::string text;
    bool second = false;  ///< which half of the eight seconds
  };
  std::vector<File> video = {};
  std::vector<File> audio = {};
  std::optional<Rest> rest = {};
};

/// Makes stretches by pipeline children, a few at a time, and keeps the newest: a class of old
/// televisions costs one child every four seconds.
class TsMaker : public std::enable_shared_from_this<TsMaker> {
 public:
  struct Options {
    std::string pipeline;  ///< path of tongke-pipeline
    int nice = 5;
    std::size_t at_once = 2;
    std::size_t waiting = 64;  ///< more are refused
    std::size_t kept_bytes = std::size_t{24} << 20U;
    std::chrono::milliseconds deadline{10'000};
  };
  /// Called once, on control.
  using Done = std::function<void(const base::Result<base::SharedBytes>&)>;

  TsMaker(base::glib::MainLoop& control, Options options);
  ~TsMaker();
  TsMaker(const TsMaker&) = delete;
  TsMaker& operator=(const TsMaker&) = delete;

  /// @param key  names what `input` holds; the same key is made once
  /// @thread any   @errors overload, unavailable, timeout, internal
  void make(std::string key, TsInput input, Done done);

 private:
  struct Job;
  struct Kept {
    std::string key;
    base::SharedBytes bytes;
  };
  void request(std::string key, TsInput input, Done done);
  void start_next();
  [[nodiscard]] base::Result<void> spawn(Job& job);
  void finish(const std::string& key, base::Result<base::SharedBytes> result);
  void keep(const std::string& key, const base::SharedBytes& bytes);

  // ---- on control ----
  base::glib::MainLoop& control_;
  const Options options_;
  std::list<std::shared_ptr<Job>> jobs_;  ///< running ones first
  std::size_t running_ = 0;
  std::list<Kept> kept_;  ///< most lately used first
  std::size_t kept_bytes_ = 0;
};

}  // namespace tongke::relay::hls
