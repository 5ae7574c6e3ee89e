#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/executor.hpp"
#include "base/result.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/settings.hpp"
#include "relay/http/api/office.hpp"
#include "relay/http/api/timetable.hpp"
#include "school/arrangements.hpp"
#include "school/people/keeper.hpp"
#include "school/people/phone.hpp"
#include "school/schedule/plans.hpp"

namespace tongke::relay::app {

/// The school in the running server: its people, their accounts and links, and who is where in
/// each lesson. Commands that change people come here by the control socket, so that the server
/// is the only one that writes them while it runs.  @thread control
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
  [[nodiscard]] const school::links::LinkBook& links() const noexcept { return links_; }

  /// What the office's routes need of the rest of the server; all of it outlives the routes.
  struct Around {
    school::Lessons& lessons;
    const school::TokenSigner& signer;
    school::schedule::Plans& plans;
    live::Directory& live;
    std::function<base::Result<void>(const std::string& lesson, school::LessonState state)> set_state;
    /// Links were withdrawn: ends what is connected with one.
    std::function<void()> recheck;
    std::string origin;
  };
  /// Registers the office's routes; before the server starts.
  void add_routes(http::Server& server, Around around);

  /// Who asks something of the timetable over HTTP; nothing, and answered, for one who may not.  @thread any
  [[nodiscard]] std::optional<http::api::TimetableCaller> timetable_caller(const http::Request& request,
                                                                           http::api::TimetableAct act,
                                                                           http::Responder& responder) const;
  /// What the office's routes use; there once they are added.
  [[nodiscard]] const http::api::Office& office() const { return office_.value(); }

  using Answer = std::function<void(base::Result<nlohmann::json>)>;
  /// Runs "import", "demo.seed" or "account.…" and answers when it is on disk.
  /// @return false for any other command; then nothing is answered
  bool run(const std::string& command, const nlohmann::json& arguments, const Answer& answer);

 private:
  PeopleDesk(std::unique_ptr<school::people::Keeper> keeper, school::Arrangements arrangements,
             const std::vector<std::uint8_t>& secret, std::filesystem::path spool, base::Executor& control);
  using Work = std::function<base::Result<nlohmann::json>(school::people::Registry&, school::store::Store&)>;
  void change(Work work, const Answer& answer);
  void import(const nlohmann::json& arguments, const Answer& answer);
  void account(const std::string& command, const nlohmann::json& arguments, const Answer& answer);
  void renew_revocations();

  base::Executor& control_;
  school::people::PhoneMarker phones_;
  school::links::DeviceProof devices_;
  std::filesystem::path spool_;
  std::chrono::milliseconds links_valid_{};
  bool secure_ = false;
  school::Arrangements arrangements_;
  school::accounts::Accounts accounts_;
  school::accounts::Sessions sessions_;
  school::accounts::Throttle account_throttle_;
  school::accounts::Throttle address_throttle_;
  school::accounts::Throttle device_throttle_;
  school::AccessLog access_log_;
  school::Approvals approvals_;
  school::links::LinkBook links_;
  http::api::Repeats repeats_;
  std::optional<http::api::Office> office_;  // what the routes hold on to
  std::function<void()> recheck_;
  // Last: their threads use all of the above.
  school::accounts::Hasher hasher_;
  std::unique_ptr<school::people::Keeper> keeper_;
};

}  // namespace tongke::relay::app
