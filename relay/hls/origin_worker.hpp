#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "relay/hls/names.hpp"
#include "relay/hls/news.hpp"
#include "relay/hls/origin.hpp"

namespace tongke::relay::hls {

/// What one worker thread of the HTTP server knows of lessons, and who waits there.
/// @thread its worker
class OriginWorker : public std::enable_shared_from_this<OriginWorker> {
 public:
  OriginWorker(std::size_t index, base::Executor& executor, std::shared_ptr<const OriginSettings> settings,
               std::shared_ptr<NewsBoard> board, std::shared_ptr<Viewers> viewers);

  /// Takes what is on the board and answers whoever waited for it.
  void read_news();

  void handle_master(std::shared_ptr<const http::Request> request, http::Responder responder);
  void handle_media(std::shared_ptr<const http::Request> request, http::Responder responder);
  void handle_compat_list(std::shared_ptr<const http::Request> request, http::Responder responder);
  void handle_stretch(std::shared_ptr<const http::Request> request, http::Responder responder);
  /// Whether this device may have the lesson at all, for a cache that has the media itself.
  void handle_pass(std::shared_ptr<const http::Request> request, http::Responder responder);
  void handle_still_list(std::shared_ptr<const http::Request> request, http::Responder responder);

 private:
  struct Gathering;
  /// A request that is being answered, maybe later. The views point into the request.
  struct Ask {
    enum class For { master, playlist, init, segment, part };
    std::shared_ptr<const http::Request> request;
    http::Responder responder;
    std::string_view token;
    std::string_view lesson;
    std::string_view rendition;
    For what = For::master;
    Directives directives;
    MediaName name;
    base::Steady::time_point deadline{};
  };
  struct Lesson {
    explicit Lesson(Deflater& deflater) : texts(deflater) {}
    std::shared_ptr<const live::LessonSnapshot> snapshot;  ///< null: asked for, not published yet
    PlaylistCache texts;
    std::vector<Ask> waiting;
    std::map<std::string, base::Steady::time_point, std::less<>> asked;  ///< when told last
  };

  /// The lesson a request may see; null, and answered, if there is none or not for it.
  [[nodiscard]] Lesson* admit(const http::Request& request, bool playlist, http::Responder& responder);
  /// What of the lesson the token is shown: itself, or what is published in its place. Null when neither
  /// is known.
  [[nodiscard]] Lesson* shown(std::string_view token, std::string_view lesson);
  [[nodiscard]] base::Steady::time_point deadline(const Lesson& lesson) const;

  /// Passes on that a rendition made on demand is fetched.
  void note_asked(Lesson& lesson, std::string_view id, std::string_view rendition) const;
  void handle_still(const http::Request& request, http::Responder responder);
  void make_stretch(const std::shared_ptr<Gathering>& all);
  void send_stretch(Gathering& all, const base::Result<base::SharedBytes>& made) const;
  /// Whoever was sent media counts, if it was the lesson's own.
  void note_delivered(const Delivery& delivery, const live::LessonSnapshot& of) const;
  /// Answers, reads from the archive, or waits (again).
  void settle(Ask ask, bool was_waiting);
  /// The answer to `ask` as things stand, or nothing if it has to wait.
  [[nodiscard]] std::optional<http::Response> answer(Lesson& lesson, const Ask& ask);
  [[nodiscard]] std::optional<http::Response> answer_playlist(Lesson& lesson,
                                                              const live::RenditionSnapshot& rendition,
                                                              const Ask& ask);
  [[nodiscard]] std::optional<http::Response> answer_part(const Lesson& lesson,
                                                          const live::RenditionSnapshot& rendition,
                                                          const Ask& ask);
  [[nodiscard]] bool in_archive(const Lesson& lesson, const Ask& ask) const;
  void read_archive(const Lesson& lesson, Ask ask);
  void send(Ask& ask, http::Response response);

  [[nodiscard]] bool may_wait(const Lesson& lesson, const Ask& ask);
  void forget_waiting(const Ask& ask);
  void wake(const std::string& id);
  void sweep();
  void watch_deadlines();

  const std::size_t index_;
  base::Executor& executor_;
  const std::shared_ptr<const OriginSettings> settings_;
  const std::shared_ptr<NewsBoard> board_;
  const std::shared_ptr<Viewers> viewers_;
  Deflater deflater_;
  std::shared_ptr<ArchiveCache> archive_;
  std::map<std::string, Lesson, std::less<>> lessons_;
  std::unordered_map<std::string, std::size_t> waiting_by_token_;
  std::size_t waiting_ = 0;
  bool sweeping_ = false;
};

}  // namespace tongke::relay::hls
