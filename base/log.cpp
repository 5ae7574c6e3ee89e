#include "base/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>

namespace tongke::base::log {
namespace {

constexpr std::size_t kQueueLines = 8192;
std::atomic<bool> g_json{false};

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
}

bool needs_quotes(std::string_view text) {
  return text.empty() || text.find_first_of(" \"\\=\n\r\t") != std::string_view::npos ||
         text.find_first_of('\x7f') != std::string_view::npos;
}

std::string as_text_line(std::string_view message, Fields fields) {
  std::string line;
  append_escaped(line, message);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    const bool quote = needs_quotes(field.value);
    if (quote) line += '"';
    append_escaped(line, field.value);
    if (quote) line += '"';
  }
  return line;
}

std::string as_json_members(std::string_view message, Fields fields) {
  std::string line = "\"msg\":\"";
  append_escaped(line, message);
  line += '"';
  for (const Field& field : fields) {
    line += ",\"";
    line += field.key;
    line += "\":\"";
    append_escaped(line, field.value);
    line += '"';
  }
  return line;
}

void apply_pattern(spdlog::logger& logger) {
  if (g_json) {
    logger.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})");
  } else {
    logger.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%-5l%$ %v");
  }
}

std::shared_ptr<spdlog::logger> synchronous() {
  return std::make_shared<spdlog::logger>("tongke", std::make_shared<spdlog::sinks::stderr_sink_mt>());
}

/// The logger now in use. spdlog's own default would write to standard output, which programs read.
spdlog::logger* ours() {
  static const bool installed = [] {
    auto logger = synchronous();
    apply_pattern(*logger);
    spdlog::set_default_logger(std::move(logger));
    return true;
  }();
  return installed ? spdlog::default_logger_raw() : nullptr;
}

void write(spdlog::level::level_enum level, std::string_view message, Fields fields) {
  auto* logger = ours();
  if (!logger || !logger->should_log(level)) return;
  const std::string line = g_json.load(std::memory_order_relaxed) ? as_json_members(message, fields)
                                                                  : as_text_line(message, fields);
  logger->log(level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

void start(Level level, Format format) {
  ours();
  g_json = format == Format::json;
  spdlog::init_thread_pool(kQueueLines, 1);
  auto logger = std::make_shared<spdlog::async_logger>(
      "tongke", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
      spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(to_spdlog(level));
  apply_pattern(*logger);
  spdlog::set_default_logger(std::move(logger));
}

void stop() {
  spdlog::shutdown();  // joins the log thread after it has drained
  spdlog::set_default_logger(synchronous());
  apply_pattern(*spdlog::default_logger_raw());
}

void set_level(Level level) { ours()->set_level(to_spdlog(level)); }

void debug(std::string_view message, Fields fields) { write(spdlog::level::debug, message, fields); }
void info(std::string_view message, Fields fields) { write(spdlog::level::info, message, fields); }
void warn(std::string_view message, Fields fields) { write(spdlog::level::warn, message, fields); }
void error(std::string_view message, Fields fields) { write(spdlog::level::err, message, fields); }

}  // namespace tongke::base::log
