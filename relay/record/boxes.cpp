#include "relay/record/boxes.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace tongke::relay::record {
namespace {

// A moof describes at most a segment's samples; more is not ours.
constexpr std::uint64_t kMaxMoof = 1U << 20U;
constexpr std::uint32_t kNonSync = 0x00010000;  // sample_is_non_sync_sample, 8.8.3.1

constexpr std::uint32_t fourcc(const char (&name)[5]) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(name[0])) << 24U |
         static_cast<std::uint32_t>(static_cast<unsigned char>(name[1])) << 16U |
         static_cast<std::uint32_t>(static_cast<unsigned char>(name[2])) << 8U |
         static_cast<std::uint32_t>(static_cast<unsigned char>(name[3]));
}

// Big-endian reader that turns sour, and then reads zeros, when it runs out.
class Cursor {
 public:
  explicit Cursor(base::ByteView bytes) : bytes_(bytes) {}

  std::uint64_t number(std::size_t width) {
    if (bytes_.size() < width) {
      good_ = false;
      bytes_ = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | bytes_[i];
    bytes_ = bytes_.subspan(width);
    return value;
  }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  void skip(std::size_t n) {
    if (n > bytes_.size()) good_ = false;
    bytes_ = bytes_.subspan(std::min(n, bytes_.size()));
  }
  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size(); }

 private:
  base::ByteView bytes_;
  bool good_ = true;
};

struct Header {
  std::uint32_t type = 0;
  std::uint64_t size = 0;  // whole box
  std::uint64_t head = 0;  // of which header
};

// `room`: bytes up to the end of what may be read. A box "to the end of the file" (size 0)
// is refused: nobody who appends writes one.
std::optional<Header> parse_header(base::ByteView bytes, std::uint64_t room) {
  Cursor in(bytes);
  Header header;
  header.size = in.u32();
  header.type = in.u32();
  header.head = 8;
  if (header.size == 1) {
    header.size = in.number(8);
    header.head = 16;
  }
  if (!in.good() || header.size < header.head || header.size > room) return std::nullopt;
  return header;
}

struct Box {
  std::uint32_t type = 0;
  base::ByteView body;
};

// Next child box; shortens `rest`.
std::optional<Box> next_box(base::ByteView& rest) {
  const auto header = parse_header(rest, rest.size());
  if (!header) return std::nullopt;
  const Box box{header->type, rest.subspan(header->head, header->size - header->head)};
  rest = rest.subspan(header->size);
  return box;
}

std::optional<base::ByteView> child(base::ByteView parent, std::uint32_t type) {
  while (auto box = next_box(parent)) {
    if (box->type == type) return box->body;
  }
  return std::nullopt;
}

struct Defaults {
  std::uint32_t duration = 0;
  std::uint32_t flags = 0;
};

Defaults read_tfhd(base::ByteView body, Defaults defaults) {
  Cursor in(body);
  const std::uint32_t flags = in.u32() & 0xffffffU;
  in.skip(4);                    // track_ID
  if (flags & 0x1U) in.skip(8);  // base_data_offset
  if (flags & 0x2U) in.skip(4);  // sample_description_index
  if (flags & 0x8U) defaults.duration = in.u32();
  if (flags & 0x10U) in.skip(4);  // default_sample_size
  if (flags & 0x20U) defaults.flags = in.u32();
  return defaults;
}

// Adds a run's samples to the fragment; `first` is true for the fragment's first run.
bool read_trun(base::ByteView body, const Defaults& defaults, bool first, Fragment& out) {
  Cursor in(body);
  const std::uint32_t flags = in.u32() & 0xffffffU;
  const std::uint32_t count = in.u32();
  if (flags & 0x1U) in.skip(4);  // data_offset
  std::optional<std::uint32_t> first_flags;
  if (flags & 0x4U) first_flags = in.u32();
  const std::size_t width = 4 * static_cast<std::size_t>(__builtin_popcount(flags & 0xf00U));
  if (!in.good() || in.left() < width * std::uint64_t{count}) return false;
  if (width == 0 || (flags & 0x100U) == 0) out.duration += std::uint64_t{count} * defaults.duration;
  for (std::uint32_t i = 0; width != 0 && i < count; ++i) {
    if (flags & 0x100U) out.duration += in.u32();
    if (flags & 0x200U) in.skip(4);
    const std::uint32_t sample_flags = flags & 0x400U ? in.u32() : defaults.flags;
    if (i == 0 && !first_flags) first_flags = sample_flags;
    if (flags & 0x800U) in.skip(4);
  }
  if (first && count > 0) out.independent = (first_flags.value_or(defaults.flags) & kNonSync) == 0;
  return true;
}

bool read_moof(base::ByteView moof, const InitFacts& init, Fragment& out) {
  const auto traf = child(moof, fourcc("traf"));
  if (!traf) return false;
  Defaults defaults{init.sample_duration, init.sample_flags};
  bool has_time = false;
  bool has_run = false;
  for (auto rest = *traf; auto box = next_box(rest);) {
    if (box->type == fourcc("tfhd")) defaults = read_tfhd(box->body, defaults);
    if (box->type == fourcc("tfdt")) {
      Cursor in(box->body);
      const bool wide = in.u32() >> 24U != 0;
      out.decode_time = in.number(wide ? 8 : 4);
      has_time = in.good();
    }
    if (box->type == fourcc("trun")) {
      if (!read_trun(box->body, defaults, !has_run, out)) return false;
      has_run = true;
    }
  }
  return has_time && has_run;
}

bool may_precede_moof(std::uint32_t type) {
  constexpr std::array kKnown = {fourcc("styp"), fourcc("prft"), fourcc("emsg"), fourcc("sidx"),
                                 fourcc("free")};
  return std::ranges::find(kKnown, type) != kKnown.end();
}

std::optional<Header> header_at(const ReadAt& read, std::uint64_t at, std::uint64_t end) {
  std::array<std::uint8_t, 16> bytes{};
  const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), end - at));
  if (want < 8 || !read(at, std::span(bytes).first(want))) return std::nullopt;
  return parse_header(std::span(bytes).first(want), end - at);
}

std::optional<Fragment> fragment_at(const ReadAt& read, std::uint64_t from, std::uint64_t end,
                                    const InitFacts& init) {
  Fragment out{.offset = from};
  std::uint64_t at = from;
  auto header = header_at(read, at, end);
  while (header && may_precede_moof(header->type)) {
    at += header->size;
    header = header_at(read, at, end);
  }
  if (!header || header->type != fourcc("moof") || header->size > kMaxMoof) return std::nullopt;
  std::vector<std::uint8_t> moof(static_cast<std::size_t>(header->size - header->head));
  if (!read(at + header->head, moof) || !read_moof(moof, init, out)) return std::nullopt;
  at += header->size;
  header = header_at(read, at, end);
  if (!header || header->type != fourcc("mdat")) return std::nullopt;
  out.size = at + header->size - from;
  return out;
}

}  // namespace

std::optional<InitFacts> read_init(base::ByteView init) {
  std::optional<base::ByteView> moov;
  std::uint64_t size = 0;
  for (auto rest = init; !rest.empty();) {
    const auto box = next_box(rest);
    if (!box) return std::nullopt;
    if (box->type != fourcc("moov")) continue;
    moov = box->body;
    size = init.size() - rest.size();
  }
  if (!moov) return std::nullopt;
  const auto trak = child(*moov, fourcc("trak"));
  const auto mdia = trak ? child(*trak, fourcc("mdia")) : std::nullopt;
  const auto mdhd = mdia ? child(*mdia, fourcc("mdhd")) : std::nullopt;
  if (!mdhd) return std::nullopt;
  InitFacts facts{.size = size};
  Cursor in(*mdhd);
  in.skip(in.u32() >> 24U != 0 ? 16 : 8);  // creation and modification time
  facts.timescale = in.u32();
  if (facts.timescale == 0) return std::nullopt;
  const auto mvex = child(*moov, fourcc("mvex"));
  if (const auto trex = mvex ? child(*mvex, fourcc("trex")) : std::nullopt) {
    Cursor defaults(*trex);
    defaults.skip(12);  // version and flags, track_ID, default_sample_description_index
    facts.sample_duration = defaults.u32();
    defaults.skip(4);
    facts.sample_flags = defaults.u32();
  }
  return facts;
}

std::vector<Fragment> walk_fragments(const ReadAt& read, std::uint64_t from, std::uint64_t end,
                                     const InitFacts& init, std::size_t limit) {
  std::vector<Fragment> out;
  while (from < end && out.size() < limit) {
    const auto fragment = fragment_at(read, from, end, init);
    if (!fragment) break;
    from = fragment->end();
    out.push_back(*fragment);
  }
  return out;
}

ReadAt read_from(base::ByteView bytes) {
  return [bytes](std::uint64_t at, std::span<std::uint8_t> into) {
    if (at > bytes.size() || bytes.size() - at < into.size()) return false;
    std::ranges::copy(bytes.subspan(at, into.size()), into.begin());
    return true;
  };
}

ReadAt read_from(int fd) {
  return [fd](std::uint64_t at, std::span<std::uint8_t> into) {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t n = pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      done += static_cast<std::size_t>(n);
    }
    return true;
  };
}

}  // namespace tongke::relay::record
