#include "tests/unit/relay/recorded_media.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "relay/record/boxes.hpp"
#include "tests/support/temp_dir.hpp"

namespace tongke::test {
namespace {

using relay::live::TrackKind;

constexpr std::int64_t kSegmentUs = 2'000'000;

std::string file_of(const std::string& id) { return "cut-" + id + ".mp4"; }

void make_files(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / file_of("audio"))) return;
  const std::string flags =
      " -movflags +frag_keyframe+empty_moov+default_base_moof+skip_trailer -frag_duration 200000 ";
  const std::string length = " -t " + std::to_string(kMediaSeconds);
  const std::string video =
      " -map 0:v -c:v libx264 -preset ultrafast -g 30 -bf 0 -pix_fmt yuv420p" + length + flags;
  const std::string audio = " -map 1:a -c:a aac -ac 1" + length + flags;
  const std::string command = "cd " + folder.string() +
                              " && ffmpeg -v error -nostdin -y -f lavfi -i testsrc=s=320x180:r=15"
                              " -f lavfi -i sine=440:r=48000" +
                              video + file_of("src") + video + "-vf scale=160:90 " + file_of("480p") + audio +
                              "-b:a 64k " + file_of("src-audio") + audio + "-b:a 32k " + file_of("audio");
  const std::string complaint = output_of(command);
  if (!complaint.empty()) throw std::runtime_error(complaint);
}

CutRendition cut(const std::filesystem::path& folder, const std::string& id, TrackKind kind) {
  CutRendition out{.id = id, .kind = kind, .init = {}, .parts = {}};
  const auto bytes = read_file(folder / file_of(id));
  // The init segment ends where the first moof begins.
  constexpr std::array<std::uint8_t, 4> kMoof = {'m', 'o', 'o', 'f'};
  const auto moof = std::search(bytes.begin(), bytes.end(), kMoof.begin(), kMoof.end());
  const auto init_size = static_cast<std::size_t>(moof - bytes.begin()) - 4;
  auto init = std::make_shared<relay::live::RenditionInit>();
  init->codecs = kind == TrackKind::video ? "avc1.42c01e" : "mp4a.40.2";
  if (kind == TrackKind::video) init->frame_rate = kFrameRate;
  init->bytes = base::SharedBytes({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(init_size)});
  const auto facts = relay::record::read_init(init->bytes.view()).value();
  out.init = std::move(init);
  for (const auto& fragment :
       relay::record::walk_fragments(relay::record::read_from(bytes), init_size, bytes.size(), facts)) {
    const auto us = [&](std::uint64_t ticks) {
      return base::MediaTime(static_cast<std::int64_t>(ticks * 1'000'000 / facts.timescale));
    };
    CutPart cut;
    cut.part.start = us(fragment.decode_time);
    cut.part.duration = us(fragment.decode_time + fragment.duration) - cut.part.start;
    cut.part.independent = fragment.independent;
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(fragment.offset);
    cut.part.bytes = base::SharedBytes({begin, begin + static_cast<std::ptrdiff_t>(fragment.size)});
    cut.msn = static_cast<std::uint32_t>(cut.part.start.count() / kSegmentUs);
    if (!out.parts.empty() && out.parts.back().msn == cut.msn) {
      cut.part.index = out.parts.back().part.index + 1;
    } else if (!out.parts.empty()) {
      out.parts.back().ends_segment = true;
    }
    out.parts.push_back(std::move(cut));
  }
  out.parts.back().ends_segment = true;
  return out;
}

}  // namespace

const std::vector<CutRendition>& cut_media(const std::filesystem::path& cache) {
  static const std::vector<CutRendition> media = [&] {
    const TempDir own;
    const auto& folder = cache.empty() ? own.path() : cache;
    make_files(folder);
    std::vector<CutRendition> out;
    out.push_back(cut(folder, "src", TrackKind::video));
    out.push_back(cut(folder, "480p", TrackKind::video));
    out.push_back(cut(folder, "src-audio", TrackKind::audio));
    out.push_back(cut(folder, "audio", TrackKind::audio));
    return out;
  }();
  return media;
}

std::vector<Arrival> arrivals(const std::vector<CutRendition>& media) {
  std::vector<Arrival> out;
  for (const auto& rendition : media) {
    for (const auto& part : rendition.parts) out.push_back({&rendition, &part});
  }
  std::ranges::stable_sort(out, {},
                           [](const Arrival& a) { return a.part->part.start + a.part->part.duration; });
  return out;
}

void announce(relay::record::LessonRecording& recording, const std::vector<CutRendition>& media) {
  for (const auto& rendition : media) recording.init(rendition.id, rendition.kind, rendition.init);
}

void record(relay::record::LessonRecording& recording, const Arrival& arrival) {
  recording.part(arrival.rendition->id, arrival.part->msn, arrival.part->part,
                 arrival.rendition->init->number, false, arrival.part->ends_segment);
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(("( " + command + " ) 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("popen failed");
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), n);
  pclose(pipe);
  return out;
}

Probe probe(const std::filesystem::path& file) {
  Probe out;
  const std::string text = output_of(
      "ffprobe -v error -count_packets -show_entries stream=nb_read_packets"
      " -of default=noprint_wrappers=1 '" +
      file.string() + "'");
  constexpr std::string_view kKey = "nb_read_packets=";
  const auto at = text.find(kKey);
  if (at == std::string::npos) {
    out.errors = text.empty() ? "no stream" : text;
  } else {
    out.packets = std::strtol(text.c_str() + at + kKey.size(), nullptr, 10);
    if (at != 0) out.errors = text.substr(0, at);
  }
  return out;
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, base::ByteView bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace tongke::test
