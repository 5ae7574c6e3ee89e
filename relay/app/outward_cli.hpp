#pragma once

#include <string>

#include "relay/app/command.hpp"

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// `tongke outward test`. Keeps what the options are parsed into.
class OutwardCli {
 public:
  OutwardCli(CLI::App& cli, Common& common, int& status);
  OutwardCli(const OutwardCli&) = delete;
  OutwardCli& operator=(const OutwardCli&) = delete;
  ~OutwardCli() = default;

 private:
  std::string receiver_;
};

}  // namespace tongke::relay::app
