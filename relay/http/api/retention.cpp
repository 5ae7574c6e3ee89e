#include "relay/http/api/retention.hpp"

#include <algorithm>
#include <utility>

#include "relay/http/api/json_response.hpp"
#include "relay/http/api/office_lesson.hpp"
#include "relay/http/api/on_store.hpp"
#include "school/store/retention_table.hpp"

namespace tongke::relay::http::api {
namespace {

using base::Result;
using nlohmann::json;
using school::retention::Deletion;
using school::retention::Kept;

using Shared = std::shared_ptr<const RetentionRoutes>;

/// Lines that one look at the deletion log goes through: most are other schools'.
constexpr std::size_t kMostLines = 1'000;

json ms(base::WallTime at) { return at.time_since_epoch().count(); }

json recording_json(const RetentionRoutes& use, const Kept& kept) {
  const auto* lesson = use.office.lessons.find(kept.lesson);
  const bool held = use.holds.holds(kept.lesson, base::wall_now());
  return {{"lesson", kept.lesson},
          {"title", lesson ? json(lesson->title) : json(nullptr)},
          {"started_at", lesson && lesson->started ? ms(*lesson->started) : json(nullptr)},
          {"due_at", ms(kept.due)},
          {"held", held},
          {"goes_at", held ? json(nullptr) : ms(use.taken_at(kept.due))}};
}

/// A cursor counts recordings that were gone through, the asker's or not.
json recordings_json(const RetentionRoutes& use, const Visitor& visitor, const std::vector<Kept>& all,
                     const Page& page) {
  json items = json::array();
  std::size_t at = std::min<std::size_t>(page.after, all.size());
  for (; at < all.size() && items.size() < page.limit; ++at) {
    if (may_hold_lesson(visitor, use.office.arrangements.of(all[at].lesson)))
      items.push_back(recording_json(use, all[at]));
  }
  return {{"items", std::move(items)}, {"next", at < all.size() ? json(std::to_string(at)) : json(nullptr)}};
}

json line_json(const RetentionRoutes& use, const Deletion& line) {
  const auto* lesson = use.office.lessons.find(line.lesson);
  return {{"id", line.id},
          {"at", ms(line.at)},
          {"kind", line.kind},
          {"lesson", line.lesson.empty() ? json(nullptr) : json(line.lesson)},
          {"items", line.items},
          {"bytes", line.bytes},
          {"hash", line.hash},
          {"chain", line.chain},
          {"title", lesson ? json(lesson->title) : json(nullptr)}};
}

/// Lines of the asker's lessons, and of rows of many lessons, which are everybody's.
json lines_json(const RetentionRoutes& use, const Visitor& visitor, const std::vector<Deletion>& lines,
                const Page& page) {
  json items = json::array();
  std::size_t at = 0;
  for (; at < lines.size() && items.size() < page.limit; ++at) {
    const std::string& lesson = lines[at].lesson;
    if (lesson.empty() || may_hold_lesson(visitor, use.office.arrangements.of(lesson)))
      items.push_back(line_json(use, lines[at]));
  }
  const bool more = at < lines.size() || lines.size() == kMostLines;
  return {{"items", std::move(items)},
          {"next", more ? json(std::to_string(lines[at - 1].id)) : json(nullptr)}};
}

void rules(const Shared& use, const Visitor& /*visitor*/, const Page& /*page*/, Responder responder) {
  json said = use->rules;
  said["next_run_at"] = ms(use->taken_at(base::wall_now()));
  responder.send(json_response(said));
}

void recordings(const Shared& use, const Visitor& visitor, const Page& page, Responder responder) {
  const auto kept = std::make_shared<Responder>(std::move(responder));
  use->recordings([use, visitor, page, kept](const Result<RetentionRoutes::Recordings>& all) {
    all ? kept->send(json_response(recordings_json(*use, visitor, **all, page))) : kept->fail(all.error());
  });
}

void deletions(const Shared& use, const Visitor& visitor, const Page& page, Responder responder) {
  on_store<std::vector<Deletion>>(
      use->office, std::move(responder),
      [before = page.after](school::store::Store& store) {
        return school::store::load_deletions_before(store, before, kMostLines);
      },
      [use, visitor, page](const std::vector<Deletion>& lines) {
        return json_response(lines_json(*use, visitor, lines, page));
      });
}

}  // namespace

void add_retention_routes(Server& server, const RetentionRoutes& routes) {
  const auto use = std::make_shared<const RetentionRoutes>(routes);
  const auto with = [&](auto handler) {
    return [use, handler](const Office& /*office*/, const Visitor& visitor,
                          const std::shared_ptr<const Request>& request, Responder responder) {
      if (!school::may_somewhere(*visitor.people, visitor.asker, school::Act::hold))
        return responder.fail(nothing_here());
      const auto page = page_of(*request);
      if (!page) return responder.fail(page.error());
      handler(use, visitor, *page, std::move(responder));
    };
  };
  add_staff_routes(server, use->office, Where::control,
                   {{"GET", "/api/v1/retention", with(rules)},
                    {"GET", "/api/v1/retention/recordings", with(recordings)},
                    {"GET", "/api/v1/retention/deletions", with(deletions)}});
}

}  // namespace tongke::relay::http::api
