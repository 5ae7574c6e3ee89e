#include "relay/app/account_cli.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "relay/app/account_commands.hpp"
#include "relay/app/school_desk.hpp"
#include "relay/app/text.hpp"
#include "school/accounts/password.hpp"

namespace tongke::relay::app {
namespace {

using base::Result;
using nlohmann::json;
namespace accounts = school::accounts;

Result<json> run(const Common& common, const std::string& command, const json& arguments) {
  auto answer = ask_running(common, command, arguments);
  if (!answer) return std::move(answer).error();
  if (*answer) return std::move(**answer);
  auto desk = SchoolDesk::open(common);
  if (!desk) return std::move(desk).error();
  return desk->account(command, arguments);
}

void print(const json& account) {
  std::cout << account.at("login").get<std::string>() << "  ";
  if (account.at("school").is_string()) std::cout << account.at("school").get<std::string>() << ' ';
  if (account.at("name").is_string()) std::cout << account.at("name").get<std::string>();
  for (const auto& duty : account.at("duties")) std::cout << "  " << duty.get<std::string>();
  if (account.at("disabled").get<bool>()) std::cout << "  (" << text("account.disabled") << ')';
  std::cout << '\n';
}

int show(const Common& common, const Result<json>& answer, const std::string& password) {
  if (!answer) return fail(answer.error(), common.json);
  json said = *answer;
  if (!password.empty()) said["password"] = password;
  if (common.json) {
    std::cout << said.dump() << '\n';
    return 0;
  }
  if (said.is_array()) {
    for (const auto& account : said) print(account);
  } else {
    print(said);
  }
  if (!password.empty()) std::cout << text("account.password_is") << ": " << password << '\n';
  return 0;
}

}  // namespace

AccountCli::AccountCli(CLI::App& cli, Common& common, int& status) {
  auto* group = cli.add_subcommand("account", text("account"));
  group->require_subcommand(1);
  const auto add = [&](const std::string& name) {
    auto* command = group->add_subcommand(name, text("account." + name));
    command->add_flag("--json", common.json, text("opt.json"));
    command->add_option("--data", common.data, text("opt.data"));
    command->add_option("--config", common.config, text("opt.config"));
    if (name != "list") command->add_option("login,--login", login_, text("account.login"))->required();
    return command;
  };
  // Made and hashed here: the password is shown once, and never leaves this process.
  const auto with_password = [this, &common, &status](const std::string& command, json arguments) {
    const std::string password = accounts::make_password();
    arguments["login"] = login_;
    arguments["password"] = accounts::hash_password(password);
    status = show(common, run(common, command, arguments), password);
  };
  auto* create = add("create");
  create->add_option("--name", name_, text("account.name"))->required();
  create->add_option("--school", school_, text("account.school"));
  create->add_option("--duty", duty_, text("account.duty"));
  create->callback([this, with_password] {
    with_password("account.create", {{"name", name_}, {"school", school_}, {"duty", duty_}});
  });
  add("password")->callback([with_password] { with_password("account.password", json::object()); });
  for (const bool disabled : {true, false}) {
    add(disabled ? "disable" : "enable")->callback([this, disabled, &common, &status] {
      status = show(common, run(common, "account.disable", {{"login", login_}, {"disabled", disabled}}), "");
    });
  }
  add("list")->callback(
      [&common, &status] { status = show(common, run(common, "account.list", json::object()), ""); });
}

}  // namespace tongke::relay::app
