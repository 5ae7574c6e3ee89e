#include "relay/output/destination.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/config.hpp"
#include "base/config_line.hpp"

namespace tongke::relay::output {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using pipeline::wire::OutputFormat;
using namespace std::chrono_literals;

constexpr std::size_t kMaxAddress = 1000;
constexpr std::size_t kMaxKey = 1000;
constexpr std::size_t kMinPassphrase = 10;
constexpr std::size_t kMaxPassphrase = 64;
constexpr std::size_t kMaxServiceName = 60;  // of an SDT descriptor's 255 bytes
constexpr std::uint32_t kDefaultRate = 5'000'000;
constexpr std::uint32_t kMinRate = 500'000;
constexpr std::uint32_t kMaxRate = 40'000'000;
constexpr auto kTsDelay = 30s;
constexpr auto kRtmpDelay = 3s;
/// Below it parts of the lesson are not there yet when they are due.
constexpr auto kMinDelay = 2s;
constexpr auto kMaxDelay = 2min;

Error wrong(std::string message) { return Error{Errc::invalid, std::move(message)}; }

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// What may be said of a transport beside its address. Listening or reading files is none of it.
bool is_parameter(std::string_view scheme, std::string_view pair) {
  const std::string_view name = pair.substr(0, pair.find('='));
  if (scheme == "udp") return name == "ttl" || name == "localaddr";
  if (scheme == "srt") return name == "streamid" || name == "pbkeylen";
  return false;
}

Result<void> check_parameters(std::string_view scheme, std::string_view query) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    if (!is_parameter(scheme, query.substr(0, end)))
      return wrong("after ? an address may have ttl and localaddr (udp), or streamid and pbkeylen (srt)");
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

Result<void> check_address(std::string_view url, OutputFormat format) {
  const bool ts = format == OutputFormat::mpegts;
  const std::size_t colon = url.find("://");
  const std::string_view scheme = url.substr(0, std::min(colon, url.size()));
  if (ts ? scheme != "udp" && scheme != "srt" : scheme != "rtmp" && scheme != "rtmps")
    return wrong(ts ? "the address must begin with udp:// or srt://"
                    : "the address must begin with rtmps:// or rtmp://");
  if (!is_printable(url) || url.size() > kMaxAddress) return wrong("the address has spaces or is too long");
  const std::string_view rest = url.substr(colon + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty() || authority.starts_with(':') || authority.find('@') != std::string_view::npos)
    return wrong("the address needs a host, and neither a user nor a password");
  if (!ts) return {};
  const std::size_t port = authority.rfind(':');
  if (port == std::string_view::npos || authority.find(']', port) != std::string_view::npos ||
      !std::ranges::all_of(authority.substr(port + 1), [](char c) { return c >= '0' && c <= '9'; }))
    return wrong("the address needs a port");
  const std::size_t question = rest.find('?');
  return question == std::string_view::npos ? Result<void>()
                                            : check_parameters(scheme, rest.substr(question + 1));
}

/// "5M", "4500k".
Result<std::uint32_t> rate_from(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::uint64_t scaled = unit == "M"   ? std::uint64_t{value} * 1'000'000
                               : unit == "k" ? std::uint64_t{value} * 1'000
                                             : 0;
  if (code != std::errc() || scaled < kMinRate || scaled > kMaxRate)
    return wrong("rate= is what all packets have together, such as 5M or 4500k: 500k to 40M");
  return static_cast<std::uint32_t>(scaled);
}

Result<void> take_option(Destination& destination, std::string_view option) {
  const bool ts = destination.format == OutputFormat::mpegts;
  const std::string_view value = option.substr(std::min(option.find('=') + 1, option.size()));
  if (option.starts_with("delay=")) {
    const auto delay = base::parse_duration(value);
    if (!delay || *delay < kMinDelay || *delay > kMaxDelay) return wrong("delay= goes from 2s to 2m");
    destination.delay = *delay;
  } else if (ts && option.starts_with("rate=")) {
    const auto rate = rate_from(value);
    if (!rate) return rate.error();
    destination.rate_bps = *rate;
  } else if (ts && option.starts_with("name=") && !value.empty() && value.size() <= kMaxServiceName) {
    destination.service_name = value;
  } else if (ts && (option == "audio=mp2" || option == "audio=aac")) {
    destination.layer2 = value == "mp2";
  } else {
    return wrong(ts ? "options are rate=…, name=… (up to 60 bytes), audio=mp2 and delay=…"
                    : "the only option is delay=…");
  }
  return {};
}

}  // namespace

Result<Destination> destination_from(std::string_view line) {
  const auto cells = base::cells_of(line);
  if (cells.size() < 3) return wrong("must be \"name | ts or rtmp | address | options…\"");
  Destination destination;
  if (!base::is_config_name(cells[0]))
    return wrong("a destination's name has letters, digits, - and _ only, 32 at most");
  destination.name = cells[0];
  if (cells[1] != "ts" && cells[1] != "rtmp") return wrong(destination.name + ": must be ts or rtmp");
  const bool ts = cells[1] == "ts";
  destination.format = ts ? OutputFormat::mpegts : OutputFormat::rtmp;
  destination.rate_bps = ts ? kDefaultRate : 0;
  destination.service_name = ts ? destination.name : "";
  destination.delay = ts ? kTsDelay : kRtmpDelay;
  if (auto fine = check_address(cells[2], destination.format); !fine)
    return Error(fine.error()).in(destination.name);
  destination.url = cells[2];
  for (std::size_t i = 3; i < cells.size(); ++i) {
    if (auto fine = take_option(destination, cells[i]); !fine)
      return Error(fine.error()).in(destination.name);
  }
  return destination;
}

Result<void> check_key(std::string_view key) {
  if (key.empty() || key.size() > kMaxKey || !is_printable(key))
    return Error{Errc::invalid, "a key has 1 to 1000 printable characters without spaces", "key"};
  return {};
}

Result<Key> key_from(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || !base::is_config_name(line.substr(0, equals)))
    return wrong("must be \"name=key\", with the name of a destination");
  Key key{.destination = std::string(line.substr(0, equals)), .value = std::string(line.substr(equals + 1))};
  if (auto fine = check_key(key.value); !fine) return wrong(key.destination + ": " + fine.error().message);
  return key;
}

Result<std::vector<Destination>> destinations_from(const std::vector<std::string>& lines,
                                                   const std::vector<std::string>& keys) {
  std::map<std::string, std::string> by_name;
  for (const auto& line : keys) {
    auto key = key_from(line);
    if (!key) return std::move(key).error().in("outputs.keys");
    if (!by_name.emplace(key->destination, key->value).second)
      return wrong("outputs.keys: " + key->destination + ": has two");
  }
  std::vector<Destination> destinations;
  for (const auto& line : lines) {
    auto destination = destination_from(line);
    if (!destination) return std::move(destination).error().in("outputs.destinations");
    if (std::ranges::find(destinations, destination->name, &Destination::name) != destinations.end())
      return wrong("outputs.destinations: " + destination->name + ": is there twice");
    if (auto key = by_name.extract(destination->name)) destination->key = std::move(key.mapped());
    if (destination->url.starts_with("udp:") && !destination->key.empty())
      return wrong("outputs.keys: " + destination->name + ": UDP knows no key");
    if (destination->url.starts_with("srt:") && !destination->key.empty() &&
        (destination->key.size() < kMinPassphrase || destination->key.size() > kMaxPassphrase))
      return wrong("outputs.keys: " + destination->name + ": an SRT passphrase has 10 to 64 characters");
    destinations.push_back(std::move(*destination));
  }
  if (!by_name.empty())
    return wrong("outputs.keys: " + by_name.begin()->first + ": there is no destination of that name");
  return destinations;
}

}  // namespace tongke::relay::output
