#include <algorithm>
#include <array>

#include "relay/hls/answers.hpp"
#include "relay/hls/compat.hpp"
#include "relay/hls/origin_worker.hpp"

// The lesson as MPEG-TS, for old WebViews, televisions and cable.

namespace tongke::relay::hls {
namespace {

/// One half of a stretch in one rendition.
struct Half {
  const live::RenditionSnapshot* rendition = nullptr;
  std::uint32_t msn = 0;
  std::uint32_t init = 0;
  base::SharedBytes init_bytes;
  std::vector<base::SharedBytes> pieces;
};

http::Response ts_answer(const base::SharedBytes& bytes, base::MediaTime start) {
  http::Response response;
  response.content_type = "video/mp2t";
  response.body = {bytes};
  response.headers.emplace_back("Cache-Control", kCacheMedia);
  response.headers.emplace_back("Accept-Ranges", "bytes");
  add_media_time(response, start);
  return with_cors(std::move(response));
}

/// Takes what is in memory. @return whether the rest has to come from the recording
bool take_held(Half& half) {
  const auto found = half.rendition == nullptr ? std::nullopt : half.rendition->find(half.msn);
  if (!found || found->info.bytes == 0) return false;
  const auto* const init = half.rendition->find_init(found->info.init);
  if (init == nullptr || (found->held != nullptr && !found->held->complete)) return false;
  half.init = found->info.init;
  half.init_bytes = init->bytes;
  if (found->held == nullptr) return true;
  for (const auto& part : found->held->parts) half.pieces.push_back(part.bytes);
  return false;
}

}  // namespace

/// A stretch on its way: its pieces are brought together, then made into TS.
struct OriginWorker::Gathering {
  std::shared_ptr<const http::Request> request;
  http::Responder responder;
  /// Keeps what the renditions point into.
  std::shared_ptr<const live::LessonSnapshot> snapshot;
  std::string key;
  base::MediaTime start{0};
  std::array<Half, 4> halves;
  std::size_t missing = 0;
  bool failed = false;

  /// Halves of the same parameters are one file.
  [[nodiscard]] TsInput input() const {
    TsInput made;
    const Half* before = nullptr;
    for (const Half& half : halves) {
      if (half.pieces.empty()) continue;
      auto& files = half.rendition->kind == live::TrackKind::video ? made.video : made.audio;
      if (files.empty() || before->init != half.init) files.push_back({half.init_bytes});
      files.back().insert(files.back().end(), half.pieces.begin(), half.pieces.end());
      before = &half;
    }
    return made;
  }
};

void OriginWorker::handle_compat_list(std::shared_ptr<const http::Request> request,
                                      http::Responder responder) {
  const Lesson* const lesson = admit(*request, true, responder);
  if (lesson == nullptr) return;
  if (settings_->ts == nullptr) return responder.send(not_found());
  const std::string text = lesson->snapshot ? compat_playlist(*lesson->snapshot) : std::string();
  if (text.empty()) return responder.send(come_back("the lesson has not begun"));
  http::Response response;
  response.content_type = "application/vnd.apple.mpegurl";
  response.body = {base::SharedBytes(std::vector<std::uint8_t>(text.begin(), text.end()))};
  response.headers.emplace_back("Cache-Control", kCacheNow);
  responder.send(with_cors(std::move(response)));
}

void OriginWorker::handle_stretch(std::shared_ptr<const http::Request> request, http::Responder responder) {
  const auto number = parse_stretch_name(request->param("file"));
  if (!number || settings_->ts == nullptr) return responder.send(not_found());
  const Lesson* const lesson = admit(*request, false, responder);
  if (lesson == nullptr) return;
  if (!lesson->snapshot) return responder.send(not_found());
  const auto all = std::make_shared<Gathering>(Gathering{.request = request,
                                                         .responder = std::move(responder),
                                                         .snapshot = lesson->snapshot,
                                                         .key = {},
                                                         .halves = {}});
  all->key = all->snapshot->lesson + "/" + std::to_string(*number);
  const auto whole = stretches(*all->snapshot);
  const auto listed = std::ranges::find(whole, *number, &Stretch::number);
  // What has left the list stays for a while; what is not on it yet does not exist.
  if (whole.empty() || *number > whole.back().number) return all->responder.send(not_found());
  if (listed != whole.end()) all->start = listed->start;
  if (listed != whole.end() && listed->filled) all->key += " filled";
  std::vector<Half*> from_archive;
  std::size_t at = 0;
  for (const auto* rendition : {compat_video(*all->snapshot), compat_audio(*all->snapshot)}) {
    for (const std::uint32_t msn : {2 * *number, 2 * *number + 1}) {
      Half& half = all->halves.at(at++);
      half.rendition = rendition;
      half.msn = msn;
      if (take_held(half) && archive_) from_archive.push_back(&half);
    }
  }
  all->missing = from_archive.size();
  if (from_archive.empty()) return make_stretch(all);
  for (Half* half : from_archive) {
    archive_->get(request->param("lesson"), half->rendition->id, half->msn,
                  [self = shared_from_this(), all, half](const base::Result<base::SharedBytes>& bytes) {
                    if (bytes) half->pieces.push_back(*bytes);
                    all->failed = all->failed || !bytes;
                    if (--all->missing == 0) self->make_stretch(all);
                  });
  }
}

void OriginWorker::make_stretch(const std::shared_ptr<Gathering>& all) {
  if (all->failed) return all->responder.send(come_back("the recording is busy"));
  TsInput input = all->input();
  if (input.video.empty() && input.audio.empty()) return all->responder.send(not_found());
  settings_->ts->make(all->key, std::move(input),
                      [self = shared_from_this(), all](const base::Result<base::SharedBytes>& made) {
                        self->executor_.post([self, all, made] { self->send_stretch(*all, made); });
                      });
}

void OriginWorker::send_stretch(Gathering& all, const base::Result<base::SharedBytes>& made) const {
  if (!made) return all.responder.send(come_back("the machine is busy"));
  const http::Request& request = *all.request;
  if (request.method() != "HEAD" && !all.responder.aborted()) {
    note_delivered({request.param("token"), request.param("lesson"), "compat", all.start, made->size()},
                   *all.snapshot);
  }
  http::Response response = ts_answer(*made, all.start);
  if (all.snapshot->lesson != request.param("lesson")) keep_briefly(response);
  all.responder.send(std::move(response));
}

}  // namespace tongke::relay::hls
