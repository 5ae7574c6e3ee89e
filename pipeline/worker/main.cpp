#include <cstdio>
#include <string_view>

#include "pipeline/worker/live/command.hpp"

namespace {

constexpr std::string_view kUsage =
    "usage: tongke-pipeline live    (speaks the pipeline wire protocol on descriptor 3)\n";

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "live") return tongke::pipeline::worker::live::run();
  std::fwrite(kUsage.data(), 1, kUsage.size(), command == "--help" ? stdout : stderr);
  return command == "--help" ? 0 : 2;
}
