#include "tests/support/hls/mp4.hpp"

namespace tongke::test::hls {

namespace {

/// Reads big-endian numbers; what is beyond the end reads as 0 and makes it bad.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number(std::size_t size) {
    if (bytes_.size() < size) {
      ok_ = false;
      bytes_ = {};
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | static_cast<std::uint8_t>(bytes_[i]);
    bytes_.remove_prefix(size);
    return value;
  }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  void skip(std::size_t size) {
    if (bytes_.size() < size) ok_ = false;
    bytes_.remove_prefix(std::min(size, bytes_.size()));
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

/// Calls visit(type, payload) for each box; false when they do not fill the bytes.
template <class F>
bool each_box(std::string_view bytes, F&& visit) {
  while (!bytes.empty()) {
    if (bytes.size() < 8) return false;
    Reader reader(bytes);
    std::uint64_t size = reader.u32();
    std::size_t header = 8;
    if (size == 1 && bytes.size() >= 16) {
      reader.skip(4);
      size = reader.number(8);
      header = 16;
    }
    if (size < header || size > bytes.size()) return false;
    visit(bytes.substr(4, 4), bytes.substr(header, size - header));
    bytes.remove_prefix(size);
  }
  return true;
}

constexpr std::uint32_t kBaseOffset = 0x1, kDescription = 0x2, kDefaultDuration = 0x8;
constexpr std::uint32_t kDataOffset = 0x1, kFirstFlags = 0x4, kDuration = 0x100, kSize = 0x200,
                        kFlags = 0x400, kOffset = 0x800;

bool read_trun(std::string_view box, std::uint32_t default_duration, Mp4Fragment& fragment) {
  Reader reader(box);
  const std::uint32_t version_flags = reader.u32();
  const std::uint32_t count = reader.u32();
  if ((version_flags & kDataOffset) != 0) reader.skip(4);
  if ((version_flags & kFirstFlags) != 0) reader.skip(4);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    fragment.duration += (version_flags & kDuration) != 0 ? reader.u32() : default_duration;
    if ((version_flags & kSize) != 0) reader.skip(4);
    if ((version_flags & kFlags) != 0) reader.skip(4);
    if ((version_flags & kOffset) != 0) {
      const auto offset = static_cast<std::int32_t>(reader.u32());
      if (fragment.samples == 0 && i == 0) fragment.first_offset = offset;
    }
  }
  fragment.samples += count;
  return reader.ok();
}

bool read_traf(std::string_view box, const Mp4Init& init, Mp4Fragment& fragment) {
  std::uint32_t default_duration = 0;
  bool good = true;
  bool timed = false;
  good &= each_box(box, [&](std::string_view type, std::string_view payload) {
    Reader reader(payload);
    if (type == "tfhd") {
      const std::uint32_t flags = reader.u32();
      fragment.track = reader.u32();
      const auto track = init.tracks.find(fragment.track);
      if (track == init.tracks.end()) {
        good = false;
        return;
      }
      default_duration = track->second.default_duration;
      if ((flags & kBaseOffset) != 0) reader.skip(8);
      if ((flags & kDescription) != 0) reader.skip(4);
      if ((flags & kDefaultDuration) != 0) default_duration = reader.u32();
    } else if (type == "tfdt") {
      fragment.decode_time = reader.number((reader.u32() >> 24U) == 1 ? 8 : 4);
      timed = true;
    } else if (type == "trun") {
      good &= read_trun(payload, default_duration, fragment);
    }
    good &= reader.ok();
  });
  return good && timed;
}

}  // namespace

std::optional<Mp4Init> parse_init(std::string_view bytes) {
  Mp4Init init;
  bool good = true;
  good &= each_box(bytes, [&](std::string_view type, std::string_view moov) {
    if (type != "moov") return;
    good &= each_box(moov, [&](std::string_view part, std::string_view content) {
      if (part == "trak") {
        std::uint32_t id = 0;
        std::uint32_t timescale = 0;
        good &= each_box(content, [&](std::string_view name, std::string_view payload) {
          if (name == "tkhd") {
            Reader reader(payload);
            reader.skip((reader.u32() >> 24U) == 1 ? 16 : 8);
            id = reader.u32();
            good &= reader.ok();
          } else if (name == "mdia") {
            good &= each_box(payload, [&](std::string_view inner, std::string_view mdhd) {
              if (inner != "mdhd") return;
              Reader reader(mdhd);
              reader.skip((reader.u32() >> 24U) == 1 ? 16 : 8);
              timescale = reader.u32();
              good &= reader.ok();
            });
          }
        });
        init.tracks[id].timescale = timescale;
      } else if (part == "mvex") {
        good &= each_box(content, [&](std::string_view name, std::string_view payload) {
          if (name != "trex") return;
          Reader reader(payload);
          reader.skip(4);
          const std::uint32_t id = reader.u32();
          reader.skip(4);
          init.tracks[id].default_duration = reader.u32();
          good &= reader.ok();
        });
      }
    });
  });
  for (const auto& [id, track] : init.tracks) good &= track.timescale != 0;
  if (!good || init.tracks.empty()) return std::nullopt;
  return init;
}

std::optional<std::vector<Mp4Fragment>> parse_fragments(std::string_view bytes, const Mp4Init& init) {
  std::vector<Mp4Fragment> fragments;
  bool good = true;
  bool data_due = false;
  good &= each_box(bytes, [&](std::string_view type, std::string_view payload) {
    if (type == "moof") {
      good &= !data_due;
      data_due = true;
      good &= each_box(payload, [&](std::string_view name, std::string_view traf) {
        if (name != "traf") return;
        fragments.emplace_back();
        good &= read_traf(traf, init, fragments.back());
      });
    } else if (type == "mdat") {
      good &= data_due;
      data_due = false;
    }
  });
  if (!good || data_due || fragments.empty()) return std::nullopt;
  return fragments;
}

}  // namespace tongke::test::hls
