#include "school/store/postgres_tools.hpp"

#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace tongke::school::store {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr int kNoSuchProgram = 127;

// Our own environment, with PGHOST and the like as the URL says.
Result<std::vector<std::string>> environment_for(const std::string& url) {
  char* why = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(url.c_str(), &why), PQconninfoFree);
  if (!options) {
    Error error{Errc::invalid, why ? why : "cannot be read", "store.url"};
    PQfreemem(why);
    return error;
  }
  std::vector<std::string> variables;
  for (char** variable = environ; *variable; ++variable) {
    if (!std::string_view(*variable).starts_with("PG")) variables.emplace_back(*variable);
  }
  for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
    if (option->envvar && option->val) variables.push_back(std::string(option->envvar) + "=" + option->val);
  }
  return variables;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

}  // namespace

Result<void> run_postgres_tool(const std::string& url, const std::vector<std::string>& argv) {
  const auto environment = environment_for(url);
  if (!environment) return Error(environment.error());
  const Error missing{Errc::unavailable,
                      argv.front() + " is not installed (Debian package postgresql-client)"};
  pid_t child = -1;
  const int failed = posix_spawnp(&child, argv.front().c_str(), nullptr, nullptr, pointers(argv).data(),
                                  pointers(*environment).data());
  if (failed == ENOENT) return missing;
  if (failed != 0) return Error{Errc::io, argv.front() + ": " + std::strerror(failed)};
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return Error{Errc::io, argv.front() + ": " + std::strerror(errno)};
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNoSuchProgram) return missing;
  return Error{Errc::io, argv.front() + " failed; it said why on standard error"};
}

}  // namespace tongke::school::store
