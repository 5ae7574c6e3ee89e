#include "school/exchange/encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ustring.h>

#include <memory>
#include <vector>

#include "school/clean_text.hpp"
#include "school/text.hpp"

namespace tongke::school::exchange {
namespace {

using base::Errc;
using base::Error;
using base::Result;

struct Close {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};

bool starts_with(base::ByteView bytes, std::string_view magic) {
  return base::as_text(bytes).starts_with(magic);
}

std::string to_utf8(const std::vector<UChar>& units, std::size_t count) {
  UErrorCode status = U_ZERO_ERROR;
  int32_t size = 0;
  // Three bytes are the most that one UTF-16 unit becomes.
  std::string text(count * 3 + 1, '\0');
  u_strToUTF8(text.data(), static_cast<int32_t>(text.size()), &size, units.data(),
              static_cast<int32_t>(count), &status);
  if (U_FAILURE(status)) return {};  // lone surrogates; the caller takes empty for "no"
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Result<Decoded> convert(base::ByteView bytes, const char* encoding) {
  const Error no_text{Errc::invalid, text("import.not_text")};
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, Close> converter(ucnv_open(encoding, &status));
  if (!converter) return Error{Errc::internal, std::string(encoding) + ": " + u_errorName(status)};
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::vector<UChar> units(bytes.size() + 1);
  const int32_t count =
      ucnv_toUChars(converter.get(), units.data(), static_cast<int32_t>(units.size()),
                    reinterpret_cast<const char*>(bytes.data()), static_cast<int32_t>(bytes.size()), &status);
  if (U_FAILURE(status)) return no_text;
  Decoded decoded{to_utf8(units, static_cast<std::size_t>(count)), encoding};
  if (decoded.text.empty() && !bytes.empty()) return no_text;
  return decoded;
}

}  // namespace

Result<Decoded> decode_text(base::ByteView bytes) {
  if (starts_with(bytes, "\xD0\xCF\x11\xE0")) return Error{Errc::invalid, text("import.spreadsheet")};
  if (starts_with(bytes, "\xFF\xFE")) return convert(bytes.subspan(2), "UTF-16LE");
  if (starts_with(bytes, "\xFE\xFF")) return convert(bytes.subspan(2), "UTF-16BE");
  if (starts_with(bytes, "\xEF\xBB\xBF")) bytes = bytes.subspan(3);
  const std::string_view text = base::as_text(bytes);
  if (utf8_prefix(text) == text.size()) return Decoded{std::string(text), "UTF-8"};
  return convert(bytes, "GB18030");
}

}  // namespace tongke::school::exchange
