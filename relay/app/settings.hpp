#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "school/people/stage.hpp"

namespace tongke::relay::app {

/// Everything the config file can say, with its defaults. One section a struct.
struct Settings {
  struct {
    std::string host;
  } server;
  struct {
    std::string level = "info";
    std::string format = "text";
  } log;
  struct {
    std::string address = "::";
    std::int64_t port = 8080;
    std::int64_t workers = 2;
    std::string public_url;
    std::string tls_certificate;
    std::string tls_key;
    std::string pages;
  } http;
  struct {
    std::string address = "::";
    std::int64_t port = 8081;
    std::int64_t max_connections = 20'000;
  } signaling;
  struct {
    std::string address = "::";
    std::int64_t port = 1935;
    std::int64_t tls_port = 1936;
  } rtmp;
  struct {
    std::string address = "::";
    std::int64_t port = 8890;
    std::chrono::milliseconds latency{120};
  } srt;
  struct {
    std::string address = "::";
    std::int64_t port = 8189;
    std::int64_t workers = 1;
    bool tcp = true;
    std::vector<std::string> public_addresses;
  } webrtc;
  struct {
    std::vector<std::string> pull;
  } rtsp;
  struct {
    std::chrono::milliseconds part{200};
    std::chrono::milliseconds segment{2000};
  } hls;
  struct {
    bool log = false;
    std::string address = "127.0.0.1";
    std::int64_t port = 5514;
    std::vector<std::string> sources;
  } edge;
  struct {
    std::string program;
    std::int64_t nice = 5;
    bool slate = true;
    std::chrono::milliseconds silence{700};
  } pipeline;
  struct Load {
    bool enabled = true;
    std::int64_t budget = 90;
    std::int64_t joins = 100;
    std::vector<std::string> priority = {"9", "12"};
  } load;
  struct {
    bool enabled = true;
    bool ladder = false;
    base::ByteCount min_free{500'000'000};
  } record;
  struct {
    std::string url;
  } store;
  struct {
    std::chrono::milliseconds valid{std::chrono::hours(24 * 30)};
  } links;
  struct Hours {
    std::string zone = "+08:00";
    std::string evening = "18:00-07:30";
    std::chrono::milliseconds cap_low{std::chrono::minutes(60)};
    std::chrono::milliseconds cap_middle{std::chrono::minutes(120)};
    std::chrono::milliseconds cap_junior{std::chrono::minutes(240)};
    std::chrono::milliseconds cap_senior{0};
    std::chrono::milliseconds min_break{std::chrono::minutes(10)};
    std::int64_t few_pupils = 6;
    bool open_lessons = true;
  } hours;
  struct {
    std::string eye_exercises;
  } channel;
  struct Tickets {
    std::chrono::milliseconds to_office{std::chrono::hours(24)};
    std::chrono::milliseconds to_principal{std::chrono::hours(24)};
  } tickets;
  struct Retention {
    std::string officer;
    std::string term_end;
    std::string time = "03:30";
    std::chrono::milliseconds media{std::chrono::hours(24 * 30)};
    std::string graduation_until;
    std::chrono::milliseconds presence_after_term{std::chrono::hours(24 * 30)};
    std::chrono::milliseconds help{std::chrono::hours(24 * 30)};
    std::chrono::milliseconds access{std::chrono::hours(24 * 180)};
    std::chrono::milliseconds spot_checks{std::chrono::hours(24 * 180)};
  } retention;
  struct Outward {
    std::vector<std::string> receivers;
    std::vector<std::string> secrets;
    std::chrono::milliseconds ahead{std::chrono::minutes(10)};
    std::chrono::milliseconds patience{std::chrono::seconds(30)};
  } outward;

  struct Outputs {
    std::vector<std::string> destinations;
    std::vector<std::string> keys;
  } outputs;

  /// Declares every key; the schema points into `settings`, which must stay where it is.
  [[nodiscard]] static base::ConfigSchema schema(Settings& settings);
};

/// Defaults, then the file (if any), then the environment.
/// @errors invalid: names file, line and key; io: the file cannot be read
[[nodiscard]] base::Result<void> load_settings(Settings& settings, const std::string& file);

/// Whether pages come by TLS, here or at a proxy: then cookies go by nothing else.
[[nodiscard]] bool is_secure(const Settings& settings);

/// "9": a grade, 1 to 12, as `load.priority` has it.
[[nodiscard]] std::optional<school::people::Grade> grade_of(const std::string& line);

[[nodiscard]] base::log::Level log_level(const Settings& settings);

}  // namespace tongke::relay::app
