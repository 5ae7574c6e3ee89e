#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "signaling/class_work.hpp"
#include "signaling/talk.hpp"

namespace tongke::signaling {

/// What a lesson's files have of one child, and of nobody else: for its family to read.
struct OwnWork {
  struct Answered {
    std::uint64_t check = 0;
    std::uint8_t item = 0;
    protocol::Reply reply = {};
    std::optional<protocol::CheckItem> question = {};  ///< none: no longer kept
    std::optional<bool> right = {};                    ///< as the child was told
  };
  bool here = false;                      ///< answered the roll-call
  std::vector<Answered> answers = {};     ///< in the order asked; the last answer to each
  std::vector<Talk::HelpNote> help = {};  ///< both sides; rooms are not told apart
  std::vector<Talk::ChatNote> chat = {};  ///< the child's own lines

  [[nodiscard]] bool empty() const noexcept {
    return !here && answers.empty() && help.empty() && chat.empty();
  }
};

/// A lesson's files, as EventStore describes them.
struct LessonTexts {
  std::string_view events = {};
  std::string_view answers = {};
  std::string_view talk = {};
};
/// Lines that make no sense are passed over.  Pure.
[[nodiscard]] OwnWork own_work(const LessonTexts& texts, std::uint32_t seat);

}  // namespace tongke::signaling
