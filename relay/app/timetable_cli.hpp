#pragma once

#include <string>

#include "relay/app/command.hpp"

namespace CLI {
class App;
}

namespace tongke::relay::app {

/// `tongke timetable …`, `tongke plan …` and `tongke retention …`. Keeps what the options are parsed into.
class TimetableCli {
 public:
  TimetableCli(CLI::App& cli, Common& common, int& status);
  TimetableCli(const TimetableCli&) = delete;
  TimetableCli& operator=(const TimetableCli&) = delete;
  ~TimetableCli() = default;

 private:
  void add_timetable(CLI::App& cli);
  void add_plan(CLI::App& cli);
  void add_retention(CLI::App& cli);

  Common& common_;
  int& status_;
  std::string file_;
  std::string school_;
  std::string class_;
  std::string week_;
  std::string format_ = "html";
  std::string language_ = "zh";
  std::string out_;
  std::string date_;
  std::string reason_;
  std::string lesson_;
  std::string by_;
  bool dry_run_ = false;
  bool replace_ = false;
  bool skip_bad_ = false;
  bool drafts_ = false;
  bool drill_ = false;
};

}  // namespace tongke::relay::app
