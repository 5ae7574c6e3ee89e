#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/settings.hpp"
#include "school/arrangements.hpp"
#include "school/people/keeper.hpp"
#include "school/people/phone.hpp"

namespace tongke::relay::app {

/// The school in the running server: its people, and who is where in each lesson. Commands that
/// change people come here by the control socket, so that the server is the only one that writes
/// them while it runs.  @thread control
class PeopleDesk {
 public:
  /// @param store    control's own connection, for arrangements; outlives the desk
  /// @param control  outlives the desk     @errors as Store::open, and io
  [[nodiscard]] static base::Result<std::unique_ptr<PeopleDesk>> open(const Settings& settings,
                                                                      const DataDir& data,
                                                                      school::store::Store& store,
                                                                      base::Executor& control);

  [[nodiscard]] school::people::Keeper& people() noexcept { return *keeper_; }
  [[nodiscard]] school::Arrangements& arrangements() noexcept { return arrangements_; }
  [[nodiscard]] const school::people::PhoneMarker& phones() const noexcept { return phones_; }

  using Answer = std::function<void(base::Result<nlohmann::json>)>;
  /// Runs "import" or "demo.seed" and answers when it is on disk.
  /// @return false for any other command; then nothing is answered
  bool run(const std::string& command, const nlohmann::json& arguments, const Answer& answer);

 private:
  PeopleDesk(std::unique_ptr<school::people::Keeper> keeper, school::Arrangements arrangements,
             school::people::PhoneMarker phones, std::filesystem::path spool, base::Executor& control);
  using Work = std::function<base::Result<nlohmann::json>(school::people::Registry&, school::store::Store&)>;
  void change(Work work, const Answer& answer);
  void import(const nlohmann::json& arguments, const Answer& answer);

  base::Executor& control_;
  school::people::PhoneMarker phones_;
  std::filesystem::path spool_;
  school::Arrangements arrangements_;
  std::unique_ptr<school::people::Keeper> keeper_;
};

}  // namespace tongke::relay::app
