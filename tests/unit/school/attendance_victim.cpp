// Notes attendance until it is killed; says what it has noted and when.
//   attendance_victim FOLDER LESSON FIRST_SEAT
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "school/attendance/book.hpp"

using namespace tongke;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  school::LineLog log(argv[1]);
  school::attendance::Book book(log);
  const auto begin = base::Steady::now();
  auto next = begin;
  for (auto seat = static_cast<std::uint32_t>(std::atol(argv[3]));; ++seat) {
    book.note(argv[2], seat, school::attendance::Evidence::heartbeat, base::wall_now());
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(base::Steady::now() - begin).count();
    std::printf("%u %lld\n", seat, static_cast<long long>(us));
    std::fflush(stdout);
    std::this_thread::sleep_until(next += std::chrono::microseconds(200));  // 5,000 a second
  }
}
