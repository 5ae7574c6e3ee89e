#include "relay/record/journal.hpp"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "relay/record/append_file.hpp"
#include "relay/record/layout.hpp"

namespace tongke::relay::record {
namespace {

using base::Errc;
using base::Error;
using base::MediaTime;
using nlohmann::json;

constexpr std::size_t kMaxLineBytes = 64U << 10U;
// Far beyond any lesson, far below overflow when added up.
constexpr std::uint64_t kMaxTime = UINT64_C(1) << 52;
constexpr std::uint64_t kMaxBytes = UINT64_C(1) << 52;

// Reads members of one line; remembers whether any was wrong.
class Members {
 public:
  explicit Members(const json& object) : object_(object) {}

  std::string text(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_string()) return fail<std::string>();
    return found->get<std::string>();
  }
  std::string id(const char* name) {
    auto value = text(name);
    if (!valid_id(value)) fail<int>();
    return value;
  }
  std::uint64_t number(const char* name, std::uint64_t max) {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_number_unsigned()) return fail<std::uint64_t>();
    const auto value = found->get<std::uint64_t>();
    return value <= max ? value : fail<std::uint64_t>();
  }
  std::uint32_t small(const char* name) { return static_cast<std::uint32_t>(number(name, UINT32_MAX)); }
  std::uint64_t bytes(const char* name) { return number(name, kMaxBytes); }
  MediaTime time(const char* name) { return MediaTime(static_cast<std::int64_t>(number(name, kMaxTime))); }
  double real(const char* name) {
    const auto found = object_.find(name);
    return found != object_.end() && found->is_number() ? found->get<double>() : fail<double>();
  }
  bool flag(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end()) return false;
    return found->is_number_unsigned() && found->get<std::uint64_t>() == 1 ? true : fail<bool>();
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

 private:
  template <class T>
  T fail() {
    ok_ = false;
    return T{};
  }
  const json& object_;
  bool ok_ = true;
};

InitLine parse_init(Members& in) {
  InitLine line;
  line.rendition = in.id("r");
  line.kind = in.text("k") == "audio" ? live::TrackKind::audio : live::TrackKind::video;
  line.init.number = in.small("n");
  line.init.codecs = in.text("codecs");
  line.init.width = in.small("w");
  line.init.height = in.small("h");
  line.init.frame_rate = in.real("fps");
  line.size = in.bytes("z");
  return line;
}

PartLine parse_part(Members& in) {
  PartLine line;
  line.rendition = in.id("r");
  line.init = in.small("n");
  line.msn = in.small("m");
  line.index = in.small("i");
  line.start = in.time("s");
  line.duration = in.time("d");
  line.offset = in.bytes("o");
  line.size = in.bytes("z");
  line.independent = in.flag("key");
  line.discontinuity = in.flag("disc");
  return line;
}

// Part lines as we write them ourselves, without the cost of JSON: there are 40,000 of them
// in a lesson that is found open at start-up. nullopt: spelled differently, or out of bounds.
class PartScanner {
 public:
  explicit PartScanner(std::string_view text) : rest_(text) {}

  std::optional<PartLine> scan() {
    PartLine line;
    line.rendition = id(R"({"t":"part","r":")");
    line.init = small(R"(","n":)");
    line.msn = small(R"(,"m":)");
    line.index = small(R"(,"i":)");
    line.start = MediaTime(static_cast<std::int64_t>(number(R"(,"s":)", kMaxTime)));
    line.duration = MediaTime(static_cast<std::int64_t>(number(R"(,"d":)", kMaxTime)));
    line.offset = number(R"(,"o":)", kMaxBytes);
    line.size = number(R"(,"z":)", kMaxBytes);
    line.independent = take(R"(,"key":1)");
    line.discontinuity = take(R"(,"disc":1)");
    good_ = good_ && rest_ == "}";
    return good_ ? std::optional(std::move(line)) : std::nullopt;
  }

 private:
  bool take(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  std::string id(std::string_view before) {
    good_ = good_ && take(before);
    const auto value = rest_.substr(0, rest_.find('"'));
    good_ = good_ && valid_id(value);
    rest_.remove_prefix(value.size());
    return good_ ? std::string(value) : std::string();
  }
  std::uint64_t number(std::string_view before, std::uint64_t max) {
    std::uint64_t value = 0;
    good_ = good_ && take(before);
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    good_ = good_ && error == std::errc() && value <= max;
    if (good_) rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return good_ ? value : 0;
  }
  std::uint32_t small(std::string_view before) {
    return static_cast<std::uint32_t>(number(before, UINT32_MAX));
  }

  std::string_view rest_;
  bool good_ = true;
};

FillLine parse_fill(Members& in) {
  FillLine line{.rendition = in.id("r"), .fill = {.number = in.small("f"), .segment = {}}};
  auto& segment = line.fill.segment;
  segment.info = {.msn = in.small("m"),
                  .init = in.small("n"),
                  .independent = in.flag("key"),
                  .discontinuity = false,
                  .start = in.time("s"),
                  .duration = in.time("d"),
                  .bytes = in.bytes("z"),
                  .filled = true};
  segment.offset = in.bytes("o");
  return line;
}

LossLine parse_loss(Members& in) {
  return {{.rendition = in.id("r"), .start = in.time("s"), .duration = in.time("d"), .why = in.id("why")}};
}

std::string dump(const json& object) {
  // Ids are checked and codecs come from a child: replace, rather than throw, what is not UTF-8.
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

struct Writer {
  std::string operator()(const LessonLine& line) const {
    return dump({{"t", "lesson"},
                 {"id", line.id},
                 {"started", line.started.time_since_epoch().count()},
                 {"v", kJournalVersion}});
  }
  std::string operator()(const InitLine& line) const {
    return dump({{"t", "init"},
                 {"r", line.rendition},
                 {"k", line.kind == live::TrackKind::audio ? "audio" : "video"},
                 {"n", line.init.number},
                 {"codecs", line.init.codecs},
                 {"w", line.init.width},
                 {"h", line.init.height},
                 {"fps", line.init.frame_rate},
                 {"z", line.size}});
  }
  std::string operator()(const PartLine& line) const {
    // By hand: there are fifteen of these a second and lesson. Ids need no escaping.
    std::string out = R"({"t":"part","r":")" + line.rendition + R"(","n":)" + std::to_string(line.init);
    const auto member = [&](const char* name, auto value) {
      out += std::string(",\"") + name + "\":" + std::to_string(value);
    };
    member("m", line.msn);
    member("i", line.index);
    member("s", line.start.count());
    member("d", line.duration.count());
    member("o", line.offset);
    member("z", line.size);
    if (line.independent) member("key", 1);
    if (line.discontinuity) member("disc", 1);
    return out + "}\n";
  }
  std::string operator()(const FillLine& line) const {
    const auto& [info, offset] = line.fill.segment;
    json object = {
        {"t", "fill"},    {"r", line.rendition},     {"f", line.fill.number},      {"n", info.init},
        {"m", info.msn},  {"s", info.start.count()}, {"d", info.duration.count()}, {"o", offset},
        {"z", info.bytes}};
    if (info.independent) object["key"] = 1;
    return dump(object);
  }
  std::string operator()(const GapLine& line) const {
    return dump({{"t", "gap"}, {"s", line.gap.start.count()}, {"d", line.gap.duration.count()}});
  }
  std::string operator()(const LossLine& line) const {
    return dump({{"t", "loss"},
                 {"r", line.loss.rendition},
                 {"s", line.loss.start.count()},
                 {"d", line.loss.duration.count()},
                 {"why", line.loss.why}});
  }
  std::string operator()(const EndLine&) const { return dump({{"t", "end"}}); }
  std::string operator()(const OtherLine& line) const { return line.text + "\n"; }
};

// Puts lines together; what contradicts the lines before it is refused.
class Reader {
 public:
  bool operator()(const LessonLine& line) {
    if (seen_lesson_) return false;
    seen_lesson_ = true;
    out.contents.lesson = line.id;
    out.contents.started = line.started;
    return true;
  }
  bool operator()(const InitLine& line) {
    Rendition* rendition = out.contents.find(line.rendition);
    if (!rendition) {
      out.contents.renditions.push_back(
          {.id = line.rendition, .kind = line.kind, .inits = {}, .segments = {}});
      out.init_sizes.emplace_back();
      rendition = &out.contents.renditions.back();
    }
    if (!rendition->inits.empty() && rendition->inits.back()->number >= line.init.number) return false;
    rendition->inits.push_back(std::make_shared<const live::RenditionInit>(line.init));
    out.init_sizes[static_cast<std::size_t>(rendition - out.contents.renditions.data())].push_back(line.size);
    return true;
  }
  bool operator()(const PartLine& line) {
    Rendition* rendition = out.contents.find(line.rendition);
    return rendition && add_part(*rendition, line);
  }
  bool operator()(const FillLine& line) {
    Rendition* rendition = out.contents.find(line.rendition);
    return rendition && rendition->add_fill(line.fill);
  }
  bool operator()(const GapLine& line) {
    out.contents.gaps.push_back(line.gap);
    return true;
  }
  bool operator()(const LossLine& line) {
    out.contents.losses.push_back(line.loss);
    return true;
  }
  bool operator()(const EndLine&) { return out.contents.ended = true; }
  bool operator()(const OtherLine& line) {
    out.contents.others.push_back(line.text);
    return true;
  }

  [[nodiscard]] bool usable() const noexcept { return seen_lesson_; }

  JournalReading out;

 private:
  bool seen_lesson_ = false;
};

}  // namespace

std::string to_text(const JournalLine& line) { return std::visit(Writer{}, line); }

base::Result<JournalLine> parse_line(std::string_view text) {
  if (text.size() > kMaxLineBytes) return Error{Errc::invalid, "line too long"};
  if (auto part = PartScanner(text).scan()) return JournalLine(std::move(*part));
  const json object = json::parse(text.begin(), text.end(), nullptr, false);
  if (!object.is_object()) return Error{Errc::invalid, "not a JSON object"};
  Members in(object);
  const std::string type = in.text("t");
  std::optional<JournalLine> line;
  if (type == "part") {
    line = parse_part(in);
  } else if (type == "init") {
    line = parse_init(in);
  } else if (type == "fill") {
    line = parse_fill(in);
  } else if (type == "gap") {
    line = GapLine{{.start = in.time("s"), .duration = in.time("d")}};
  } else if (type == "loss") {
    line = parse_loss(in);
  } else if (type == "end") {
    line = EndLine{};
  } else if (type == "lesson") {
    const auto started = in.number("started", kMaxTime);
    line = LessonLine{in.id("id"), base::WallTime(std::chrono::milliseconds(started))};
    if (in.number("v", kJournalVersion) == 0) return Error{Errc::invalid, "no such version"};
  } else if (in.ok()) {
    line = OtherLine{std::string(text)};
  }
  if (!line || !in.ok()) return Error{Errc::invalid, "a member is missing or wrong"};
  return std::move(*line);
}

base::Result<JournalReading> read_journal(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const auto feed = text.find('\n');
    if (feed == std::string_view::npos) {  // torn: its writer was killed
      ++reader.out.dropped;
      break;
    }
    const auto line = parse_line(text.substr(0, feed));
    if (!line || !std::visit(reader, *line)) ++reader.out.dropped;
    text.remove_prefix(feed + 1);
  }
  if (!reader.usable()) return Error{Errc::invalid, "no lesson line"};
  return std::move(reader.out);
}

base::Result<void> add_part(Rendition& rendition, const PartLine& part) {
  if (std::ranges::none_of(rendition.inits, [&](const auto& init) { return init->number == part.init; })) {
    return Error{Errc::invalid, "part of an unknown init"};
  }
  if (part.size == 0) return Error{Errc::invalid, "empty part"};
  if (!rendition.segments.empty()) {
    auto& last = rendition.segments.back();
    const bool same_file = last.info.init == part.init;
    if (part.msn < last.info.msn || part.init < last.info.init || part.start < last.info.start ||
        (same_file && part.offset < last.end())) {
      return Error{Errc::invalid, "part goes back"};
    }
    if (part.msn == last.info.msn) {
      if (!same_file) return Error{Errc::invalid, "segment across two inits"};
      last.info.duration = part.start + part.duration - last.info.start;
      last.info.bytes = part.offset + part.size - last.offset;
      return {};
    }
  }
  rendition.segments.push_back({.info = {.msn = part.msn,
                                         .init = part.init,
                                         .independent = part.independent,
                                         .discontinuity = part.discontinuity,
                                         .start = part.start,
                                         .duration = part.duration,
                                         .bytes = part.size},
                                .offset = part.offset});
  return {};
}

base::Result<void> save_journal(const std::filesystem::path& path, const Contents& contents) {
  std::string text = to_text(LessonLine{contents.lesson, contents.started});
  for (const auto& rendition : contents.renditions) {
    for (const auto& init : rendition.inits) {
      live::RenditionInit facts = *init;
      facts.bytes = {};
      text += to_text(InitLine{rendition.id, rendition.kind, std::move(facts), init->bytes.size()});
    }
    for (const auto& segment : rendition.segments) {
      text += to_text(PartLine{.rendition = rendition.id,
                               .init = segment.info.init,
                               .msn = segment.info.msn,
                               .index = 0,
                               .start = segment.info.start,
                               .duration = segment.info.duration,
                               .offset = segment.offset,
                               .size = segment.info.bytes,
                               .independent = segment.info.independent,
                               .discontinuity = segment.info.discontinuity});
    }
  }
  for (const auto& rendition : contents.renditions) {
    for (const auto& fill : rendition.fills) text += to_text(FillLine{rendition.id, fill});
  }
  for (const auto& gap : contents.gaps) text += to_text(GapLine{gap});
  for (const auto& loss : contents.losses) text += to_text(LossLine{loss});
  for (const auto& other : contents.others) text += to_text(OtherLine{other});
  if (contents.ended) text += to_text(EndLine{});

  const std::filesystem::path fresh = path.string() + ".tmp";
  auto file = AppendFile::open(fresh, 0);
  if (!file) return std::move(file).error();
  auto written = file->append(base::as_bytes(text));
  if (written) written = file->sync();
  if (!written) {
    std::remove(fresh.c_str());
    return written;
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return file_error(errno, path);
  return sync_directory(path.parent_path());
}

}  // namespace tongke::relay::record
