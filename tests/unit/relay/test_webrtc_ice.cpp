#include <string>

#include "relay/webrtc/ice.hpp"
#include "tests/support/catch.hpp"

using namespace tongke;
using namespace tongke::relay::webrtc;
using std::chrono::seconds;

namespace {

struct Agent {
  IceCredentials local = make_ice_credentials();
  IceCredentials remote = make_ice_credentials();
  base::Steady::time_point now{};
  IceLite ice{local, remote, now};

  static Peer peer(std::uint16_t port, std::uint32_t tcp = 0) {
    return {*Endpoint::parse("192.0.2.1", port), tcp};
  }

  stun::Writer writer() const {
    stun::Writer made(stun::kBindingRequest, {1});
    made.username(local.ufrag + ":" + remote.ufrag);
    return made;
  }
  IceLite::Outcome receive(std::vector<std::uint8_t> packet, const Peer& from) {
    const auto message = stun::parse(packet);
    REQUIRE(message);
    return ice.receive(packet, *message, from, now);
  }
  IceLite::Outcome check(std::uint16_t port, bool nominate) {
    auto made = writer();
    made.controlling(1);
    if (nominate) made.use_candidate();
    return receive(made.finish(local.password), peer(port));
  }
};

}  // namespace

TEST_CASE("a check with the password is answered and makes its address known", "[ice]") {
  Agent agent;
  CHECK_FALSE(agent.ice.selected());
  const auto outcome = agent.check(1000, false);
  CHECK(outcome.authentic);
  CHECK(outcome.moved);
  CHECK(outcome.added == Agent::peer(1000));
  const auto answer = stun::parse(outcome.response);
  REQUIRE(answer);
  CHECK(answer->type == stun::kBindingSuccess);
  CHECK(answer->mapped->port == 1000);
  CHECK(stun::check_integrity(outcome.response, *answer, agent.local.password));
  // Never more than three times what was asked.
  CHECK(outcome.response.size() < 3 * 80);
}

TEST_CASE("checks that prove nothing change nothing", "[ice]") {
  Agent agent;
  CHECK_FALSE(agent.receive(agent.writer().finish("another password"), Agent::peer(1)).authentic);
  CHECK_FALSE(agent.receive(agent.writer().finish(""), Agent::peer(1)).authentic);
  stun::Writer stranger(stun::kBindingRequest, {1});
  stranger.username(agent.local.ufrag + ":someoneelse");
  CHECK_FALSE(agent.receive(stranger.finish(agent.local.password), Agent::peer(1)).authentic);
  CHECK_FALSE(agent.ice.selected());
  CHECK_FALSE(agent.ice.knows(Agent::peer(1)));
}

TEST_CASE("a peer that wants to be controlled is told its role", "[ice]") {
  Agent agent;
  auto made = agent.writer();
  made.controlled(1);
  const auto outcome = agent.receive(made.finish(agent.local.password), Agent::peer(1));
  CHECK(stun::parse(outcome.response)->error == 487);
  CHECK_FALSE(agent.ice.selected());
}

TEST_CASE("media follows nominations, and leaves what fell silent", "[ice]") {
  Agent agent;
  agent.check(1000, true);
  CHECK_FALSE(agent.check(2000, false).moved);
  CHECK(agent.ice.selected() == Agent::peer(1000));
  CHECK(agent.check(2000, true).moved);
  CHECK(agent.ice.selected() == Agent::peer(2000));
  agent.now += seconds(6);
  CHECK(agent.check(3000, false).moved);
  CHECK(agent.ice.heard() == agent.now);
  agent.ice.forget(Agent::peer(3000));
  CHECK(agent.ice.selected());
  CHECK(agent.ice.selected() != Agent::peer(3000));
}

TEST_CASE("few addresses are remembered, the selected one always", "[ice]") {
  Agent agent;
  agent.check(1000, true);
  for (std::uint16_t port = 1; port <= 30; ++port) {
    agent.now += std::chrono::milliseconds(1);
    const auto outcome = agent.check(port, false);
    CHECK(outcome.forgotten.has_value() == (port >= IceLite::kMaxPeers));
  }
  CHECK(agent.ice.peers().size() == IceLite::kMaxPeers);
  CHECK(agent.ice.knows(Agent::peer(1000)));
}

TEST_CASE("after a restart only the new credentials count", "[ice]") {
  Agent agent;
  agent.check(1000, true);
  const auto old = agent.local;
  agent.local = make_ice_credentials();
  agent.ice.restart(agent.local, agent.remote);
  CHECK(agent.ice.selected() == Agent::peer(1000));
  CHECK(agent.check(2000, true).moved);
  agent.local = old;
  CHECK_FALSE(agent.check(3000, true).authentic);
}
