#include "relay/app/settings.hpp"

#include <charconv>
#include <fstream>
#include <sstream>

#include "relay/output/destination.hpp"
#include "relay/outward/receiver.hpp"

namespace tongke::relay::app {

namespace {

constexpr std::int64_t kDay = 24LL * 3'600'000;

// The district's numbers for school/timetable; docs/timetable.md says which are the plan's own.
void add_hours(base::ConfigSchema& schema, Settings::Hours& hours) {
  schema.add({"hours", "zone", &hours.zone, "The district's time as an offset from UTC."});
  schema.add({"hours", "evening", &hours.evening,
              "No live teaching in it, for nobody: neither planned nor on air."});
  const auto cap = [&](const char* name, std::chrono::milliseconds* value, const std::string& who) {
    schema.add(
        {"hours", name, value, "Most live teaching a pupil and day, " + who + "; 0s = no cap.", {0, kDay}});
  };
  cap("cap_low", &hours.cap_low, "lower primary grades");
  cap("cap_middle", &hours.cap_middle, "upper primary grades");
  cap("cap_junior", &hours.cap_junior, "junior secondary");
  cap("cap_senior", &hours.cap_senior, "senior secondary");
  schema.add({"hours", "min_break", &hours.min_break, "Shortest break between two live lessons.", {0, kDay}});
  schema.add({"hours",
              "few_pupils",
              &hours.few_pupils,
              "Up to so many pupils of one class may be helped in the evening.",
              {0, 60}});
  schema.add(
      {"hours", "open_lessons", &hours.open_lessons,
       "Lessons without classes (trials, the demo) may be on air at any time; false = the evening holds "
       "for them too."});
}

void add_load(base::ConfigSchema& schema, Settings::Load& load) {
  schema.add({"load", "enabled", &load.enabled,
              "Make fewer pictures while the machine is too busy: first 480p, then 360p, 240p, at last sound "
              "and stills only. Sound is never refused. Reloaded on SIGHUP."});
  schema.add(
      {"load",
       "budget",
       &load.budget,
       "Percent of the machine's CPUs that may be busy, with everything that runs on it. Reloaded on SIGHUP.",
       {1, 100}});
  schema.add({"load",
              "joins",
              &load.joins,
              "Viewers a second who get the picture at once when they open a lesson, five times as many in "
              "one moment; more hear it first and see it within a minute.",
              {1, 100'000}});
  schema.add({"load",
              "priority",
              &load.priority,
              "Grades whose lessons are cut last and never to sound alone.",
              {},
              {},
              [](const std::string& line) {
                return grade_of(line)
                           ? base::Result<void>()
                           : base::Result<void>(base::Error{base::Errc::invalid, "must be a grade, 1 to 12"});
              }});
}

void add_retention(base::ConfigSchema& schema, Settings::Retention& retention) {
  schema.add({"retention", "officer", &retention.officer,
              "Who answers for children's data; no plan goes active without."});
  schema.add({"retention", "term_end", &retention.term_end,
              "Last day of the term, e.g. \"2027-01-15\"; no plan goes active without."});
  schema.add({"retention", "time", &retention.time, "When the daily job deletes, the district's time."});
  schema.add({"retention",
              "media",
              &retention.media,
              "How long recordings are kept after their lesson.",
              {kDay, 3650 * kDay}});
  schema.add(
      {"retention", "graduation_until", &retention.graduation_until,
       "Recordings of grades 9 and 12 are kept to this day at least, e.g. \"2027-06-30\"; empty = like "
       "others."});
  schema.add({"retention",
              "presence_after_term",
              &retention.presence_after_term,
              "How long attendance is kept after the end of the term.",
              {0, 3650 * kDay}});
  schema.add({"retention",
              "help",
              &retention.help,
              "How long notes and help threads are kept after their lesson.",
              {kDay, 3650 * kDay}});
  schema.add({"retention",
              "access",
              &retention.access,
              "How long the log of looks at children's data is kept; the law asks for six months.",
              {180 * kDay, 3650 * kDay}});
  schema.add({"retention",
              "spot_checks",
              &retention.spot_checks,
              "How long an inspector's signed records are kept, with their stills.",
              {kDay, 3650 * kDay}});
}

void add_tickets(base::ConfigSchema& schema, Settings::Tickets& tickets) {
  const auto climb = [&](const char* name, std::chrono::milliseconds* value, const std::string& what) {
    schema.add(
        {"tickets", name, value, what + " Saturdays and Sundays do not count; 0s = never.", {0, 30 * kDay}});
  };
  climb(
      "to_office", &tickets.to_office,
      "How long a family's ticket may wait at the homeroom teacher or technician before the school's office "
      "has it too.");
  climb("to_principal", &tickets.to_principal, "How long at the office, before the principal has it.");
}

void add_outward(base::ConfigSchema& schema, Settings::Outward& outward) {
  schema.add(
      {"outward",
       "receivers",
       &outward.receivers,
       "Who is told of lessons, each \"name | webhook, dingtalk or wecom | address | options\"; options "
       "are zh, en, recordings, school=NAME and class=3(2). docs/outward.md explains it.",
       {},
       {},
       [](const std::string& line) {
         const auto receiver = outward::receiver_from(line);
         return receiver ? base::Result<void>() : base::Result<void>(receiver.error());
       }});
  schema.add({"outward",
              "secrets",
              &outward.secrets,
              "What messages to them are signed with, each \"name=SECRET\": any of 16 characters or more "
              "for a webhook, what the group shows (SEC…) for a DingTalk robot.",
              {},
              {},
              [](const std::string& line) {
                const auto secret = outward::secret_from(line);
                return secret ? base::Result<void>() : base::Result<void>(secret.error());
              }});
  schema.add({"outward",
              "ahead",
              &outward.ahead,
              "How long before its planned start a lesson is announced; 0s = not at all.",
              {0, kDay}});
  schema.add({"outward",
              "patience",
              &outward.patience,
              "How long a lesson must be interrupted before that is said.",
              {0, kDay}});
}

void add_outputs(base::ConfigSchema& schema, Settings::Outputs& outputs) {
  schema.add(
      {"outputs",
       "destinations",
       &outputs.destinations,
       "Where a lesson may be sent to, each \"name | ts | udp://HOST:PORT or srt://HOST:PORT | rate=5M | "
       "name=CHANNEL | delay=30s\" or \"name | rtmp | rtmps://HOST/APP | delay=3s\". None is, until the "
       "office "
       "says so for a lesson. docs/outputs.md explains it.",
       {},
       {},
       [](const std::string& line) {
         const auto destination = output::destination_from(line);
         return destination ? base::Result<void>() : base::Result<void>(destination.error());
       }});
  schema.add(
      {"outputs",
       "keys",
       &outputs.keys,
       "Stream keys (RTMP) and passphrases (SRT) of them, each \"name=KEY\". An RTMP destination without "
       "one is given its key with each lesson.",
       {},
       {},
       [](const std::string& line) {
         const auto key = output::key_from(line);
         return key ? base::Result<void>() : base::Result<void>(key.error());
       }});
}

}  // namespace

base::ConfigSchema Settings::schema(Settings& s) {
  constexpr base::ConfigSchema::Range kPort = {0, 65535};
  base::ConfigSchema schema;
  schema.add(
      {"server", "host", &s.server.host,
       "Host name or address put into printed addresses; empty = 127.0.0.1, right on this machine only."});
  schema.add({"log",
              "level",
              &s.log.level,
              "Least important lines to write. Reloaded on SIGHUP.",
              {},
              {"debug", "info", "warn", "error"}});
  schema.add({"log", "format", &s.log.format, "Lines for people or for machines.", {}, {"text", "json"}});
  schema.add({"http", "address", &s.http.address, "Address to listen on; \"::\" is every one, IPv4 too."});
  schema.add({"http", "port", &s.http.port, "TCP port of pages, API and HLS; 0 picks a free one.", kPort});
  schema.add({"http", "workers", &s.http.workers, "Threads that serve HTTP.", {1, 64}});
  schema.add({"http", "public_url", &s.http.public_url,
              "Address people reach the pages at, e.g. \"https://live.example.cn\"; empty = made from host "
              "and port."});
  schema.add(
      {"http", "tls_certificate", &s.http.tls_certificate, "PEM file; with tls_key, HTTPS instead of HTTP."});
  schema.add({"http", "tls_key", &s.http.tls_key, "PEM file of the certificate's private key."});
  schema.add({"http", "pages", &s.http.pages, "Folder of the built pages; empty = beside the program."});
  schema.add(
      {"signaling", "address", &s.signaling.address, "Address to listen on; \"::\" is every one, IPv4 too."});
  schema.add({"signaling", "port", &s.signaling.port,
              "TCP port of the websocket /signal (TLS like http's); 0 picks a free one.", kPort});
  schema.add({"signaling",
              "max_connections",
              &s.signaling.max_connections,
              "Websocket clients at once; each also needs an open file.",
              {1, 1'000'000}});
  schema.add({"rtmp", "address", &s.rtmp.address, "Address to listen on."});
  schema.add({"rtmp", "port", &s.rtmp.port,
              "TCP port for OBS, ffmpeg and other RTMP publishers; 0 picks one.", kPort});
  schema.add({"rtmp", "tls_port", &s.rtmp.tls_port,
              "TCP port for the same within TLS (rtmps://), open with http.tls_certificate; 0 picks one.",
              kPort});
  schema.add({"srt", "address", &s.srt.address, "Address to listen on."});
  schema.add({"srt", "port", &s.srt.port, "UDP port for SRT publishers; 0 picks one.", kPort});
  schema.add({"srt", "latency", &s.srt.latency, "How long SRT may wait for lost packets.", {20, 8000}});
  schema.add({"webrtc", "address", &s.webrtc.address, "Address to listen on."});
  schema.add({"webrtc", "port", &s.webrtc.port,
              "UDP and TCP port for browsers that publish or watch; each further worker has the next one; 0 "
              "picks free ones.",
              kPort});
  schema.add({"webrtc",
              "workers",
              &s.webrtc.workers,
              "Threads that serve WebRTC; one is enough for hundreds of viewers.",
              {1, 16}});
  schema.add({"webrtc", "tcp", &s.webrtc.tcp, "Also serve browsers whose network lets only TCP through."});
  schema.add(
      {"webrtc", "public", &s.webrtc.public_addresses,
       "IP addresses browsers reach this machine at, when they are not its own (NAT); empty = its own."});
  schema.add({"rtsp", "pull", &s.rtsp.pull,
              "Classroom cameras, each \"<lesson id>=rtsp://user:password@host/path\"."});
  schema.add({"hls",
              "part",
              &s.hls.part,
              "Length of an LL-HLS part: shorter is earlier, and more requests.",
              {100, 1000}});
  schema.add({"hls",
              "segment",
              &s.hls.segment,
              "Length of a segment aimed at; publishers send a keyframe this often.",
              {1000, 6000}});
  schema.add({"edge", "log", &s.edge.log,
              "Count as attendance what caching edges (nginx) deliver, by the access log they send as "
              "syslog."});
  schema.add({"edge", "address", &s.edge.address,
              "Address to hear it at: links are in it, so only this machine or a private network."});
  schema.add({"edge", "port", &s.edge.port, "UDP port of it; 0 picks a free one.", kPort});
  schema.add({"edge", "sources", &s.edge.sources,
              "Addresses of edges on other machines; besides them only 127.0.0.1 and ::1 are heard."});
  schema.add(
      {"pipeline", "program", &s.pipeline.program, "Path of tongke-pipeline; empty = beside this program."});
  schema.add(
      {"pipeline", "nice", &s.pipeline.nice, "Added to the nice value of pipeline children.", {0, 19}});
  schema.add({"pipeline", "slate", &s.pipeline.slate,
              "While the teacher's line is gone, pupils see a still picture that says so, and hear that the "
              "line is not dead."});
  schema.add({"pipeline",
              "silence",
              &s.pipeline.silence,
              "A teacher who is connected but sends nothing for so long has lost the line.",
              {300, 10'000}});
  add_load(schema, s.load);
  schema.add({"record", "enabled", &s.record.enabled, "Record every lesson (teachers' tracks only)."});
  schema.add({"record", "ladder", &s.record.ladder,
              "Also record the smaller pictures (480p, 360p, 240p) for as long as somebody watches them."});
  schema.add({"record", "min_free", &s.record.min_free,
              "Disk space to leave free; below it recordings shed video first, the audio rendition last. "
              "Reloaded on "
              "SIGHUP."});
  schema.add({"store", "url", &s.store.url,
              "Database of lessons and people: empty = tongke.db in the data folder, \"sqlite:PATH\" or "
              "\"postgresql://user:password@host/database\"."});
  schema.add({"links",
              "valid",
              &s.links.valid,
              "How long a personal link opens its lesson and replay.",
              {60'000, 366LL * 24 * 3'600'000}});
  add_hours(schema, s.hours);
  schema.add(
      {"channel", "eye_exercises", &s.channel.eye_exercises,
       "A clip that channels play in eye exercises, in picture and sound, ten minutes at most; empty = a "
       "still picture that says so."});
  add_tickets(schema, s.tickets);
  add_retention(schema, s.retention);
  add_outward(schema, s.outward);
  add_outputs(schema, s.outputs);
  return schema;
}

base::Result<void> load_settings(Settings& settings, const std::string& file) {
  std::string text;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream content;
    content << in.rdbuf();
    if (!in) return base::Error{base::Errc::io, file + ": cannot be read"};
    text = std::move(content).str();
  }
  const std::string name = file.empty() ? "config" : file;
  if (auto ok = Settings::schema(settings).load(text, name, base::tongke_environment()); !ok) return ok;
  const auto receivers = outward::receivers_from(settings.outward.receivers, settings.outward.secrets);
  if (!receivers) return base::Error(receivers.error()).in(name);
  const auto destinations = output::destinations_from(settings.outputs.destinations, settings.outputs.keys);
  if (!destinations) return base::Error(destinations.error()).in(name);
  return {};
}

bool is_secure(const Settings& settings) {
  return !settings.http.tls_certificate.empty() || settings.http.public_url.starts_with("https:");
}

std::optional<school::people::Grade> grade_of(const std::string& line) {
  unsigned grade = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), grade);
  if (error != std::errc() || end != line.data() + line.size() || grade < 1 || grade > 12)
    return std::nullopt;
  return static_cast<school::people::Grade>(grade);
}

base::log::Level log_level(const Settings& settings) {
  if (settings.log.level == "debug") return base::log::Level::debug;
  if (settings.log.level == "warn") return base::log::Level::warn;
  if (settings.log.level == "error") return base::log::Level::error;
  return base::log::Level::info;
}

}  // namespace tongke::relay::app
