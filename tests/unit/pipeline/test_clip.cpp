#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/unit/pipeline/clips.hpp"

// A school's own clip, as a channel plays it: `tongke-pipeline clip`.

using namespace tongke;
using namespace tongke::tests;
namespace fs = std::filesystem;

namespace {

/// Makes pieces of the file; what the program said and its exit code.
std::string make(const std::string& file, const std::string& folder) {
  fs::create_directories(folder);
  return shell(std::string(TONGKE_PIPELINE) + " clip --in " + file + " --out " + folder + "; echo $?");
}

/// One after the other, as a player has them.
std::string joined(const std::string& folder) {
  const std::string path = folder + "/all.ts";
  Bytes all;
  for (int i = 0; fs::exists(folder + "/" + std::to_string(i) + ".ts"); ++i) {
    const Bytes piece = read_file(folder + "/" + std::to_string(i) + ".ts");
    all.insert(all.end(), piece.begin(), piece.end());
  }
  write_file(path, all);
  return path;
}

std::string probe(const std::string& entries, const std::string& file) {
  return shell("ffprobe -v error -count_packets -of csv=p=0 -show_entries stream=" + entries + " " + file);
}

}  // namespace

TEST_CASE("clip: pieces of four seconds that play as one stream") {
  struct Row {
    const char* file;
    std::string made_by;
    const char* pictures;  ///< codec, width, height, shape of a pixel, how many
    bool sound;
  };
  const std::string small = "-f lavfi -i testsrc2=s=640x480:r=30 ";
  const std::vector<Row> rows = {
      {"b-frames.mp4", small + kSound + kX264 + "-bf 2 -c:a aac -ac 2 -t 10", "h264,640,480,1:1,300", true},
      {"silent.mp4", small + kX264 + "-t 5", "h264,640,480,1:1,200", false},
      {"large.mp4", "-f lavfi -i testsrc2=s=1920x1080:r=25 " + kX264 + "-t 1", "h264,1280,720,1:1,100",
       false},
      {"upright.mp4", "-f lavfi -i testsrc2=s=720x1280:r=25 " + kX264 + "-t 1", "h264,404,720,1:1,100",
       false},
      {"wide.mp4", small + kX264 + "-vf setsar=4/3 -t 1", "h264,640,480,4:3,100", false},
      {"mp3.mkv", small + kSound + "-c:v mpeg4 -c:a libmp3lame -t 3", "h264,640,480,1:1,100", true},
      {"long-sound.mp4", small + kSound + kX264 + "-filter:v trim=duration=1 -c:a aac -t 6",
       "h264,640,480,1:1,200", true},
  };
  for (const Row& row : rows) {
    INFO(row.file);
    const std::string file = workspace() + "/" + row.file;
    REQUIRE(shell("ffmpeg -v error -y " + row.made_by + " " + file) == "");
    const std::string folder = file + ".pieces";
    CHECK(make(file, folder).ends_with("0\n"));
    const std::string all = joined(folder);
    CHECK(shell("ffmpeg -v error -nostdin -i " + all + " -f null -") == "");
    const std::string has = probe("codec_name,width,height,sample_aspect_ratio,nb_read_packets", all);
    INFO(has);
    CHECK(has.find(row.pictures) != std::string::npos);
    CHECK((has.find("aac") != std::string::npos) == row.sound);
    // Each begins with a keyframe, at its place.
    for (int i = 0; fs::exists(folder + "/" + std::to_string(i) + ".ts"); ++i) {
      const std::string first = shell(
          "ffprobe -v error -select_streams v -read_intervals %+#1 -show_entries packet=pts_time,flags -of "
          "csv=p=0 " +
          folder + "/" + std::to_string(i) + ".ts");
      INFO(first);
      CHECK(first.find(",K") != std::string::npos);
      CHECK(std::stod(first) == Approx(1.0 + 4 * i).margin(0.001));
    }
  }
}

TEST_CASE("clip: what cannot be one") {
  const std::string nothing = workspace() + "/nothing";
  const std::string sound = workspace() + "/sound.mp4";
  REQUIRE(shell("ffmpeg -v error -y " + kSound + "-t 1 -c:a aac " + sound) == "");
  const std::string text = workspace() + "/text.mp4";
  write_file(text, Bytes(2000, 'x'));
  const std::string lengthy = workspace() + "/lengthy.mp4";
  REQUIRE(shell("ffmpeg -v error -y -f lavfi -i color=red:s=64x64:r=1 -t 610 " + kX264 + lengthy) == "");
  const std::string loud = workspace() + "/loud.mp4";
  REQUIRE(shell("ffmpeg -v error -y -f lavfi -i color=red:s=64x64:r=1 -f lavfi -i sine=440:r=8000 -t 610 "
                "-filter:v trim=duration=1 -c:a aac -b:a 16k " +
                kX264 + loud) == "");
  for (const std::string& file : {nothing, sound, text, lengthy, loud}) {
    INFO(file);
    const std::string folder = file + ".pieces";
    const std::string said = make(file, folder);
    CHECK(said.find("tongke-pipeline clip: ") != std::string::npos);
    CHECK(said.ends_with("1\n"));
    CHECK(fs::is_empty(folder));
  }
  CHECK(shell(std::string(TONGKE_PIPELINE) + " clip --in " + sound + "; echo $?").ends_with("1\n"));
}
