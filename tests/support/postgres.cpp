#include "tests/support/postgres.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/fd.hpp"

namespace tongke::test {
namespace {

struct Finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finish>;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for the tests: %s (Debian package postgresql)\n", why.c_str());
  std::abort();
}

// The newest of /usr/lib/postgresql/<version>/bin.
std::filesystem::path programs() {
  std::filesystem::path newest;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (std::filesystem::exists(version.path() / "bin/postgres") && version.path() > newest)
      newest = version.path();
  }
  if (newest.empty()) give_up("not installed");
  return newest / "bin";
}

// As `postgres` for root, and gone when we are. Its log goes to `log`, or nowhere for -1.
pid_t run(const std::vector<std::string>& arguments, const passwd* user, int log = -1) {
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  if (user && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGINT);
  if (!std::freopen("/dev/null", "w", stdout)) _exit(126);
  if (log >= 0 ? dup2(log, STDERR_FILENO) < 0 : !std::freopen("/dev/null", "w", stderr)) _exit(126);
  execv(argv.front(), argv.data());
  _exit(127);
}

// Reads the server's log until it takes connections; false when it ended before that.
bool ready(int log) {
  std::string seen;
  char piece[4096];
  for (;;) {
    const ssize_t got = read(log, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    seen.append(piece, static_cast<std::size_t>(got));
    if (seen.find("ready to accept connections") != std::string::npos) return true;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Postgres& Postgres::shared() {
  static Postgres server;
  return server;
}

Postgres::Postgres() {
  const auto bin = programs();
  const passwd* user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
  if (geteuid() == 0) {
    if (!user) give_up("no user postgres");
    if (chown(dir_.path().c_str(), user->pw_uid, user->pw_gid) != 0) give_up("chown");
  }
  const std::string data = dir_.path() / "data";
  if (wait_for(run({bin / "initdb", "-D", data, "-U", "tongke", "-A", "trust", "-E", "UTF8", "--no-locale",
                    "--no-sync"},
                   user)) != 0) {
    give_up("initdb failed");
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) give_up("pipe");
  base::Fd theirs(ends[1]);
  log_.reset(ends[0]);
  // Only what the server says of itself is logged, not every statement that a test makes fail:
  // nobody reads on.
  server_ = run({bin / "postgres", "-D", data, "-k", dir_.path(), "-c", "listen_addresses=", "-c",
                 "fsync=off", "-c", "log_min_messages=log", "-c", "log_checkpoints=off"},
                user, theirs.get());
  theirs.reset();  // so that a server that ends is the end of its log
  if (!ready(log_.get())) give_up("does not start");
}

Postgres::~Postgres() {
  kill(server_, SIGINT);
  wait_for(server_);
}

std::string Postgres::url(const std::string& database) const {
  return "postgresql://tongke@/" + database + "?host=" + dir_.path().string();
}

std::string Postgres::make_database() {
  const std::string name = "t" + std::to_string(++databases_);
  const Connection admin(PQconnectdb(url("postgres").c_str()));
  const std::unique_ptr<PGresult, decltype(&PQclear)> made(
      PQexec(admin.get(), ("CREATE DATABASE " + name).c_str()), PQclear);
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) give_up(PQerrorMessage(admin.get()));
  return url(name);
}

void Postgres::disconnect_everybody() {
  const Connection admin(PQconnectdb(url("postgres").c_str()));
  PQclear(PQexec(admin.get(),
                 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"));
}

}  // namespace tongke::test
