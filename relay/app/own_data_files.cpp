#include "relay/app/own_data_files.hpp"

#include <optional>
#include <string_view>

namespace tongke::relay::app {
namespace {

using base::Errc;
using base::Error;
using base::Result;

enum class Kind : std::uint8_t { attendance, answers, talk };

struct FileName {
  std::string lesson;
  Kind kind = Kind::attendance;
};

/// Of a file that may have lines of children. Those of teachers' minutes ("l1.teacher.attendance")
/// number other people.
std::optional<FileName> named(const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::string_view ending = std::string_view(name).substr(dot + 1);
  FileName file{.lesson = name.substr(0, dot)};
  if (ending == "answers") {
    file.kind = Kind::answers;
  } else if (ending == "talk") {
    file.kind = Kind::talk;
  } else if (ending != "attendance") {
    return std::nullopt;
  }
  return file;
}

}  // namespace

Result<OwnDataFiles::Traces> OwnDataFiles::traces(std::uint32_t seat, const std::set<std::string>& known,
                                                  const Enough& enough) const {
  // What was said this instant; with a disk that takes nothing, what is there.
  (void)log_.settle();
  const auto names = log_.names();
  if (!names) return Error(names.error());
  const std::string number = std::to_string(seat);
  Traces found;
  for (const std::string& name : *names) {
    const auto file = named(name);
    if (!file || known.contains(file->lesson) || found.lessons.contains(file->lesson)) continue;
    if (enough()) {
      found.complete = false;
      break;
    }
    const auto text = log_.read(name);
    if (!text) return Error(text.error());
    // Another number may have this one in it: what is read then has nothing.
    if (text->find(number) != std::string::npos) found.lessons.insert(file->lesson);
  }
  return found;
}

Result<void> OwnDataFiles::read(http::api::OwnLesson& lesson, std::uint32_t seat) const {
  auto attendance = book_.history(lesson.lesson.id, seat);
  if (!attendance) return std::move(attendance).error();
  auto work = store_.of_seat(lesson.lesson.id, seat);
  if (!work) return std::move(work).error();
  lesson.attendance = std::move(*attendance);
  lesson.work = std::move(*work);
  return {};
}

Result<void> OwnDataFiles::erase(std::uint32_t seat, const Enough& enough) {
  if (auto settled = log_.settle(); !settled) return settled;
  const auto names = log_.names();
  if (!names) return Error(names.error());
  const std::string number = std::to_string(seat);
  Result<void> worst;
  for (const std::string& name : *names) {
    const auto file = named(name);
    if (!file) continue;
    if (enough()) return Error{Errc::unavailable, "the server is stopping"};
    const auto text = log_.read(name);
    Result<void> done = text ? Result<void>() : Result<void>(text.error());
    if (text && text->find(number) != std::string::npos) {
      done = file->kind == Kind::attendance ? book_.make_bare(file->lesson, seat)
             : file->kind == Kind::answers  ? store_.forget_answers(file->lesson, seat)
                                            : store_.forget_talk(file->lesson, seat);
    }
    if (!done) worst = std::move(done);  // the others go all the same
  }
  return worst;
}

}  // namespace tongke::relay::app
