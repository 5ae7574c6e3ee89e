#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/http/server.hpp"

namespace tongke::relay::http {

/// A folder of built pages (player-web/dist), served from memory on the worker threads:
/// strong ETags, gzip made once at load, hashed files under assets/ cacheable for ever, the
/// rest revalidated. Immutable after load(); a new build needs a restart.
class StaticSite {
 public:
  /// Reads every file below `folder` into memory, at most kMaxBytes in all. Names that
  /// begin with a dot and source maps are left out.
  /// @errors not_found (no such folder), overload (too big), io
  [[nodiscard]] static base::Result<StaticSite> load(const std::string& folder);

  /// Answers GET `pattern` (see Server::route) with one file: page("/w/{link}", "watch.html").
  /// @param early  an address below which the page asks first, by the link it was opened with:
  ///               browsers begin that before the page's script has come   @source RFC 8288, W3C Preload
  /// @errors not_found: the site has no such file
  [[nodiscard]] base::Result<void> page(Server& server, std::string_view pattern, std::string_view file,
                                        std::string_view early = {}) const;
  /// Answers GET "/{file...}" with the file of that name; "/" and unknown ones are 404
  /// unless routed otherwise.
  void serve_files(Server& server) const;

  /// The answer for a file by its path below the folder; 404 when there is none.
  [[nodiscard]] Response respond(const Request& request, std::string_view file) const;

  static constexpr std::size_t kMaxBytes = 64U << 20U;

 private:
  struct File {
    std::string content_type;
    std::string etag;
    base::SharedBytes plain;
    base::SharedBytes gzipped;  ///< empty when compressing gains nothing
  };
  using Files = std::map<std::string, File, std::less<>>;

  static Response answer(const Files& files, const Request& request, std::string_view file);

  std::shared_ptr<const Files> files_;
};

}  // namespace tongke::relay::http
