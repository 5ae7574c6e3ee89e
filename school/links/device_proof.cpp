#include "school/links/device_proof.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "school/crypto.hpp"
#include "school/links/revocations.hpp"

namespace tongke::school::links {

std::string DeviceProof::make(const Token& own) const {
  const std::string text = "device " + std::string(to_string(own.role)) + ' ' + std::to_string(own.seat) +
                           ' ' + std::to_string(own.version);
  return crypto::base64url(crypto::hmac_sha256(secret_, base::as_bytes(text)));
}

bool DeviceProof::proves(std::string_view proof, const Token& own) const {
  return crypto::equal(base::as_bytes(proof), base::as_bytes(make(own)));
}

const people::Home* home_to_ask(const people::Directory& people, const Token& own) {
  const auto bearer = bearer_of(own);
  if (!bearer) return nullptr;
  const auto is_young = [&](const people::Pupil* pupil) {
    const people::Class* row = pupil ? people.find(pupil->original_class) : nullptr;
    return row && people.stage_of(*row) <= people::Stage::upper;
  };
  const people::Home* home = nullptr;
  if (bearer->first == Bearer::pupil) {
    const people::Pupil* pupil = people.find(people::PupilId{bearer->second});
    if (is_young(pupil)) home = people.find(pupil->home);
  } else if (bearer->first == Bearer::home) {
    const auto children = people.children_of({bearer->second});
    if (std::ranges::any_of(children, [&](people::PupilId child) { return is_young(people.find(child)); }))
      home = people.find(people::HomeId{bearer->second});
  }
  return home && !home->phones.empty() ? home : nullptr;
}

}  // namespace tongke::school::links
