#include "pipeline/wire/codec.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>

namespace tongke::pipeline::wire {
namespace {

using base::ByteView;
using base::Errc;
using base::Error;
using base::MediaTime;
using base::Result;
using base::SharedBytes;

// One function per message visits its fields in wire order; Writer and Reader both walk it.
template <class Visitor>
void fields(Visitor& v, Open& m) {
  v(m.format), v(m.url), v(m.sdp), v(m.start), v(m.first_msn), v(m.part_ms), v(m.segment_ms),
      v(m.passthrough_only);
  Slate& slate = m.slate;
  v(slate.heading), v(slate.text), v(slate.width), v(slate.height), v(slate.sound), v(slate.sample_rate);
  v(slate.channels), v(slate.owed);
}
template <class Visitor>
void fields(Visitor& v, Input& m) {
  v(m.bytes);
}
template <class Visitor>
void fields(Visitor& /*v*/, Close& /*m*/) {}
template <class Visitor>
void fields(Visitor& v, Track& m) {
  v(m.kind), v(m.codec), v(m.width), v(m.height), v(m.frame_rate), v(m.sample_rate), v(m.channels);
}
template <class Visitor>
void fields(Visitor& v, Init& m) {
  v(m.rendition), v(m.kind), v(m.codecs), v(m.width), v(m.height), v(m.frame_rate), v(m.bytes);
}
template <class Visitor>
void fields(Visitor& v, Part& m) {
  v(m.rendition), v(m.msn), v(m.index), v(m.independent), v(m.ends_segment), v(m.keyframe);
  v(m.start), v(m.duration), v(m.bytes);
}
template <class Visitor>
void fields(Visitor& v, Stats& m) {
  v(m.video_frames), v(m.audio_frames), v(m.dropped_frames), v(m.input_errors), v(m.late_pictures);
}
template <class Visitor>
void fields(Visitor& v, Failure& m) {
  v(m.code), v(m.text);
}
template <class Visitor>
void fields(Visitor& /*v*/, KeyframeRequest& /*m*/) {}
template <class Visitor>
void fields(Visitor& v, Want& m) {
  v(m.rendition), v(m.on);
}
template <class Visitor>
void fields(Visitor& v, Frame& m) {
  v(m.rendition), v(m.kind), v(m.codec), v(m.key), v(m.pts), v(m.duration), v(m.bytes);
}
template <class Visitor>
void fields(Visitor& v, Rtcp& m) {
  v(m.bytes);
}

template <class Visitor>
void fields(Visitor& v, Still& m) {
  v(m.pts), v(m.webp);
}

template <class Visitor>
void fields(Visitor& v, OutputOpen& m) {
  v(m.format), v(m.url), v(m.secret), v(m.rate_bps), v(m.service_name), v(m.layer2), v(m.position),
      v(m.video), v(m.audio);
}
template <class Visitor>
void fields(Visitor& v, OutputStats& m) {
  v(m.connected), v(m.bytes), v(m.late), v(m.dropped_frames), v(m.silent_frames), v(m.underruns);
}
template <class Visitor>
void fields(Visitor& v, Cut& m) {
  v(m.on), v(m.heading), v(m.text);
}

constexpr std::uint8_t max_value(OutputFormat) { return static_cast<std::uint8_t>(OutputFormat::rtmp); }
constexpr std::uint8_t max_value(InputFormat) { return static_cast<std::uint8_t>(InputFormat::slate); }
constexpr std::uint8_t max_value(TrackKind) { return static_cast<std::uint8_t>(TrackKind::audio); }

class Writer {
 public:
  explicit Writer(Encoded& out) : out_(out) {}

  template <class T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      const auto size = static_cast<std::uint16_t>(std::min<std::size_t>(value.size(), UINT16_MAX));
      integer(size);
      out_.head.insert(out_.head.end(), value.begin(), value.begin() + size);
    } else if constexpr (std::is_same_v<T, SharedBytes>) {
      out_.tail = value;
    } else if constexpr (std::is_same_v<T, MediaTime>) {
      integer(static_cast<std::uint64_t>(value.count()));
    } else if constexpr (std::is_same_v<T, double>) {
      integer(std::bit_cast<std::uint64_t>(value));
    } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) {
      integer(static_cast<std::uint8_t>(value));
    } else {
      integer(value);
    }
  }

 private:
  template <class T>
  void integer(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      out_.head.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  Encoded& out_;
};

class Reader {
 public:
  explicit Reader(ByteView body) : body_(body) {}

  template <class T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      const auto size = integer<std::uint16_t>();
      const ByteView text = take(size);
      value.assign(text.begin(), text.end());
    } else if constexpr (std::is_same_v<T, SharedBytes>) {
      const ByteView rest = take(body_.size());
      value = SharedBytes(std::vector<std::uint8_t>(rest.begin(), rest.end()));
    } else if constexpr (std::is_same_v<T, MediaTime>) {
      value = MediaTime(static_cast<std::int64_t>(integer<std::uint64_t>()));
    } else if constexpr (std::is_same_v<T, double>) {
      value = std::bit_cast<double>(integer<std::uint64_t>());
    } else if constexpr (std::is_same_v<T, bool>) {
      const auto byte = integer<std::uint8_t>();
      ok_ = ok_ && byte <= 1;
      value = byte == 1;
    } else if constexpr (std::is_enum_v<T>) {
      const auto byte = integer<std::uint8_t>();
      ok_ = ok_ && byte <= max_value(T{});
      value = static_cast<T>(byte);
    } else {
      value = integer<T>();
    }
  }

  [[nodiscard]] bool complete() const { return ok_ && body_.empty(); }

 private:
  ByteView take(std::size_t size) {
    if (size > body_.size()) {
      ok_ = false;
      size = 0;
    }
    const ByteView taken = body_.first(size);
    body_ = body_.subspan(size);
    return taken;
  }
  template <class T>
  T integer() {
    const ByteView bytes = take(sizeof(T));
    T value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      value = static_cast<T>(value | (static_cast<T>(bytes[i]) << (8 * i)));
    return value;
  }

  ByteView body_;
  bool ok_ = true;
};

template <std::size_t I = 0>
std::optional<Message> decode(std::size_t type, ByteView body) {
  if constexpr (I < std::variant_size_v<Message>) {
    if (type != I) return decode<I + 1>(type, body);
    std::variant_alternative_t<I, Message> message;
    Reader reader(body);
    fields(reader, message);
    if (!reader.complete()) return std::nullopt;
    return message;
  } else {
    return std::nullopt;
  }
}

std::uint32_t body_length(ByteView header) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length |= static_cast<std::uint32_t>(header[i]) << (8 * i);
  return length;
}

}  // namespace

Encoded encode(const Message& message) {
  Encoded out;
  out.head.reserve(96);
  out.head.resize(kHeaderBytes);
  Writer writer(out);
  std::visit([&](auto copy) { fields(writer, copy); }, message);  // copies hold shared bytes: cheap
  const auto length = static_cast<std::uint32_t>(out.size() - kHeaderBytes);
  for (std::size_t i = 0; i < 4; ++i) out.head[i] = static_cast<std::uint8_t>(length >> (8 * i));
  out.head[4] = kVersion;
  out.head[5] = static_cast<std::uint8_t>(message.index());
  return out;
}

Result<void> Decoder::push(ByteView bytes) {
  while (!bytes.empty()) {
    if (header_filled_ < kHeaderBytes) {
      const std::size_t count = std::min(kHeaderBytes - header_filled_, bytes.size());
      std::copy_n(bytes.begin(), count, header_.begin() + static_cast<std::ptrdiff_t>(header_filled_));
      header_filled_ += count;
      bytes = bytes.subspan(count);
      if (header_filled_ < kHeaderBytes) return {};
      body_expected_ = body_length(header_);
      if (header_[4] != kVersion) return Error{Errc::protocol, "wire: version mismatch"};
      if (body_expected_ > kMaxBodyBytes) return Error{Errc::protocol, "wire: message too long"};
      body_.clear();
      // Grows with what really arrives: a lying length costs its sender, not us.
      body_.reserve(std::min(body_expected_, std::max<std::size_t>(bytes.size(), 64U << 10U)));
    }
    const std::size_t count = std::min(body_expected_ - body_.size(), bytes.size());
    body_.insert(body_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (body_.size() < body_expected_) return {};
    if (auto ok = finish(); !ok) return ok;
  }
  // A message without a body is complete with its header.
  if (header_filled_ == kHeaderBytes && body_expected_ == 0) return finish();
  return {};
}

Result<void> Decoder::finish() {
  auto message = decode(header_[5], body_);
  header_filled_ = 0;
  if (!message) return Error{Errc::protocol, "wire: malformed message of type " + std::to_string(header_[5])};
  ready_.push_back(std::move(*message));
  return {};
}

std::optional<Message> Decoder::next() {
  if (taken_ == ready_.size()) {
    ready_.clear();
    taken_ = 0;
    return std::nullopt;
  }
  return std::move(ready_[taken_++]);
}

}  // namespace tongke::pipeline::wire
