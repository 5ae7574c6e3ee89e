#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "relay/app/command.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/settings.hpp"
#include "relay/app/spool.hpp"
#include "school/exchange/sheet.hpp"
#include "school/people/registry.hpp"
#include "school/store/maintenance.hpp"
#include "school/store/store.hpp"

namespace tongke::relay::app {

/// The store and its people, opened for one command.
/// @thread main
class SchoolDesk {
 public:
  struct ExportRequest {
    std::filesystem::path file = {};
    std::string school = {};          ///< name; empty = all
    std::string original_class = {};  ///< "3(2)"; needs a school
    school::Language language = school::Language::zh;
    std::string lesson = {};  ///< whose links
  };
  /// @errors as DataDir, Settings and Store
  [[nodiscard]] static base::Result<SchoolDesk> open(const Common& common);

  /// As import_rosters.
  [[nodiscard]] base::Result<nlohmann::json> import(const ImportRequest& request);
  /// As run_account_command.
  [[nodiscard]] base::Result<nlohmann::json> account(const std::string& command,
                                                     const nlohmann::json& arguments);
  /// How many pupils are on the list.  @errors invalid, not_found, io
  [[nodiscard]] base::Result<std::size_t> export_rosters(const ExportRequest& request);
  [[nodiscard]] base::Result<std::size_t> export_links(const ExportRequest& request);
  /// As app::seed_demo.
  [[nodiscard]] base::Result<nlohmann::json> seed(std::uint64_t schools, std::uint64_t seed);

 private:
  SchoolDesk(Settings settings, DataDir data, school::store::Store store, school::people::Registry people)
      : settings_(std::move(settings)),
        data_(std::move(data)),
        store_(std::move(store)),
        people_(std::move(people)) {}
  base::Result<school::exchange::SheetScope> scope_of(const ExportRequest& request) const;

  Settings settings_;
  DataDir data_;
  school::store::Store store_;
  school::people::Registry people_;
};

/// Where this installation's store is: `[store] url`, else a file in the data folder.
[[nodiscard]] base::Result<school::store::Location> store_location(const Settings& settings,
                                                                   const DataDir& data);
/// Opens it, made or brought up to date.
[[nodiscard]] base::Result<school::store::Store> open_store(const Settings& settings, const DataDir& data);

}  // namespace tongke::relay::app
