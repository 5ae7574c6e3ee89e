#pragma once

#include <string>

#include "relay/app/addresses.hpp"
#include "relay/app/demo_class.hpp"

namespace tongke::relay::app {

/// What a person reads when the server is ready: every address with one line on what it is
/// for, and a QR code for phones.
/// @param data  the data folder as the server was given it
[[nodiscard]] std::string banner(const Addresses& addresses, const Settings& settings,
                                 const std::string& data, const DemoLinks& demo);

/// A QR code drawn with half blocks, for terminals; empty if the text is too long.
[[nodiscard]] std::string qr_code(const std::string& text);

}  // namespace tongke::relay::app
