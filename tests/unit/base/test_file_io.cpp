#include "base/file_io.hpp"

#include <cerrno>
#include <string>

#include "tests/support/catch.hpp"

using namespace tongke;

TEST_CASE("files: what is written is there, from the beginning and up to a bound") {
  const base::Fd file = base::memory_file("tongke-test");
  REQUIRE(file);
  CHECK(base::contents_of(file.get())->empty());
  CHECK(base::write_all(file.get(), base::as_bytes("one ")));
  CHECK(base::write_all(file.get(), base::as_bytes("two")));
  const auto bytes = base::contents_of(file.get(), 7);
  REQUIRE(bytes);
  CHECK(std::string(bytes->begin(), bytes->end()) == "one two");
  CHECK_FALSE(base::contents_of(file.get(), 6));
}

TEST_CASE("files: what cannot be written or read is said") {
  CHECK_FALSE(base::write_all(-1, base::as_bytes("x")));
  CHECK(errno == EBADF);
  CHECK_FALSE(base::contents_of(-1));
}
