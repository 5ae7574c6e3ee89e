#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/result.hpp"
#include "relay/app/addresses.hpp"
#include "school/lessons.hpp"
#include "school/token.hpp"

namespace tongke::relay::app {

/// The commands of `tongke lesson` and `tongke link`, as JSON in and JSON out: run by the
/// server for its control socket, or straight on the store when no server is up.
/// @thread that of `lessons`
class Desk {
 public:
  /// Told after a lesson was ended or opened again; empty without a server.
  using StateChanged = std::function<void(const school::Lesson&)>;
  /// What is on air: "waiting", "live", "interrupted" or "ended".
  using OnAir = std::function<std::string(const school::Lesson&)>;

  Desk(school::Lessons& lessons, const school::TokenSigner& signer, Addresses addresses,
       std::chrono::milliseconds links_valid)
      : lessons_(lessons), signer_(signer), addresses_(std::move(addresses)), links_valid_(links_valid) {}
  /// Whether the hour lets a lesson be opened; empty without a server.
  using Hour = std::function<base::Result<void>(const std::string& lesson)>;
  void attach(StateChanged changed, OnAir on_air, Hour hour) {
    changed_ = std::move(changed);
    on_air_ = std::move(on_air);
    hour_ = std::move(hour);
  }

  /// @param command "lesson.create", "lesson.list", "lesson.start", "lesson.end" or "link"
  /// @errors invalid (with the field), not_found, io
  [[nodiscard]] base::Result<nlohmann::json> run(const std::string& command, const nlohmann::json& arguments);

  /// Opens or ends a lesson and tells whoever must know.
  /// @errors not_found, io; forbidden, with the rule of the hour as field
  [[nodiscard]] base::Result<school::Lesson> set_state(const std::string& lesson, school::LessonState state);

  /// A new personal link's token.  @errors not_found, io
  [[nodiscard]] base::Result<std::string> issue(const std::string& lesson, school::Role role);

  [[nodiscard]] const Addresses& addresses() const noexcept { return addresses_; }

 private:
  base::Result<nlohmann::json> create(const nlohmann::json& arguments);
  base::Result<nlohmann::json> change_state(const nlohmann::json& arguments, school::LessonState state);
  base::Result<nlohmann::json> link(const nlohmann::json& arguments);
  [[nodiscard]] nlohmann::json describe(const school::Lesson& lesson) const;
  [[nodiscard]] std::string sign(const std::string& lesson, school::Role role, std::uint32_t seat) const;

  school::Lessons& lessons_;
  const school::TokenSigner& signer_;
  Addresses addresses_;
  std::chrono::milliseconds links_valid_;
  StateChanged changed_;
  OnAir on_air_;
  Hour hour_;
};

}  // namespace tongke::relay::app
