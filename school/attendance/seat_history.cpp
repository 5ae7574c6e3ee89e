#include "school/attendance/seat_history.hpp"

#include <algorithm>

namespace tongke::school::attendance {

SeatHistory history_of(std::string_view text, std::uint32_t seat) {
  SeatHistory history;
  Ledger ledger;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (Ledger::seat_of(line) != seat || !ledger.read(line)) continue;
    const SeatRecord& now = *ledger.find(seat);
    SeatRecord& before = history.record;
    if (now.companion != before.companion) history.companions.push_back({now.companion, now.companion_since});
    if (now.declared != before.declared) history.declarations.push_back({now.declared, now.declared_at});
    if (now.contact != before.contact) history.contacts.push_back(*now.contact);
    before.companion = now.companion;
    before.declared = now.declared;
    before.contact = now.contact;
  }
  if (const SeatRecord* const found = ledger.find(seat)) {
    history.known = true;
    history.record = *found;
  }
  return history;
}

}  // namespace tongke::school::attendance
