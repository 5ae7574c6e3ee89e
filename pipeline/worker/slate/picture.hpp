#pragma once

#include "pipeline/wire/messages.hpp"
#include "pipeline/worker/draw/board.hpp"

namespace tongke::pipeline::worker::slate {

/// What pupils see while their teacher is away: a calm picture of the lesson's own size, large
/// words above small ones.
[[nodiscard]] draw::Picture picture_of(const wire::Slate& slate);

}  // namespace tongke::pipeline::worker::slate
