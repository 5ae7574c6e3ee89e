#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "relay/http/api/office.hpp"
#include "school/retention/holds.hpp"
#include "school/retention/rules.hpp"

namespace tongke::relay::http::api {

/// What is kept, and how long, for those who may hold something: GET /api/v1/retention (the rules),
/// …/recordings (of the asker's lessons, and when each goes) and …/deletions (the proofs).
struct RetentionRoutes {
  using Recordings = std::shared_ptr<const std::vector<school::retention::Kept>>;
  const Office& office;
  school::retention::Holds& holds;  ///< control's
  /// {"officer","term_end","graduation_until","time","rules":[{"kind","key","keeps_ms"}]}
  nlohmann::json rules;
  /// All of them, by when their time is over.  @thread control
  std::function<void(const std::function<void(base::Result<Recordings>)>& answer)> recordings;
  /// When the daily job takes what is due then.  @thread control
  std::function<base::WallTime(base::WallTime due)> taken_at;
};
void add_retention_routes(Server& server, const RetentionRoutes& use);

}  // namespace tongke::relay::http::api
