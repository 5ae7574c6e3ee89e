#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::test;

namespace {

long descriptors() { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); }

long rss_kb() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

double open_connections() {
  return base::metrics::gauge("tongke_http_connections_open", "HTTP connections open now").Value();
}

constexpr const char* kRequest = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

/// Connections that come and go in every way a client has.
void churn(std::uint16_t port, int count) {
  for (int i = 0; i < count; ++i) {
    RawClient client(port);
    switch (i % 6) {
      case 0:  // says nothing
        break;
      case 1:  // leaves in the middle of a request
        client.send("GET /x HTTP/1.1\r\nHo");
        break;
      case 2:  // leaves without reading, by a reset
        client.send(kRequest);
        break;
      case 3:  // begins a second request and leaves
        client.send(kRequest);
        client.read_answer();
        client.send("G");
        break;
      default:  // keeps the connection alive, then closes it between requests
        client.send(kRequest);
        client.read_answer();
        if (i % 12 == 5) {
          client.send(kRequest);
          client.read_answer();
        }
        break;
    }
  }
}

}  // namespace

// The door was first built on libsoup 3.2.3, which keeps the descriptor of every kept-alive
// connection that its client closes.
TEST_CASE("http leak: thousands of clients that leave, and neither descriptors nor memory grow") {
  const long before_server = descriptors();
  {
    HttpFixture fixture;
    fixture.server().route("GET", "/x", Where::worker,
                           [](auto, Responder responder) { responder.send(plain("x")); });
    fixture.server().start();
    churn(fixture.server().port(), 1200);  // allocators and pools reach their size
    REQUIRE(eventually([] { return open_connections() == 0; }));
    const long descriptors_before = descriptors();
    const long rss_before = rss_kb();
    churn(fixture.server().port(), 6000);
    REQUIRE(eventually([] { return open_connections() == 0; }));
    CHECK(descriptors() == descriptors_before);
    // 6,000 leaked connections would be 60 MB; sanitizers keep freed memory aside.
    if (!kSanitized) CHECK(rss_kb() - rss_before < 2000);
  }
  CHECK(descriptors() <= before_server);
}
