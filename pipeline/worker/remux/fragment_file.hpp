#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/fd.hpp"
#include "base/result.hpp"

namespace tongke::pipeline::worker::remux {

/// Where a sample lies in its file and on the media clock, in the track's time scale.
struct Sample {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::int64_t dts = 0;
  std::int64_t pts = 0;
  std::uint32_t duration = 0;
  bool keyframe = false;
};

/// Reads a recorded rendition: ftyp, moov, then moof and mdat in turn. Believes nothing: a
/// torn or damaged tail ends the file where the last whole fragment ends.
/// @source ISO/IEC 14496-12 sections 8.8 (movie fragments)
class FragmentFile {
 public:
  /// @errors io: cannot be read; invalid: does not begin with ftyp and moov
  [[nodiscard]] static base::Result<FragmentFile> open(const std::string& path);

  /// The next sample in decode order; nullopt at the end of what is whole.
  [[nodiscard]] std::optional<Sample> next();
  /// Starts over at the first sample.
  void rewind();
  /// @errors io
  [[nodiscard]] base::Result<void> read(const Sample& sample, std::vector<std::uint8_t>& bytes) const;

  [[nodiscard]] std::uint32_t time_scale() const noexcept { return time_scale_; }
  /// ftyp and moov end here.
  [[nodiscard]] std::uint64_t init_bytes() const noexcept { return init_bytes_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  struct Box {
    std::uint32_t type = 0;
    std::uint64_t begin = 0;
    std::uint64_t offset = 0;  ///< of the body
    std::uint64_t end = 0;
  };
  struct Defaults {
    std::uint32_t duration = 0;
    std::uint32_t size = 0;
    std::uint32_t flags = 0;
  };
  [[nodiscard]] std::optional<Box> box_at(std::uint64_t offset) const;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> body(const Box& box) const;
  bool parse_moov(base::ByteView moov);
  bool parse_moof(const Box& moof, const Box& mdat);

  std::string path_;
  base::Fd fd_;
  std::uint64_t size_ = 0;
  std::uint64_t init_bytes_ = 0;
  std::uint32_t time_scale_ = 0;
  Defaults defaults_;
  std::uint64_t at_ = 0;
  std::deque<Sample> ready_;
};

}  // namespace tongke::pipeline::worker::remux
