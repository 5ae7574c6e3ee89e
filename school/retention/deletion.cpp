#include "school/retention/deletion.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <string_view>

#include "school/crypto.hpp"

namespace tongke::school::retention {
namespace {

namespace fs = std::filesystem;

struct Free {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

class Sha256 {
 public:
  Sha256() { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  [[nodiscard]] std::string hex() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return crypto::hex(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

base::Error failed(const fs::path& path, const std::error_code& error) {
  return {base::Errc::io, path.string() + ": " + error.message()};
}

base::Result<std::vector<fs::path>> files_of(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector<fs::path>{path};
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) files.push_back(at->path());
  if (error) return failed(path, error);
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string chained(const std::string& before, const Deletion& line) {
  Sha256 hash;
  // Lengths keep one field from passing for the end of another.
  for (const std::string& field :
       {before, std::to_string(line.id), std::to_string(line.at.time_since_epoch().count()), line.kind,
        line.lesson, std::to_string(line.items), std::to_string(line.bytes), line.hash}) {
    hash.update(std::to_string(field.size()) + ":" + field);
  }
  return hash.hex();
}

std::optional<std::int64_t> broken_at(const std::vector<Deletion>& lines) {
  std::string before;
  for (const Deletion& line : lines) {
    if (chained(before, line) != line.chain) return line.id;
    before = line.chain;
  }
  return std::nullopt;
}

Content content_of(const std::vector<std::pair<std::string, std::string>>& pieces) {
  Content content;
  Sha256 hash;
  for (const auto& [name, bytes] : pieces) {
    hash.update(name);
    hash.update(std::string_view("\0", 1));
    hash.update(bytes);
    content.bytes += static_cast<std::int64_t>(bytes.size());
    ++content.files;
  }
  content.hash = hash.hex();
  return content;
}

base::Result<Content> content_of(const fs::path& path) {
  const auto files = files_of(path);
  if (!files) return base::Error(files.error());
  Content content;
  Sha256 hash;
  std::vector<char> buffer(1U << 16U);
  for (const fs::path& file : *files) {
    hash.update(file.lexically_relative(path.parent_path()).string());
    hash.update(std::string_view("\0", 1));
    std::ifstream in(file, std::ios::binary);
    if (!in) return base::Error{base::Errc::io, file.string() + ": cannot be read"};
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
      hash.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
      content.bytes += in.gcount();
    }
    ++content.files;
  }
  content.hash = hash.hex();
  return content;
}

}  // namespace tongke::school::retention
