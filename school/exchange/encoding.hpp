#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace tongke::school::exchange {

/// A file's text, and how it was written.
struct Decoded {
  std::string text;      ///< UTF-8 without byte order mark
  std::string encoding;  ///< "UTF-8", "GB18030" (GBK and GB2312 are part of it), "UTF-16LE" or "UTF-16BE"
};

/// Finds out how a table was saved: by its byte order mark, else UTF-8 if it is that, else GBK as
/// spreadsheets in China save "CSV".  @thread any
/// @errors invalid: an old spreadsheet's own format (XLS), or no text we know
[[nodiscard]] base::Result<Decoded> decode_text(base::ByteView bytes);

}  // namespace tongke::school::exchange
