#include "base/log.hpp"
#include "relay/app/output_marks.hpp"
#include "relay/app/server.hpp"
#include "relay/app/text.hpp"

// The server's lessons on their way to others.
namespace tongke::relay::app {

using base::Result;

Result<void> Server::open_outputs() {
  auto destinations = output::destinations_from(settings_.outputs.destinations, settings_.outputs.keys);
  if (!destinations) return std::move(destinations).error();
  outputs_ = std::make_unique<output::Outputs>(
      output::Outputs::Use{.context = control_.context(),
                           .child = {.program = pipeline_program(), .nice = 0},  // it paces what it sends
                           .snapshot =
                               [this](const std::string& lesson) {
                                 const auto on_air = directory_->find(lesson);
                                 return on_air ? on_air->snapshot() : nullptr;
                               },
                           .slate_heading = text_zh("cut.heading"),
                           .slate_text = text_lines("cut.text"),
                           .noted = [marks = OutputMarks(data_.outputs())](
                                        const std::string& lesson, const std::string& destination,
                                        const output::Note& note) { marks.set(lesson, destination, note); }},
      std::move(*destinations));
  return {};
}

void Server::resume_outputs() {
  const OutputMarks marks(data_.outputs());
  for (const auto& mark : marks.all()) {
    const auto* found = lessons_->find(mark.lesson);
    if (found && found->state != school::LessonState::ended &&
        outputs_->resume(mark.lesson, mark.destination, mark.note))
      continue;
    base::log::warn("output not begun again", {{"lesson", mark.lesson}, {"destination", mark.destination}});
    marks.set(mark.lesson, mark.destination, {});
  }
}

}  // namespace tongke::relay::app
