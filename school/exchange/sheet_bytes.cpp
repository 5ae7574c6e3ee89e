#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "school/exchange/sheet.hpp"

namespace tongke::school::exchange {
namespace {

/// A folder of its own, gone with its content when let go.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "tongke-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace

base::Result<std::string> sheet_bytes(const Sheet& sheet, Format format) {
  if (format == Format::csv) return to_csv(sheet);
  if (format == Format::html) return to_html(sheet);
  const TemporaryFolder folder;
  if (folder.path().empty()) return base::Error{base::Errc::io, std::strerror(errno)};
  const auto file = std::filesystem::path(folder.path()) / "sheet.xlsx";
  if (auto written = write_sheet(sheet, format, file); !written) return std::move(written).error();
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return base::Error{base::Errc::io, file.string() + ": not read back"};
  return bytes;
}

}  // namespace tongke::school::exchange
