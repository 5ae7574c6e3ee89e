#pragma once

#include <string>

#include "relay/app/command.hpp"

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// `tongke account create|password|disable|enable|list`: who may sign in at the office pages.
class AccountCli {
 public:
  /// Adds the commands; they put their exit status into `status`. Must outlive the parsing.
  AccountCli(CLI::App& cli, Common& common, int& status);

 private:
  std::string login_;
  std::string name_;
  std::string school_;
  std::string duty_;
};

}  // namespace tongke::relay::app
