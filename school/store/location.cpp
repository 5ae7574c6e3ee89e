#include "school/store/location.hpp"

namespace tongke::school::store {

std::string Location::name() const { return backend == Backend::sqlite ? file.string() : "PostgreSQL"; }

base::Result<Location> locate(std::string_view url, const std::filesystem::path& default_file) {
  constexpr std::string_view kFile = "sqlite:";
  if (url.empty()) return Location{.file = default_file};
  if (url.starts_with(kFile) && url.size() > kFile.size()) {
    return Location{.file = url.substr(kFile.size())};
  }
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return Location{.backend = Backend::postgresql, .url = std::string(url)};
  }
  return base::Error{base::Errc::invalid, "starts with sqlite: or postgresql://", "store.url"};
}

}  // namespace tongke::school::store
