#pragma once

#include <string>

#include "relay/app/addresses.hpp"

namespace tongke::relay::app {

/// What a person reads when the server is ready: every address with one line on what it is
/// for, and a QR code for phones.
/// @param data        the data folder as the server was given it
/// @param demo_token  of the demo lesson's link; empty without a demo
/// @param try_token   lead's token of the lesson to try teaching with; empty without a demo
[[nodiscard]] std::string banner(const Addresses& addresses, const Settings& settings,
                                 const std::string& data, const std::string& demo_token,
                                 const std::string& try_token);

/// A QR code drawn with half blocks, for terminals; empty if the text is too long.
[[nodiscard]] std::string qr_code(const std::string& text);

}  // namespace tongke::relay::app
