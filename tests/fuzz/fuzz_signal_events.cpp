#include <algorithm>
#include <cstdlib>

#include "base/bytes.hpp"
#include "signaling/event_store.hpp"
#include "signaling/own_work.hpp"

using namespace tongke;
using namespace tongke::signaling;

// Any files of a lesson give events with growing numbers, all below the next one, answers that fit
// their questions, and talk of known rooms; or nothing. What they have of a seat is gone when it
// was taken out. The input is the events, then, after an
// empty line, answers and talk.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all = base::as_text({data, size});
  const std::size_t middle = all.find("\n\n");
  const auto room_number = [](std::string_view id) {
    return id == "r2" ? std::optional<std::uint16_t>(1) : std::nullopt;
  };
  auto kept =
      parse_events(all.substr(0, middle == std::string_view::npos ? middle : middle + 1), room_number);
  if (!kept) return 0;
  std::uint64_t last = 0;
  kept->events.after(0, false, [&](const Event& event) {
    if (event.seq <= last || event.seq >= kept->events.next()) std::abort();
    if (event.frame->size() > protocol::kMaxFrame) std::abort();
    last = event.seq;
  });
  std::string_view rest = middle == std::string_view::npos ? "" : all.substr(middle + 2);
  constexpr std::uint32_t kSeat = 1;
  const std::string tail(rest);
  (void)own_work({.events = all, .answers = tail, .talk = tail}, kSeat);
  std::string without;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (!kept->work.read(line, room_number)) kept->talk.read(line, room_number);
    std::string talk(line);
    Talk::take_out(talk, kSeat);
    const auto answered = ClassWork::parse(line);
    if (!answered || answered->seat != kSeat) without += talk + '\n';
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  if (!own_work({.events = all, .answers = without, .talk = without}, kSeat).empty()) std::abort();
  kept->work.forget(kSeat);
  (void)kept->talk.forget(kSeat);
  if (!kept->work.of_seat(1, kSeat).empty()) std::abort();
  for (const std::uint64_t check : kept->work.asked(1)) {
    for (const auto& tally : kept->work.tally(check, 1)) {
      if (tally.right.value_or(0) > tally.answered) std::abort();
    }
  }
  for (const auto& note : kept->talk.chat()) {
    if (note.room != 1) std::abort();
  }
  return 0;
}
