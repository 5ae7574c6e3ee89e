#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/glib/main_loop.hpp"
#include "base/result.hpp"
#include "relay/app/control_socket.hpp"
#include "relay/app/data_dir.hpp"
#include "relay/app/day_desk.hpp"
#include "relay/app/demo_class.hpp"
#include "relay/app/demo_teacher.hpp"
#include "relay/app/desk.hpp"
#include "relay/app/inspection_desk.hpp"
#include "relay/app/key_ring.hpp"
#include "relay/app/load_desk.hpp"
#include "relay/app/media_desk.hpp"
#include "relay/app/outward_desk.hpp"
#include "relay/app/own_data_desk.hpp"
#include "relay/app/people_desk.hpp"
#include "relay/app/replays.hpp"
#include "relay/app/rest_desk.hpp"
#include "relay/app/retention_desk.hpp"
#include "relay/app/settings.hpp"
#include "relay/app/signal_desk.hpp"
#include "relay/channel/clip.hpp"
#include "relay/edge/log_receiver.hpp"
#include "relay/hls/origin.hpp"
#include "relay/hls/ts_maker.hpp"
#include "relay/http/server.hpp"
#include "relay/ingest/rtmp/server.hpp"
#include "relay/ingest/srt/server.hpp"
#include "relay/live/directory.hpp"
#include "relay/output/outputs.hpp"
#include "school/lessons.hpp"
#include "school/televisions.hpp"
#include "school/token.hpp"

namespace tongke::relay::webrtc {
class Service;
}

namespace tongke::relay::app {

class WebRtcLessons;

/// The whole relay, wired: every module is made here, in order of need, and let go in the
/// reverse order.  @thread the one that runs `control`
class Server {
 public:
  /// Opens data and ports, finds unfinished recordings. Nothing is served yet.
  [[nodiscard]] static base::Result<std::unique_ptr<Server>> create(const Settings& settings, DataDir data,
                                                                    base::glib::MainLoop& control);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts serving; with `demo`, also the demo lesson.
  [[nodiscard]] base::Result<void> start(bool demo);
  /// Takes over what may change while running; names what needs a restart.
  void reload(const Settings& settings);
  /// Tells publishers, closes recordings' files, answers what is running; then `done`.
  void stop(std::function<void()> done);

  struct Ports {
    std::uint16_t http = 0;
    std::uint16_t rtmp = 0;
    std::uint16_t rtmps = 0;  ///< 0: no TLS
    std::uint16_t srt = 0;
    std::uint16_t signal = 0;
    std::uint16_t webrtc = 0;
    std::uint16_t edge = 0;  ///< 0: edges' logs are not listened to
  };
  [[nodiscard]] Ports ports() const;
  [[nodiscard]] const Addresses& addresses() const { return desk_->addresses(); }
  /// Everything that is answered over HTTP.
  [[nodiscard]] std::vector<http::RouteName> routes() const { return http_->routes(); }
  [[nodiscard]] const DemoLinks& demo() const noexcept { return demo_; }

 private:
  Server(const Settings& settings, DataDir data, base::glib::MainLoop& control, school::store::Store store);
  [[nodiscard]] base::Result<void> open();
  [[nodiscard]] base::Result<void> open_outputs();
  void resume_outputs();
  [[nodiscard]] base::Result<void> open_day();
  [[nodiscard]] base::Result<void> open_retention();
  [[nodiscard]] base::Result<void> open_signaling();
  void open_rests();
  [[nodiscard]] base::Result<void> open_outward();
  [[nodiscard]] base::Result<void> open_http();
  void recheck_viewers();
  void open_load();
  void open_origin();
  void add_lesson_routes();
  void add_school_routes();
  [[nodiscard]] base::Result<void> open_pages();
  [[nodiscard]] base::Result<void> open_ingest();
  [[nodiscard]] base::Result<void> open_rtmps();
  [[nodiscard]] base::Result<void> open_webrtc();
  [[nodiscard]] base::Result<void> open_edge_log();
  [[nodiscard]] base::Result<void> resume_lessons();
  [[nodiscard]] base::Result<void> start_cameras();
  [[nodiscard]] base::Result<void> start_demo();
  [[nodiscard]] base::Result<void> seat_demo(const school::Lesson& lesson);
  [[nodiscard]] base::Result<void> offer_try();
  void answer_command(const std::string& line, ControlSocket::Answer answer);
  [[nodiscard]] base::Result<void> set_state(const std::string& lesson, school::LessonState state);
  void lesson_changed(const school::Lesson& lesson);
  void lesson_closed(const std::string& id);
  void lesson_removed(const std::string& id);
  /// Where this program lies, and what came with it.
  [[nodiscard]] static std::filesystem::path program_folder();
  [[nodiscard]] std::string pipeline_program() const;
  /// Key, lesson and hour.
  [[nodiscard]] base::Result<void> may_publish(const std::string& lesson, const std::string& key) const;

  Settings settings_;
  DataDir data_;
  base::glib::MainLoop& control_;
  school::store::Store store_;
  std::optional<school::Lessons> lessons_;
  std::optional<school::TokenSigner> signer_;
  school::Televisions televisions_;  ///< control's
  std::unique_ptr<PeopleDesk> people_;
  KeyRing keys_;
  std::unique_ptr<SignalDesk> signals_;   // outlives the HTTP workers, which report to it
  std::unique_ptr<OutwardDesk> outward_;  // hears of media and lessons to the end
  std::unique_ptr<MediaDesk> media_;
  std::unique_ptr<live::Directory> directory_;
  std::optional<LoadDesk> load_;              ///< looks at the directory's lessons
  std::unique_ptr<output::Outputs> outputs_;  ///< looks at the directory's lessons
  std::unique_ptr<DayDesk> day_;
  std::unique_ptr<RestDesk> rests_;
  std::unique_ptr<WebRtcLessons> webrtc_lessons_;
  std::unique_ptr<webrtc::Service> webrtc_;
  std::unique_ptr<http::Server> http_;
  std::shared_ptr<hls::TsMaker> ts_;
  std::unique_ptr<hls::Origin> origin_;
  std::shared_ptr<channel::Clip> eye_exercises_;
  std::unique_ptr<edge::LogReceiver> edge_log_;
  std::unique_ptr<Replays> replays_;
  std::unique_ptr<RetentionDesk> retention_;
  std::unique_ptr<InspectionDesk> inspections_;
  std::unique_ptr<OwnDataDesk> own_data_;
  std::unique_ptr<ingest::rtmp::Server> rtmp_;
  std::unique_ptr<ingest::rtmp::Server> rtmps_;  ///< with TLS only
  std::unique_ptr<ingest::srt::Server> srt_;
  std::optional<Desk> desk_;
  std::unique_ptr<ControlSocket> control_socket_;
  std::unique_ptr<DemoTeacher> demo_teacher_;
  DemoLinks demo_;
  bool stopping_ = false;
};

}  // namespace tongke::relay::app
