#include "relay/webrtc/sdp.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace tongke::relay::webrtc::sdp {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kMaxLine = 4096;
constexpr std::size_t kMaxMedia = 16;
constexpr std::size_t kMaxCodecs = 96;
constexpr std::size_t kMaxFeedback = 16;
constexpr std::size_t kMaxExtensions = 48;
constexpr std::size_t kMaxRids = 8;
constexpr std::size_t kMaxSsrcs = 64;
constexpr std::size_t kMaxCandidates = 64;
constexpr std::size_t kMaxUfrag = 256;

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }
char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}
bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// Takes the text up to `separator` off `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const auto word = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return word;
}

/// What may stand in our answer, a log line or a map: no control bytes, quotes or spaces.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kMaxUfrag &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '"'; });
}

/// Iterates over the lines of a description.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {
    while (!rest_.empty()) {
      ++number_;
      auto line = take(rest_, '\n');
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (!line.empty()) return line;
    }
    return std::nullopt;
  }
  [[nodiscard]] Error wrong(std::string_view what) const {
    return {Errc::invalid, "SDP line " + std::to_string(number_) + ": " + std::string(what)};
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// "m=video 9 UDP/TLS/RTP/SAVPF 96 97"
const char* read_media_line(std::string_view value, Media& media) {
  const auto kind = take(value, ' ');
  auto port_text = take(value, ' ');
  const auto port = number<std::uint16_t>(take(port_text, '/'));
  const auto protocol = take(value, ' ');
  if (!is_token(kind) || !port || !is_token(protocol)) return "malformed m-line";
  media.kind = kind;
  media.port = *port;
  media.protocol = protocol;
  while (!value.empty()) {
    const auto format = take(value, ' ');
    if (!is_token(format) || media.formats.size() >= kMaxCodecs) return "malformed formats in m-line";
    media.formats.emplace_back(format);
  }
  return nullptr;
}

Codec* find_codec(Media& media, std::string_view payload_type) {
  const auto wanted = number<unsigned>(payload_type);
  const auto found = std::ranges::find_if(
      media.codecs, [&](const auto& codec) { return wanted && codec.payload_type == *wanted; });
  return found == media.codecs.end() ? nullptr : &*found;
}

/// "96 H264/90000" or "111 opus/48000/2"
const char* read_rtpmap(std::string_view value, Media& media) {
  const auto payload_type = number<unsigned>(take(value, ' '));
  const auto name = take(value, '/');
  const auto clock = number<std::uint32_t>(take(value, '/'));
  if (!payload_type || *payload_type > 127 || !is_token(name) || !clock) return "malformed rtpmap";
  if (media.codecs.size() >= kMaxCodecs) return "too many codecs";
  if (media.codec(static_cast<std::uint8_t>(*payload_type))) return "payload type mapped twice";
  media.codecs.push_back({.payload_type = static_cast<std::uint8_t>(*payload_type),
                          .name = lower(name),
                          .clock = *clock,
                          .channels = value.empty() ? 1 : number<std::uint32_t>(value).value_or(1),
                          .format = {},
                          .feedback = {}});
  return nullptr;
}

/// "4 urn:…" or "4/sendonly urn:…"
const char* read_extmap(std::string_view value, Media& media) {
  auto id_text = take(value, ' ');
  const auto id = number<unsigned>(take(id_text, '/'));
  const auto uri = take(value, ' ');
  if (!id || *id == 0 || *id > 255 || !is_token(uri)) return "malformed extmap";
  if (media.extensions.size() >= kMaxExtensions) return "too many header extensions";
  media.extensions.push_back({static_cast<std::uint8_t>(*id), std::string(uri)});
  return nullptr;
}

const char* read_rid(std::string_view value, Media& media) {
  const auto id = take(value, ' ');
  const auto direction = take(value, ' ');
  if (!is_token(id) || (direction != "send" && direction != "recv")) return "malformed rid";
  if (media.rids.size() >= kMaxRids) return "too many rids";
  media.rids.push_back({std::string(id), direction == "send"});
  return nullptr;
}

/// "send h;m;l" or "send h,x;~l recv …": alternatives but the first are dropped.
const char* read_simulcast(std::string_view value, Media& media) {
  while (!value.empty()) {
    const auto direction = take(value, ' ');
    auto streams = take(value, ' ');
    if (direction != "send" && direction != "recv") return "malformed simulcast";
    while (direction == "send" && !streams.empty()) {
      auto alternatives = take(streams, ';');
      auto rid = take(alternatives, ',');
      if (rid.starts_with('~')) rid.remove_prefix(1);
      if (!is_token(rid) || media.simulcast_send.size() >= kMaxRids) return "malformed simulcast";
      media.simulcast_send.emplace_back(rid);
    }
  }
  return nullptr;
}

const char* read_ssrc(std::string_view value, Media& media) {
  const auto ssrc = number<std::uint32_t>(take(value, ' '));
  if (!ssrc) return "malformed ssrc";
  if (std::ranges::find(media.ssrcs, *ssrc) != media.ssrcs.end()) return nullptr;
  if (media.ssrcs.size() >= kMaxSsrcs) return "too many ssrcs";
  media.ssrcs.push_back(*ssrc);
  return nullptr;
}

const char* read_ssrc_group(std::string_view value, Media& media) {
  if (take(value, ' ') != "FID") return nullptr;
  const auto primary = number<std::uint32_t>(take(value, ' '));
  const auto repair = number<std::uint32_t>(take(value, ' '));
  if (!primary || !repair || media.rtx_of.size() >= kMaxSsrcs) return "malformed ssrc-group";
  media.rtx_of.emplace_back(*primary, *repair);
  return nullptr;
}

/// "111 transport-cc", or "* nack" for every payload type.
const char* read_feedback(std::string_view value, Media& media) {
  const auto payload_type = take(value, ' ');
  if (value.empty() || value.size() > 64) return "malformed rtcp-fb";
  for (auto& codec : media.codecs) {
    if (payload_type != "*" && number<unsigned>(payload_type) != codec.payload_type) continue;
    if (codec.feedback.size() < kMaxFeedback) codec.feedback.push_back(lower(value));
  }
  return nullptr;
}

/// "sha-256 ab:cd" as "sha-256 AB:CD"; empty when malformed.
std::string read_fingerprint(std::string_view value) {
  std::string out = lower(take(value, ' '));
  const bool hex = !value.empty() && value.size() <= 191 && std::ranges::all_of(value, [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':';
  });
  if (!is_token(out) || !hex) return {};
  out += ' ';
  std::ranges::transform(value, std::back_inserter(out), [](char c) { return upper(c); });
  return out;
}

/// @return handled, and what is wrong with it
std::pair<bool, const char*> read_security(std::string_view name, std::string_view value,
                                           Security& security) {
  if (name == "ice-ufrag" || name == "ice-pwd") {
    // RFC 8839 section 5.4: 4 to 256 and 22 to 256 characters.
    const std::size_t least = name == "ice-ufrag" ? 4 : 22;
    if (!is_token(value) || value.size() < least) return {true, "malformed ICE credentials"};
    (name == "ice-ufrag" ? security.ufrag : security.password) = value;
  } else if (name == "fingerprint") {
    auto fingerprint = read_fingerprint(value);
    if (fingerprint.empty()) return {true, "malformed fingerprint"};
    // Of several, the one everybody can check.
    if (security.fingerprint.empty() || fingerprint.starts_with("sha-256 "))
      security.fingerprint = std::move(fingerprint);
  } else if (name == "setup") {
    if (value != "actpass" && value != "active" && value != "passive") return {true, "unknown setup"};
    security.setup = value;
  } else {
    return {false, nullptr};
  }
  return {true, nullptr};
}

const char* read_mid(std::string_view value, Media& media) {
  if (!is_token(value) || value.size() > 32) return "malformed mid";
  media.mid = value;
  return nullptr;
}

const char* read_format(std::string_view value, Media& media) {
  auto* codec = find_codec(media, take(value, ' '));
  if (codec) codec->format = value;
  return nullptr;
}

const char* read_candidate(std::string_view value, Media& media) {
  if (media.candidates.size() < kMaxCandidates) media.candidates.emplace_back(value);
  return nullptr;
}

struct Rule {
  std::string_view name;
  const char* (*read)(std::string_view value, Media& media);
};
constexpr std::array kRules{
    Rule{"mid", read_mid},
    Rule{"rtpmap", read_rtpmap},
    Rule{"fmtp", read_format},
    Rule{"rtcp-fb", read_feedback},
    Rule{"extmap", read_extmap},
    Rule{"rid", read_rid},
    Rule{"simulcast", read_simulcast},
    Rule{"ssrc", read_ssrc},
    Rule{"ssrc-group", read_ssrc_group},
    Rule{"candidate", read_candidate},
};

/// @return what is wrong with a media-level attribute
const char* read_attribute(std::string_view name, std::string_view value, Media& media) {
  if (const auto [handled, wrong] = read_security(name, value, media.security); handled) return wrong;
  if (const auto rule = std::ranges::find(kRules, name, &Rule::name); rule != kRules.end())
    return rule->read(value, media);
  if (name == "rtcp-mux") media.rtcp_mux = true;
  if (name == "rtcp-rsize") media.rtcp_rsize = true;
  if (name == "bundle-only") media.bundle_only = true;
  if (name == "sendrecv") media.direction = Direction::sendrecv;
  if (name == "sendonly") media.direction = Direction::sendonly;
  if (name == "recvonly") media.direction = Direction::recvonly;
  if (name == "inactive") media.direction = Direction::inactive;
  return nullptr;
}

const char* read_session_attribute(std::string_view name, std::string_view value, Description& description) {
  if (const auto [handled, wrong] = read_security(name, value, description.security); handled) return wrong;
  if (name == "ice-lite") description.ice_lite = true;
  if (name == "group" && take(value, ' ') == "BUNDLE" && description.bundle.empty()) {
    while (!value.empty()) {
      if (description.bundle.size() >= kMaxMedia) return "too many mids in BUNDLE";
      description.bundle.emplace_back(take(value, ' '));
    }
  }
  return nullptr;
}

/// What an m-line does not say, the session says for it; codecs in the m-line's order.
void inherit(Description& description) {
  for (auto& media : description.media) {
    auto& own = media.security;
    const auto& all = description.security;
    if (own.ufrag.empty()) own.ufrag = all.ufrag;
    if (own.password.empty()) own.password = all.password;
    if (own.fingerprint.empty()) own.fingerprint = all.fingerprint;
    if (own.setup.empty()) own.setup = all.setup;
    std::ranges::stable_sort(media.codecs, {}, [&](const Codec& codec) {
      return std::ranges::find(media.formats, std::to_string(codec.payload_type)) - media.formats.begin();
    });
    std::erase_if(media.codecs, [&](const Codec& codec) {
      return std::ranges::find(media.formats, std::to_string(codec.payload_type)) == media.formats.end();
    });
  }
}

}  // namespace

std::optional<std::string_view> Codec::parameter(std::string_view wanted) const {
  std::string_view rest = format;
  while (!rest.empty()) {
    auto value = take(rest, ';');
    while (value.starts_with(' ')) value.remove_prefix(1);
    const auto key = take(value, '=');
    if (same(key, wanted)) return value;
  }
  return std::nullopt;
}

bool Codec::has_feedback(std::string_view kind) const {
  return std::ranges::find(feedback, kind) != feedback.end();
}

const Codec* Media::codec(std::uint8_t payload_type) const {
  const auto found = std::ranges::find(codecs, payload_type, &Codec::payload_type);
  return found == codecs.end() ? nullptr : &*found;
}

std::uint8_t Media::extension(std::string_view uri) const {
  const auto found = std::ranges::find(extensions, uri, &Extension::uri);
  return found == extensions.end() ? 0 : found->id;
}

Result<Description> parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Error{Errc::invalid, "SDP is too long"};
  Lines lines(text);
  Description description;
  bool first = true;
  while (const auto line = lines.next()) {
    if (line->size() < 2 || (*line)[1] != '=' || line->size() > kMaxLine)
      return lines.wrong("not a \"type=value\" line");
    const char type = (*line)[0];
    std::string_view value = line->substr(2);
    if (std::exchange(first, false) && *line != "v=0") return lines.wrong("does not begin with v=0");
    const char* wrong = nullptr;
    if (type == 'm') {
      if (description.media.size() >= kMaxMedia) return lines.wrong("too many m-lines");
      wrong = read_media_line(value, description.media.emplace_back());
    } else if (type == 'a') {
      const auto name = take(value, ':');
      wrong = description.media.empty() ? read_session_attribute(name, value, description)
                                        : read_attribute(name, value, description.media.back());
    }
    if (wrong) return lines.wrong(wrong);
  }
  if (description.media.empty()) return Error{Errc::invalid, "SDP without an m-line"};
  inherit(description);
  return description;
}

Result<Fragment> parse_fragment(std::string_view text) {
  if (text.size() > kMaxBytes) return Error{Errc::invalid, "SDP fragment is too long"};
  Lines lines(text);
  Fragment fragment;
  while (const auto line = lines.next()) {
    if (line->size() < 2 || (*line)[1] != '=' || line->size() > kMaxLine)
      return lines.wrong("not a \"type=value\" line");
    if ((*line)[0] != 'a') continue;
    std::string_view value = line->substr(2);
    const auto name = take(value, ':');
    Security security{fragment.ufrag, fragment.password, fragment.fingerprint, {}};
    if (const auto [handled, wrong] = read_security(name, value, security); wrong) return lines.wrong(wrong);
    fragment.ufrag = std::move(security.ufrag);
    fragment.password = std::move(security.password);
    fragment.fingerprint = std::move(security.fingerprint);
    if (name == "candidate" && fragment.candidates.size() < kMaxCandidates)
      fragment.candidates.emplace_back(value);
    if (name == "end-of-candidates") fragment.end_of_candidates = true;
  }
  return fragment;
}

}  // namespace tongke::relay::webrtc::sdp
