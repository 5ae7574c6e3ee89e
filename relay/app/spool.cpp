#include "relay/app/spool.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/fd.hpp"
#include "base/file_io.hpp"
#include "school/crypto.hpp"

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;
using nlohmann::json;

constexpr std::size_t kNameLetters = 26;

bool is_spool_name(const std::string& name) {
  return name.size() == kNameLetters &&
         std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); });
}

Result<void> write_private(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes) {
  const base::Fd out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out && base::write_all(out.get(), bytes)) return {};
  return Error{Errc::io, path.string() + ": " + std::strerror(errno)};
}

}  // namespace

Result<json> to_arguments(const ImportRequest& request, const std::filesystem::path& spool) {
  std::error_code error;
  if (std::filesystem::create_directories(spool, error) && !error)
    std::filesystem::permissions(spool, std::filesystem::perms::owner_all, error);
  if (error) return Error{Errc::io, spool.string() + ": " + error.message()};
  json arguments = {{"files", json::array()},
                    {"school", request.job.options.school},
                    {"new_schools", request.job.options.new_schools},
                    {"dry_run", request.job.dry_run},
                    {"skip_bad", request.job.skip_bad}};
  for (const RosterFile& file : request.files) {
    const auto bytes = read_roster(file);
    const std::string name = school::crypto::readable_id(kNameLetters);
    auto written = bytes ? write_private(spool / name, *bytes) : Result<void>(bytes.error());
    if (!written) {
      clear_spool(arguments, spool);
      return std::move(written).error();
    }
    arguments["files"].push_back({{"spooled", name}, {"name", file.name}});
  }
  return arguments;
}

Result<ImportRequest> import_request_from(const json& arguments, const std::filesystem::path& spool) {
  ImportRequest request;
  try {
    for (const auto& file : arguments.at("files")) {
      const auto spooled = file.at("spooled").get<std::string>();
      if (!is_spool_name(spooled)) return Error{Errc::invalid, "not in the spool", "files"};
      request.files.push_back({spool / spooled, file.at("name").get<std::string>()});
    }
    request.job.options.school = arguments.at("school").get<std::string>();
    request.job.options.new_schools = arguments.at("new_schools").get<bool>();
    request.job.dry_run = arguments.at("dry_run").get<bool>();
    request.job.skip_bad = arguments.at("skip_bad").get<bool>();
  } catch (const json::exception& error) {
    return Error{Errc::invalid, std::string("import: ") + error.what()};
  }
  return request;
}

void clear_spool(const json& arguments, const std::filesystem::path& spool) {
  for (const auto& file : arguments.at("files")) {
    std::error_code ignored;
    std::filesystem::remove(spool / file.at("spooled").get<std::string>(), ignored);
  }
}

}  // namespace tongke::relay::app
