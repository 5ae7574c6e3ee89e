// Writes lines and rewrites them until it is killed; says up to which number "drop" lines are gone.
//   line_log_victim FOLDER
#include <cstdio>
#include <string>

#include "school/line_log.hpp"

using namespace tongke;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  school::LineLog log(argv[1]);
  for (int number = 0;; ++number) {
    const std::string text = std::to_string(number);
    if (!log.append("l1", "keep " + text) || !log.append("l1", "drop " + text)) return 1;
    if (number % 8 != 7) continue;
    if (!log.rewrite("l1", [](const std::string& line) { return line.starts_with("keep "); })) return 1;
    std::printf("%d\n", number);
    std::fflush(stdout);
  }
}
