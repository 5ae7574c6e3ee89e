#include "relay/http/static_site.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/glib/handle.hpp"
#include "relay/http/gzip.hpp"

namespace tongke::relay::http {
namespace {

namespace fs = std::filesystem;

struct Kind {
  std::string_view extension;
  std::string_view content_type;
  bool text;
};
constexpr std::array kKinds = {
    Kind{".html", "text/html; charset=utf-8", true},
    Kind{".js", "text/javascript; charset=utf-8", true},
    Kind{".mjs", "text/javascript; charset=utf-8", true},
    Kind{".css", "text/css; charset=utf-8", true},
    Kind{".json", "application/json", true},
    Kind{".webmanifest", "application/manifest+json", true},
    Kind{".svg", "image/svg+xml", true},
    Kind{".txt", "text/plain; charset=utf-8", true},
    Kind{".yaml", "application/yaml", true},
    Kind{".wasm", "application/wasm", true},
    Kind{".ico", "image/x-icon", false},
    Kind{".png", "image/png", false},
    Kind{".jpg", "image/jpeg", false},
    Kind{".webp", "image/webp", false},
    Kind{".gif", "image/gif", false},
    Kind{".woff2", "font/woff2", false},
    Kind{".mp3", "audio/mpeg", false},
    Kind{".mp4", "video/mp4", false},
    Kind{".m4a", "audio/mp4", false},
};
constexpr Kind kOther{"", "application/octet-stream", false};
constexpr int kBestLevel = 9;

Kind kind_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  const auto it = std::ranges::find(kKinds, std::string_view(extension), &Kind::extension);
  return it == kKinds.end() ? kOther : *it;
}

base::Result<base::SharedBytes> read_whole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in && !in.eof()) return base::Error{base::Errc::io, "cannot read " + path.string()};
  return base::SharedBytes(std::move(bytes));
}

std::string etag_of(base::ByteView bytes) {
  const base::glib::Handle<char> sum(
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes.data(), bytes.size()));
  return '"' + std::string(sum.get(), 32) + '"';
}

/// Whether it can stand in a header as it is.
bool is_plain(std::string_view link) {
  return !link.empty() && std::ranges::all_of(link, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

bool left_out(const fs::path& relative) {
  const bool hidden = std::any_of(relative.begin(), relative.end(),
                                  [](const fs::path& element) { return element.string().starts_with('.'); });
  return hidden || relative.extension() == ".map";
}

}  // namespace

base::Result<StaticSite> StaticSite::load(const std::string& folder) {
  std::error_code error;
  auto files = std::make_shared<Files>();
  std::size_t total = 0;
  fs::recursive_directory_iterator walk(folder, error);
  if (error) return base::Error{base::Errc::not_found, folder + ": " + error.message()};
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (error) return base::Error{base::Errc::io, folder + ": " + error.message()};
    const fs::path relative = walk->path().lexically_relative(folder);
    if (left_out(relative) || !walk->is_regular_file(error)) continue;
    auto bytes = read_whole(walk->path());
    if (!bytes) return std::move(bytes).error();
    total += bytes->size();
    if (total > kMaxBytes) return base::Error{base::Errc::overload, folder + ": more than 64 MiB of pages"};
    const Kind kind = kind_of(relative);
    File file{std::string(kind.content_type), etag_of(bytes->view()), std::move(*bytes), {}};
    if (kind.text) {
      auto small = gzip(file.plain.view(), kBestLevel);
      if (small.size() < file.plain.size()) file.gzipped = std::move(small);
    }
    files->emplace(relative.generic_string(), std::move(file));
  }
  StaticSite site;
  site.files_ = std::move(files);
  return site;
}

Response StaticSite::answer(const Files& files, const Request& request, std::string_view name) {
  const auto it = files.find(name);
  if (it == files.end()) return problem({base::Errc::not_found, "no such page"});
  const File& file = it->second;
  Response response;
  response.content_type = file.content_type;
  const bool hashed = name.starts_with("assets/");
  response.headers = {{"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (!file.gzipped.empty()) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (accepts_gzip(request.header("Accept-Encoding").value_or(""))) {
      // Other bytes, so another strong tag.
      response.headers.emplace_back("ETag", file.etag.substr(0, file.etag.size() - 1) + "-gz\"");
      response.headers.emplace_back("Content-Encoding", "gzip");
      response.body = {file.gzipped};
      return response;
    }
  }
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Accept-Ranges", "bytes");
  response.body = {file.plain};
  return response;
}

Response StaticSite::respond(const Request& request, std::string_view file) const {
  return answer(*files_, request, file);
}

base::Result<void> StaticSite::page(Server& server, std::string_view pattern, std::string_view file,
                                    std::string_view early) const {
  if (!files_->contains(file)) return base::Error{base::Errc::not_found, "no page " + std::string(file)};
  server.route("GET", pattern, Where::worker,
               [files = files_, name = std::string(file), early = std::string(early)](
                   std::shared_ptr<const Request> request, Responder responder) {
                 auto response = answer(*files, *request, name);
                 const auto link = request->param("link");
                 if (!early.empty() && is_plain(link)) {
                   response.headers.emplace_back(
                       "Link", '<' + early + std::string(link) + ">; rel=preload; as=fetch; crossorigin");
                 }
                 responder.send(std::move(response));
               });
  return {};
}

void StaticSite::serve_files(Server& server) const {
  server.route("GET", "/{file...}", Where::worker,
               [files = files_](std::shared_ptr<const Request> request, Responder responder) {
                 responder.send(answer(*files, *request, request->param("file")));
               });
}

}  // namespace tongke::relay::http
