#pragma once

#include <string>

#include "base/result.hpp"
#include "relay/record/contents.hpp"
#include "relay/record/layout.hpp"

namespace tongke::relay::record {

/// Reads a recording from disk. An ended one is only read. An open one was left by a crash,
/// a power cut or a server that stopped, and is put in order first: parts whose bytes are
/// not whole are forgotten, whole fragments that the journal does not know yet are taken
/// in, what remains behind them is cut off, and the journal is rewritten to say exactly
/// that. Afterwards each media file is a valid fMP4 and can be appended to. Repairing twice
/// changes nothing.
/// Nobody else may write to the recording meanwhile.  @thread any; blocks on the disk
/// @errors not_found, invalid (the journal is beyond use), io
[[nodiscard]] base::Result<Contents> load_recording(const Layout& layout, const std::string& lesson);

}  // namespace tongke::relay::record
