#include "school/attendance/book.hpp"

#include "base/log.hpp"

namespace tongke::school::attendance {
namespace {

std::string log_name(const std::string& lesson) { return lesson + ".attendance"; }

Ledger load(const LineLog& log, const std::string& lesson) {
  Ledger ledger;
  const auto text = log.read(log_name(lesson));
  if (!text) {
    base::log::error("attendance not read", {{"lesson", lesson}, {"why", text.error().message}});
    return ledger;
  }
  std::size_t strange = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (!ledger.read(rest.substr(0, end))) ++strange;
    rest.remove_prefix(end + 1);
  }
  if (strange > 0) {
    base::log::warn("attendance has lines that make no sense",
                    {{"lesson", lesson}, {"lines", std::to_string(strange)}});
  }
  return ledger;
}

}  // namespace

Ledger& Book::ledger(Shelf& shelf, const std::string& lesson) const {
  if (const auto found = shelf.ledgers.find(lesson); found != shelf.ledgers.end()) {
    shelf.used.splice(shelf.used.begin(), shelf.used, found->second.use);
    return found->second.ledger;
  }
  if (shelf.ledgers.size() >= kKept) {
    shelf.ledgers.erase(shelf.used.back());
    shelf.used.pop_back();
  }
  shelf.used.push_front(lesson);
  return shelf.ledgers.emplace(lesson, Shelf::Entry{load(log_, lesson), shelf.used.begin()})
      .first->second.ledger;
}

bool Book::keep(const std::string& lesson, std::optional<std::string> line) {
  return !line || log_.append(log_name(lesson), std::move(*line));
}

void Book::note(const std::string& lesson, std::uint32_t seat, Evidence evidence, base::WallTime at) {
  // Lines a full queue refuses are counted there; memory has them for as long as it lasts.
  shelf_.with([&](Shelf& shelf) { (void)keep(lesson, ledger(shelf, lesson).note(seat, evidence, at)); });
}

void Book::note_replay(const std::string& lesson, std::uint32_t seat, base::MediaTime at) {
  shelf_.with([&](Shelf& shelf) { (void)keep(lesson, ledger(shelf, lesson).note_replay(seat, at)); });
}

bool Book::declare(const std::string& lesson, std::uint32_t seat, Declared way, base::WallTime at) {
  return shelf_.with(
      [&](Shelf& shelf) { return keep(lesson, ledger(shelf, lesson).declare(seat, way, at)); });
}

bool Book::note_contact(const std::string& lesson, std::uint32_t seat, const Contact& contact) {
  return shelf_.with([&](Shelf& shelf) {
    Ledger& of = ledger(shelf, lesson);
    const bool noted = keep(lesson, of.note_contact(seat, contact));
    return keep(lesson, of.declare(seat, declared_by(contact.way), contact.at)) && noted;
  });
}

void Book::note_companion(const std::string& lesson, std::uint32_t seat, std::uint8_t who,
                          base::WallTime at) {
  shelf_.with([&](Shelf& shelf) { (void)keep(lesson, ledger(shelf, lesson).note_companion(seat, who, at)); });
}

base::Result<SeatHistory> Book::history(const std::string& lesson, std::uint32_t seat) const {
  const auto text = log_.read(log_name(lesson));
  if (!text) return base::Error(text.error());
  return history_of(*text, seat);
}

base::Result<void> Book::make_bare(const std::string& lesson, std::uint32_t seat) {
  auto done = log_.rewrite(log_name(lesson), [seat](const std::string& line) {
    return Ledger::is_bare(line) || Ledger::seat_of(line) != seat;
  });
  if (!done) return std::move(done).error();
  // After the file: a ledger that is read from now on finds it so.
  shelf_.with([&](Shelf& shelf) {
    if (const auto found = shelf.ledgers.find(lesson); found != shelf.ledgers.end())
      found->second.ledger.make_bare(seat);
  });
  return {};
}

void Book::look_up(const std::string& lesson, const std::function<void(const Ledger&)>& look) const {
  const bool here = shelf_.with([&](const Shelf& shelf) {
    const auto found = shelf.ledgers.find(lesson);
    if (found != shelf.ledgers.end()) look(found->second.ledger);
    return found != shelf.ledgers.end();
  });
  if (!here) look(load(log_, lesson));
}

void Book::read(const std::string& lesson, const std::function<void(const Ledger&)>& look) {
  shelf_.with([&](Shelf& shelf) { look(ledger(shelf, lesson)); });
}

}  // namespace tongke::school::attendance
