#pragma once

#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "school/attendance/ledger.hpp"
#include "school/attendance/seat_history.hpp"
#include "school/line_log.hpp"

namespace tongke::school::attendance {

/// The ledgers of all lessons: in memory while they matter, and on disk line by line. What is
/// killed in mid-lesson loses the evidence of an instant, which the next heartbeat or fetch of
/// the same minute brings again.
/// @thread any; a note that says nothing new takes well under a microsecond. The first of a
///         lesson reads its file.
class Book {
 public:
  /// Lessons in memory; the ones asked for least lately are read again when needed.
  static constexpr std::size_t kKept = 1024;

  explicit Book(LineLog& log) : log_(log) {}

  void note(const std::string& lesson, std::uint32_t seat, Evidence evidence, base::WallTime at);
  void note_replay(const std::string& lesson, std::uint32_t seat, base::MediaTime at);
  /// @return false when the disk does not keep up: it holds for as long as the server runs
  [[nodiscard]] bool declare(const std::string& lesson, std::uint32_t seat, Declared way, base::WallTime at);
  /// Notes that a family was reached, and declares what was agreed on.  @return as declare()
  [[nodiscard]] bool note_contact(const std::string& lesson, std::uint32_t seat, const Contact& contact);
  void note_companion(const std::string& lesson, std::uint32_t seat, std::uint8_t who, base::WallTime at);

  /// What a lesson's file says of one seat. The ledger does not come into memory for it.
  /// @errors io   @thread any that may wait for the disk
  [[nodiscard]] base::Result<SeatHistory> history(const std::string& lesson, std::uint32_t seat) const;
  /// Leaves of a seat what Ledger::is_bare() says, on disk and in memory.
  /// @errors as LineLog::rewrite   @thread as LineLog::rewrite
  [[nodiscard]] base::Result<void> make_bare(const std::string& lesson, std::uint32_t seat);

  /// As read(), and leaves what is in memory as it is: for whoever looks through many lessons.
  void look_up(const std::string& lesson, const std::function<void(const Ledger&)>& look) const;
  /// Looks at a lesson's ledger under the lock: be quick.
  void read(const std::string& lesson, const std::function<void(const Ledger&)>& look);

 private:
  struct Shelf {
    struct Entry {
      Ledger ledger;
      std::list<std::string>::iterator use;
    };
    std::map<std::string, Entry, std::less<>> ledgers;
    std::list<std::string> used;  ///< newest first
  };
  [[nodiscard]] Ledger& ledger(Shelf& shelf, const std::string& lesson) const;
  [[nodiscard]] bool keep(const std::string& lesson, std::optional<std::string> line);

  LineLog& log_;
  base::Guarded<Shelf> shelf_;
};

}  // namespace tongke::school::attendance
