#pragma once

#include <functional>
#include <nlohmann/json.hpp>

#include "relay/http/server.hpp"
#include "relay/live/directory.hpp"
#include "relay/record/gap_filler.hpp"
#include "school/token.hpp"

namespace tongke::relay::http::api {

/// POST /api/v1/studio/{link}/backfill?ages=&sizes=&until=: sound that the lead's page kept while its
/// line was down, for the gap in the recording. Several whole files, one after the other in the body:
/// `sizes` in bytes; `ages` says how many ms before the request the first sample of each was captured,
/// `until` when the last one's last was. Answers {"seconds"} of the gap that have sound now.
struct BackfillRoutes {
  const school::TokenSigner& signer;
  live::Directory& directory;
  record::GapFiller& filler;
  /// Who leads, as api::lead_json says it.
  std::function<nlohmann::json(const school::Token& token)> lead;
};
void add_backfill_routes(Server& server, const BackfillRoutes& use);

/// What a request brings, on the media clock of a lesson that began at `started`. Its numbers are checked
/// against each other and against the body.
/// @errors invalid: not what the comment above says, too many pieces, too old, or of no known kind
[[nodiscard]] base::Result<record::KeptSound> read_kept_sound(const Request& request, base::WallTime started);

}  // namespace tongke::relay::http::api
