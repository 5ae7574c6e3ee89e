#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "relay/live/media.hpp"
#include "relay/record/recorder.hpp"

/// Real media for recorder tests: made by ffmpeg, cut into parts as a pipeline child does.
namespace tongke::test {

struct CutPart {
  std::uint32_t msn = 0;
  bool ends_segment = false;
  relay::live::MediaPart part;
};

struct CutRendition {
  std::string id;
  relay::live::TrackKind kind = relay::live::TrackKind::video;
  std::shared_ptr<const relay::live::RenditionInit> init;
  std::vector<CutPart> parts;
};

inline constexpr int kMediaSeconds = 24;
inline constexpr int kFrameRate = 15;

/// src, 480p (video, 15 frames a second), src-audio and audio; 24 s; segments of 2 s, parts
/// of 0.2 s. Made once a process; `cache` keeps the files for other processes.
const std::vector<CutRendition>& cut_media(const std::filesystem::path& cache = {});

/// All parts of all renditions in the order in which they would arrive.
struct Arrival {
  const CutRendition* rendition = nullptr;
  const CutPart* part = nullptr;
};
std::vector<Arrival> arrivals(const std::vector<CutRendition>& media);

/// Announces every init.
void announce(relay::record::LessonRecording& recording, const std::vector<CutRendition>& media);
void record(relay::record::LessonRecording& recording, const Arrival& arrival);

/// What ffprobe, a reader that is not ours, finds in a file.
struct Probe {
  std::string errors;  ///< empty when it had nothing to complain about
  long packets = 0;
};
Probe probe(const std::filesystem::path& file);

/// Runs a command, returns what it printed on either output.
std::string output_of(const std::string& command);

std::vector<std::uint8_t> read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, base::ByteView bytes);

}  // namespace tongke::test
