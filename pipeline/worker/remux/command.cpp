#include "pipeline/worker/remux/command.hpp"

#include <cstdio>
#include <sstream>

#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/remux/exporter.hpp"
#include "pipeline/worker/remux/segment_ts.hpp"

namespace tongke::pipeline::worker::remux {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> paths;
  std::istringstream in(list);
  for (std::string path; std::getline(in, path, ',');) paths.push_back(path);
  return paths;
}

int complain(const char* command, const std::string& what) {
  std::fprintf(stderr, "tongke-pipeline %s: %s\n", command, what.c_str());
  return 1;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  ExportRequest request;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return complain("export", arguments[i] + " needs a value");
    if (arguments[i] == "--out") {
      request.out = arguments[i + 1];
    } else if (arguments[i] == "--track") {
      request.tracks.push_back({.files = split(arguments[i + 1])});
    } else if (arguments[i] == "--fill" && !request.tracks.empty()) {
      request.tracks.back().fills = split(arguments[i + 1]);
    } else {
      return complain("export", "unknown option " + arguments[i]);
    }
  }
  if (request.out.empty() || request.tracks.empty())
    return complain("export", "--out and --track are needed");
  av::route_log();
  const auto duration = export_recording(request, [](double progress) {
    std::printf("{\"progress\":%.2f}\n", progress);
    std::fflush(stdout);
  });
  if (!duration) return complain("export", duration.error().message);
  std::printf("{\"duration\":%.6f}\n", base::seconds(*duration));
  return 0;
}

int run_ts(const std::vector<std::string>& arguments) {
  TsRequest request;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return complain("ts", arguments[i] + " needs a value");
    if (arguments[i] == "--out") {
      request.out = arguments[i + 1];
    } else if (arguments[i] == "--video") {
      request.video = split(arguments[i + 1]);
    } else if (arguments[i] == "--audio") {
      request.audio = split(arguments[i + 1]);
    } else {
      return complain("ts", "unknown option " + arguments[i]);
    }
  }
  if (request.out.empty()) return complain("ts", "--out is needed");
  av::route_log();
  if (auto ok = make_ts(request); !ok) return complain("ts", ok.error().message);
  return 0;
}

}  // namespace tongke::pipeline::worker::remux
