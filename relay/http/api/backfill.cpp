#include "relay/http/api/backfill.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "relay/http/api/add_routes.hpp"
#include "relay/http/api/json_response.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Errc;
using base::Error;

/// A page keeps the last minute in pieces of ten seconds, and retries for a while.
constexpr std::size_t kMostPieces = 12;
constexpr std::uint64_t kOldestMs = 10 * 60 * 1000;

/// Decimal numbers with commas between; nothing for anything else.
std::vector<std::uint64_t> numbers(const std::optional<std::string>& text) {
  std::vector<std::uint64_t> all;
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const auto one = rest.substr(0, rest.find(','));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), value);
    if (one.empty() || error != std::errc() || end != one.data() + one.size() || all.size() > kMostPieces)
      return {};
    all.push_back(value);
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  return all;
}

base::Result<record::KeptSound::Container> container_of(const Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  if (type.starts_with("audio/webm")) return record::KeptSound::Container::webm;
  if (type.starts_with("audio/mp4")) return record::KeptSound::Container::mp4;
  return Error{Errc::invalid, "audio/webm or audio/mp4 is needed", "Content-Type"};
}

void backfill(const BackfillRoutes& use, const Request& request, Responder responder) {
  const auto token = use.signer.verify(request.param("link"), base::wall_now());
  if (!token || token->role != school::Role::lead) return responder.fail({Errc::not_found, "no such link"});
  const auto lead = use.lead(*token);
  if (lead.is_object() && !lead.value("yours", true))
    return responder.fail({Errc::conflict, "another teacher leads by now"});
  const auto lesson = use.directory.find(token->lesson);
  if (!lesson || !lesson->started()) return responder.fail({Errc::conflict, "this lesson is not on air"});
  auto sound = read_kept_sound(request, *lesson->started());
  if (!sound) return responder.fail(sound.error());
  use.filler.fill(token->lesson, std::move(*sound),
                  [answer = std::make_shared<Responder>(std::move(responder))](const auto& filled) {
                    // Where nothing is missing nothing went wrong.
                    const bool whole = !filled && filled.error().kind == Errc::not_found;
                    if (!filled && !whole) return answer->fail(filled.error());
                    answer->send(json_response({{"seconds", whole ? 0.0 : base::seconds(*filled)}}));
                  });
}

}  // namespace

base::Result<record::KeptSound> read_kept_sound(const Request& request, base::WallTime started) {
  const auto container = container_of(request);
  if (!container) return container.error();
  const auto ages = numbers(request.query("ages"));
  const auto sizes = numbers(request.query("sizes"));
  const auto until = numbers(request.query("until"));
  const bool ordered = std::ranges::is_sorted(ages, std::greater<>());
  if (ages.empty() || ages.size() > kMostPieces || !ordered || ages.front() > kOldestMs)
    return Error{Errc::invalid, "1 to 12 ages in ms, oldest first, of at most ten minutes", "ages"};
  if (until.size() != 1 || until.front() > ages.back())
    return Error{Errc::invalid, "how many ms ago the last piece ended", "until"};
  const auto body = request.body();
  const bool whole = sizes.size() == ages.size() && std::ranges::all_of(sizes, [&](std::uint64_t size) {
                       return size > 0 && size <= body.size();
                     });
  if (!whole || std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}) != body.size())
    return Error{Errc::invalid, "a size for each age, together those of the body", "sizes"};
  const auto on_media_clock = [&](std::uint64_t age) {
    return base::MediaTime(request.arrived() - started - std::chrono::milliseconds(age));
  };
  record::KeptSound sound{.container = *container, .pieces = {}, .end = on_media_clock(until.front())};
  std::size_t at = 0;
  for (std::size_t i = 0; i < ages.size(); ++i) {
    const auto piece = body.subspan(at, static_cast<std::size_t>(sizes[i]));
    sound.pieces.push_back(
        {.start = on_media_clock(ages[i]),
         .bytes = base::SharedBytes(std::vector<std::uint8_t>(piece.begin(), piece.end()))});
    at += piece.size();
  }
  return sound;
}

void add_backfill_routes(Server& server, const BackfillRoutes& use) {
  add_routes(server, use, {{"POST", "/api/v1/studio/{link}/backfill", Where::control, backfill}});
}

}  // namespace tongke::relay::http::api
