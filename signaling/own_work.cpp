#include "signaling/own_work.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "signaling/event_store.hpp"
#include "signaling/lines.hpp"

namespace tongke::signaling {
namespace {

// A check's number says which it is; whose rooms a lesson has now does not matter here.
constexpr std::uint16_t kAnyRoom = 0;
std::optional<std::uint16_t> any_room(std::string_view /*id*/) { return kAnyRoom; }

void read_answers(std::string_view text, std::uint32_t seat, const ClassWork& asked, OwnWork& own) {
  std::map<std::pair<std::uint64_t, std::uint8_t>, protocol::Reply> replies;
  for_lines(text, [&](std::string_view line) {
    auto read = ClassWork::parse(line);
    if (!read || read->seat != seat) return;
    if (read->here) {
      own.here = true;
    } else {
      replies[{read->answer.check, read->answer.item}] = std::move(read->answer.reply);
    }
  });
  for (auto& [place, reply] : replies) {
    OwnWork::Answered answered{.check = place.first, .item = place.second, .reply = std::move(reply)};
    if (const auto* const question = asked.find(answered.check, answered.item, kAnyRoom)) {
      answered.question = *question;
      answered.right = asked.right({answered.check, answered.item, answered.reply});
    }
    own.answers.push_back(std::move(answered));
  }
}

void read_talk(std::string_view text, std::uint32_t seat, OwnWork& own) {
  for_lines(text, [&](std::string_view line) {
    auto read = Talk::parse(line, any_room);
    if (!read) return;
    if (auto* const help = std::get_if<Talk::HelpNote>(&*read)) {
      if (help->seat == seat) own.help.push_back(std::move(*help));
      return;
    }
    auto& chat = std::get<Talk::ChatNote>(*read);
    if (chat.seat != seat) return;
    const auto known = std::ranges::find(own.chat, chat.id, &Talk::ChatNote::id);
    if (known != own.chat.end()) {
      known->shown = chat.shown;
    } else {
      own.chat.push_back(std::move(chat));
    }
  });
}

}  // namespace

OwnWork own_work(const LessonTexts& texts, std::uint32_t seat) {
  OwnWork own;
  const auto kept = parse_events(texts.events, any_room);
  read_answers(texts.answers, seat, kept ? kept->work : ClassWork(), own);
  read_talk(texts.talk, seat, own);
  return own;
}

}  // namespace tongke::signaling
