#include "school/exchange/xlsx/archive.hpp"

#include <zip.h>

#include <algorithm>

#include "school/text.hpp"

namespace tongke::school::exchange::xlsx {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::size_t kAtOnce = 1U << 16U;

Error damaged() { return {Errc::invalid, text("import.damaged_workbook")}; }

struct CloseFile {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

}  // namespace

void Archive::Close::operator()(zip* archive) const noexcept { zip_discard(archive); }

Result<Archive> Archive::open(base::ByteView bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* const opened = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (!opened && source) zip_source_free(source);
  zip_error_fini(&error);
  if (!opened) return damaged();
  return Archive(opened);
}

Result<std::optional<std::string>> Archive::read(const std::string& name) {
  const zip_int64_t index = zip_name_locate(zip_.get(), name.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return std::optional<std::string>();
  const std::unique_ptr<zip_file_t, CloseFile> file(
      zip_fopen_index(zip_.get(), static_cast<zip_uint64_t>(index), 0));
  if (!file) return damaged();
  std::string bytes;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kAtOnce);
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + before, kAtOnce);
    if (got < 0) return damaged();
    bytes.resize(before + static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) > left_) return Error{Errc::invalid, text("import.too_large")};
    left_ -= static_cast<std::size_t>(got);
    if (got == 0) return std::optional(std::move(bytes));
  }
}

}  // namespace tongke::school::exchange::xlsx
