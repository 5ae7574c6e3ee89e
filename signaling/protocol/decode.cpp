#include "signaling/protocol/decode.hpp"

#include "signaling/protocol/decode_check.hpp"
#include "signaling/protocol/fields.hpp"

namespace tongke::signaling::protocol {
namespace {

using base::Result;

constexpr std::uint64_t kMaxPage = 9999;

Hello hello(Reader& in, bool resume) {
  Hello hello;
  hello.token = in.id("token", kMaxToken);
  hello.device = in.id("device", kMaxId, false);
  hello.screen = in.choice<Screen>("screen", kScreenCount, Screen::phone);
  if (resume) hello.resume = Point{in.id("epoch", kMaxId), in.number("seq", kMaxSeq)};
  return hello;
}

/// What belongs to a moment of the lesson.
std::optional<Result<ClientMessage>> read_teaching(std::string_view type, Reader& in) {
  if (type == "answer") return in.done(read_answer(in));
  if (type == "here") return in.done(Here{});
  if (type == "page") {
    Page page;
    page.media_time = in.media_time();
    page.page = static_cast<std::uint32_t>(in.number("page", kMaxPage));
    page.text = in.words("text", false);
    page.room = in.id("room", kMaxId, false);
    return in.done(std::move(page));
  }
  if (type == "chapter") {
    Chapter chapter;
    chapter.media_time = in.media_time();
    chapter.text = in.words("text");
    return in.done(std::move(chapter));
  }
  if (type == "check") {
    Check check;
    check.media_time = in.media_time();
    check.items = read_items(in);
    check.room = in.id("room", kMaxId, false);
    return in.done(std::move(check));
  }
  if (type == "rollcall") return in.done(RollCall{in.id("room", kMaxId, false)});
  return std::nullopt;
}

/// What people say to each other.
std::optional<Result<ClientMessage>> read_talk(std::string_view type, Reader& in) {
  if (type == "help") {
    Help help;
    help.text = in.words("text");
    help.seat = in.seat();
    help.room = in.id("room", kMaxId, false);
    return in.done(std::move(help));
  }
  if (type == "hand") {
    Hand hand;
    hand.on = in.boolean("on");
    hand.seat = in.seat();
    hand.room = in.id("room", kMaxId, false);
    return in.done(std::move(hand));
  }
  if (type == "chat" || type == "digest") {
    std::string text = in.words("text");
    std::string room = in.id("room", kMaxId, false);
    if (type == "chat") return in.done(Chat{std::move(text), std::move(room)});
    return in.done(Digest{std::move(text), std::move(room)});
  }
  if (type == "chat_mode") {
    SetChat set;
    set.mode = in.choice<ChatMode>("mode", kChatModeCount);
    set.room = in.id("room", kMaxId, false);
    return in.done(std::move(set));
  }
  if (type == "chat_judge") {
    JudgeChat judge;
    judge.id = in.number("id", kMaxSeq);
    judge.show = in.boolean("show");
    return in.done(judge);
  }
  return std::nullopt;
}

Result<ClientMessage> read(std::string_view type, Reader& in) {
  if (type == "presence") {
    Presence presence;
    presence.media_time = in.media_time();
    presence.state = in.choice<Play>("state", kPlayCount);
    presence.rendition = in.id("rendition", kMaxId, false);
    return in.done(std::move(presence));
  }
  if (type == "hello" || type == "resume") return in.done(hello(in, type == "resume"));
  if (type == "companion") return in.done(Companion{in.choice<Who>("who", kWhoCount)});
  if (type == "sibling") return in.done(Sibling{in.id("token", kMaxToken)});
  if (type == "unclear") return in.done(Unclear{in.media_time()});
  if (type == "note") {
    Note note;
    note.media_time = in.media_time();
    note.text = in.words("text");
    note.room = in.id("room", kMaxId, false);
    return in.done(std::move(note));
  }
  if (type == "freeze") {
    Freeze freeze;
    freeze.on = in.boolean("on");
    freeze.room = in.id("room", kMaxId, false);
    return in.done(std::move(freeze));
  }
  if (type == "bye") return in.done(Bye{});
  if (auto message = read_teaching(type, in)) return std::move(*message);
  if (auto message = read_talk(type, in)) return std::move(*message);
  return fault("unknown_type", "t");
}

}  // namespace

Result<ClientMessage> decode(std::string_view frame) {
  if (frame.size() > kMaxFrame) return fault("too_long", "");
  FlatObject object;
  if (!nlohmann::json::sax_parse(frame, &object)) {
    const bool named = object.has_fields() && std::string_view(object.problem()) != "bad_json";
    return fault(object.problem(), named ? std::string_view(object.problem_field()) : "");
  }
  Field* const type = object.find("t");
  if (type == nullptr) return fault("missing_field", "t");
  if (type->kind != Field::Kind::text) return fault("wrong_type", "t");
  type->used = true;
  Reader in(object, frame);
  return read(type->text, in);
}

}  // namespace tongke::signaling::protocol
