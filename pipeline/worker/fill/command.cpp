#include "pipeline/worker/fill/command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <sstream>

#include "pipeline/worker/av/handle.hpp"
#include "pipeline/worker/fill/gap_fill.hpp"

namespace tongke::pipeline::worker::fill {
namespace {

using base::MediaTime;

std::optional<MediaTime> time_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return MediaTime(value);
}

bool take_cuts(const std::string& list, std::vector<MediaTime>& cuts) {
  std::istringstream in(list);
  for (std::string one; std::getline(in, one, ',');) {
    const auto time = time_of(one);
    if (!time) return false;
    cuts.push_back(*time);
  }
  return cuts.size() >= 2 && std::ranges::is_sorted(cuts);
}

bool take(FillRequest& request, const std::string& option, const std::string& value) {
  if (option == "--cuts") return take_cuts(value, request.cuts);
  if (option == "--at") {
    const auto time = time_of(value);
    if (time && !request.sounds.empty()) request.sounds.back().at = *time;
    return time && !request.sounds.empty();
  }
  if (option == "--container")
    request.container = value;
  else if (option == "--like")
    request.like = value;
  else if (option == "--out")
    request.out = value;
  else if (option == "--picture")
    request.picture = value;
  else if (option == "--picture-out")
    request.picture_out = value;
  else if (option == "--sound")
    request.sounds.push_back({.path = value});
  else
    return false;
  return true;
}

int complain(const std::string& what) {
  std::fprintf(stderr, "tongke-pipeline fill: %s\n", what.c_str());
  return 1;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  FillRequest request;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return complain(arguments[i] + " needs a value");
    if (!take(request, arguments[i], arguments[i + 1])) return complain("not understood: " + arguments[i]);
  }
  if (request.cuts.empty() || request.like.empty() || request.out.empty() || request.sounds.empty())
    return complain("--cuts, --like, --out and --sound are needed");
  av::route_log();
  if (auto ok = fill_gap(request); !ok) return complain(ok.error().message);
  return 0;
}

}  // namespace tongke::pipeline::worker::fill
