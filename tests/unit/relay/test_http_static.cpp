#include <filesystem>
#include <fstream>
#include <string>

#include "relay/http/gzip.hpp"
#include "relay/http/static_site.hpp"
#include "tests/unit/relay/http_fixture.hpp"

using namespace tongke;
using namespace tongke::test;
using relay::http::StaticSite;
namespace fs = std::filesystem;

namespace {

/// A folder of pages, removed at the end.
struct Folder {
  fs::path path;

  Folder() {
    std::string name = "/tmp/tongke-site-XXXXXX";
    path = ::mkdtemp(name.data());
    write("watch.html", "<p>" + std::string(2000, 'w') + "</p>");
    write("assets/app-1a2b3c.js", "export const x = '" + std::string(2000, 'j') + "'");
    write("assets/dot-9f.png", "\x89PNG");
    write("assets/app-1a2b3c.js.map", "{}");
    write(".secret", "no");
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
};

std::string header_value(const std::string& answer, const std::string& name) {
  const auto at = answer.find(name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 2;
  return answer.substr(begin, answer.find("\r\n", begin) - begin);
}

}  // namespace

TEST_CASE("static site: pages and assets, from memory, with their caching") {
  HttpFixture fixture;
  {
    const Folder folder;
    auto site = StaticSite::load(folder.path.string());
    REQUIRE(site);
    site->serve_files(fixture.server());
    CHECK(site->page(fixture.server(), "/w/{link}", "watch.html"));
    CHECK(site->page(fixture.server(), "/early/{link}", "watch.html", "/api/of/"));
    CHECK_FALSE(site->page(fixture.server(), "/x", "nope.html"));
  }
  fixture.server().start();

  const auto page = curl("-i " + fixture.url("/w/some-link"));
  CHECK(has(page, "200 OK"));
  CHECK(header_value(page, "Content-Type") == "text/html; charset=utf-8");
  CHECK(header_value(page, "Cache-Control") == "no-cache");
  CHECK(has(page, "<p>www"));
  CHECK_FALSE(has(page, "\nLink:"));
  const auto etag = header_value(page, "ETag");
  CHECK(has(curl("-i -H 'If-None-Match: " + etag + "' " + fixture.url("/watch.html")), "304 Not Modified"));

  CHECK(header_value(curl("-i " + fixture.url("/early/aB-9_z")), "Link") ==
        "</api/of/aB-9_z>; rel=preload; as=fetch; crossorigin");
  for (const auto* odd : {"/early/a%3E%3B%20b", "/early/a%22b", "/early/%E5%8F%B7"}) {
    CAPTURE(odd);
    const auto answer = curl("-i " + fixture.url(odd));
    CHECK(has(answer, "200 OK"));
    CHECK_FALSE(has(answer, "\nLink:"));
  }

  const auto script = curl("-i " + fixture.url("/assets/app-1a2b3c.js"));
  CHECK(header_value(script, "Content-Type") == "text/javascript; charset=utf-8");
  CHECK(header_value(script, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(header_value(script, "Vary") == "Accept-Encoding");
  const auto packed = curl("-i --compressed " + fixture.url("/assets/app-1a2b3c.js"));
  CHECK(header_value(packed, "Content-Encoding") == "gzip");
  CHECK(std::stoul(header_value(packed, "Content-Length")) < 200);
  CHECK(header_value(packed, "ETag") != header_value(script, "ETag"));
  CHECK(packed.substr(packed.find("\r\n\r\n")) == script.substr(script.find("\r\n\r\n")));
  CHECK(header_value(curl("-i --compressed " + fixture.url("/assets/dot-9f.png")), "Content-Type") ==
        "image/png");
  CHECK(has(curl("-i -r 0-2 " + fixture.url("/watch.html")), "206 Partial Content"));

  for (const char* path : {"/", "/.secret", "/assets/app-1a2b3c.js.map", "/assets/", "/assets", "/nope"}) {
    INFO(path);
    CHECK(has(curl("-i " + fixture.url(path)), "404 Not Found"));
  }
}

TEST_CASE("static site: a folder that is not there") {
  const auto site = StaticSite::load("/nonexistent/dist");
  REQUIRE_FALSE(site);
  CHECK(site.error().kind == base::Errc::not_found);
}

TEST_CASE("compress_for: text for clients that take gzip") {
  HttpFixture fixture;
  fixture.server().route("GET", "/list", Where::worker, [](const RequestPtr& request, Responder responder) {
    Response response = plain(std::string(3000, 'm'));
    response.body.push_back(shared("end"));
    response.headers = {{"ETag", "\"7\""}};
    relay::http::compress_for(*request, response);
    responder.send(std::move(response));
  });
  fixture.server().start();
  const auto packed = curl("-i --compressed " + fixture.url("/list"));
  CHECK(header_value(packed, "Content-Encoding") == "gzip");
  CHECK(header_value(packed, "ETag") == "W/\"7\"");
  CHECK(packed.ends_with("mmend"));
  const auto as_is = curl("-i " + fixture.url("/list"));
  CHECK(header_value(as_is, "Content-Encoding").empty());
  CHECK(header_value(as_is, "Vary") == "Accept-Encoding");
  CHECK(header_value(as_is, "ETag") == "\"7\"");
}
