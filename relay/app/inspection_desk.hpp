#pragma once

#include <memory>

#include "base/result.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/people_desk.hpp"
#include "relay/app/signal_desk.hpp"
#include "school/inspection/inspections.hpp"

namespace tongke::relay::app {

/// Spot checks in the running server.  @thread control
class InspectionDesk {
 public:
  /// @param store  control's own connection; outlives the desk     @errors io
  [[nodiscard]] static base::Result<std::unique_ptr<InspectionDesk>> open(const DataDir& data,
                                                                          school::store::Store& store);

  /// Registers /api/v1/inspection/…, after the office's routes; what is named outlives the server.
  void add_routes(http::Server& server, const PeopleDesk& people, SignalDesk& signals);

 private:
  explicit InspectionDesk(school::inspection::Inspections inspections)
      : inspections_(std::move(inspections)) {}
  school::inspection::Inspections inspections_;
};

}  // namespace tongke::relay::app
