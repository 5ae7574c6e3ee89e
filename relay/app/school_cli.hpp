#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/command.hpp"

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// `tongke db`, `import`, `export` and `demo`: what a school's office and its technician do
/// with the people in the store. Exports and `db` read the store itself; what changes people is done
/// by the running server, and on the store when there is none.
class SchoolCli {
 public:
  /// Adds the commands; they put their exit status into `status`. Must outlive the parsing.
  SchoolCli(CLI::App& cli, Common& common, int& status);

 private:
  void add_db(CLI::App& cli);
  void add_import(CLI::App& cli);
  void add_export(CLI::App& cli);
  void add_demo(CLI::App& cli);

  Common& common_;
  int& status_;
  std::string file_;
  std::vector<std::string> files_;
  std::string school_;
  std::string class_;
  std::string lesson_;
  std::string language_ = "zh";
  bool dry_run_ = false;
  bool skip_bad_ = false;
  bool new_schools_ = false;
  std::uint64_t schools_ = 50;
  std::uint64_t seed_ = 1;
};

}  // namespace tongke::relay::app
