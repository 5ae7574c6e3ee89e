#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signaling/class_work.hpp"
#include "signaling/protocol/news.hpp"

namespace tongke::signaling {

/// What people of a lesson write to each other: help between a pupil and his teacher, and the
/// class's chat. It is kept as lines of JSON apart from the lesson's events, so that no replay
/// ever has it, and no export but a family's of its own child; only the last of it stays in memory.
/// @thread one at a time
class Talk {
 public:
  static constexpr std::size_t kMaxHelp = 1000;
  static constexpr std::size_t kMaxChat = 1000;

  struct HelpNote {
    std::uint64_t id = 0;
    std::uint16_t room = 0;
    std::uint32_t seat = 0;  ///< the pupil's, whoever wrote
    bool from_teacher = false;
    std::string from;  ///< the teacher's name
    std::string text;
    base::WallTime at{};
  };
  enum class Shown : std::uint8_t { pending = 0, shown, gone };
  struct ChatNote {
    std::uint64_t id = 0;
    std::uint16_t room = 0;
    std::optional<std::uint32_t> seat;  ///< a pupil's; none = a teacher wrote
    std::string from;                   ///< the teacher's name
    Shown shown = Shown::shown;
    std::string text;
    base::WallTime at{};
  };

  /// Each gives the note its number.
  const HelpNote& add(HelpNote note);
  const ChatNote& add(ChatNote note);
  /// Shows a note that waits, or takes one away.  @return the note; null when nothing changed
  const ChatNote* judge(std::uint64_t id, bool show);
  /// Null when it is no longer here.
  [[nodiscard]] const ChatNote* find_chat(std::uint64_t id) const;

  [[nodiscard]] const std::deque<HelpNote>& help() const noexcept { return help_; }
  [[nodiscard]] const std::deque<ChatNote>& chat() const noexcept { return chat_; }

  // ---- keeping ----
  [[nodiscard]] static std::string line(const HelpNote& note, std::string_view room);
  [[nodiscard]] static std::string line(const ChatNote& note, std::string_view room);
  /// Takes in a line again; a chat note's last line counts.  @return false when it is none
  bool read(std::string_view line, const ClassWork::RoomNumber& room_number);
  using Note = std::variant<HelpNote, ChatNote>;
  /// nullopt when it is none, or of no room there is.
  [[nodiscard]] static std::optional<Note> parse(std::string_view line,
                                                 const ClassWork::RoomNumber& room_number);

  /// Forgets what a seat wrote, and was written in private.
  /// @return what of it was in the class's chat
  std::vector<ChatNote> forget(std::uint32_t seat);
  /// Takes the same out of a line; what stays is that its number was given.
  static void take_out(std::string& line, std::uint32_t seat);

 private:
  void put(ChatNote note);

  std::uint64_t last_ = 0;
  std::deque<HelpNote> help_;
  std::deque<ChatNote> chat_;
};

}  // namespace tongke::signaling
