#include "school/inspection/draw.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "school/crypto.hpp"

namespace tongke::school::inspection {
namespace {

std::string hex_digest(std::string_view text) { return crypto::hex(crypto::sha256(base::as_bytes(text))); }

/// A lesson still in the urn.
struct Lot {
  const OnAir* lesson = nullptr;
  std::string number = {};
};

}  // namespace

std::string commitment_to(std::string_view secret) { return hex_digest(secret); }

std::string lot_of(std::string_view secret, std::string_view words, std::string_view lesson) {
  std::string text(secret);
  text.append("\n").append(words).append("\n").append(lesson);
  return hex_digest(text);
}

std::vector<std::string> draw(std::string_view secret, std::string_view words, std::size_t count,
                              const std::vector<OnAir>& on_air) {
  std::vector<Lot> urn;
  for (const auto& lesson : on_air) urn.push_back({&lesson, lot_of(secret, words, lesson.lesson)});
  std::map<std::string_view, std::size_t> schools;
  std::map<std::string_view, std::size_t> stages;
  std::map<std::string_view, std::size_t> subjects;
  std::vector<std::string> drawn;
  while (drawn.size() < count && !urn.empty()) {
    const auto next = std::ranges::min_element(urn, {}, [&](const Lot& lot) {
      return std::tuple(schools[lot.lesson->school], stages[lot.lesson->stage], subjects[lot.lesson->subject],
                        std::string_view(lot.number));
    });
    const OnAir& lesson = *next->lesson;
    ++schools[lesson.school];
    ++stages[lesson.stage];
    ++subjects[lesson.subject];
    drawn.push_back(lesson.lesson);
    urn.erase(next);
  }
  return drawn;
}

}  // namespace tongke::school::inspection
