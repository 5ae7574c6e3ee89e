#include "school/exchange/xlsx/xml.hpp"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "school/text.hpp"

namespace tongke::school::exchange::xlsx {
namespace {

constexpr std::size_t kAtOnce = 1U << 20U;

std::string_view local(const char* name) {
  const std::string_view whole(name);
  const auto colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

struct Free {
  void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free>;

struct Reading {
  const XmlHandler& handler;
  XML_Parser parser;
};
const XmlHandler& handler_of(void* reading) { return static_cast<Reading*>(reading)->handler; }

void set_handlers(XML_Parser parser) {
  XML_SetElementHandler(
      parser,
      [](void* reading, const char* name, const char** attributes) {
        handler_of(reading).begin(local(name), Attributes(attributes));
      },
      [](void* reading, const char* name) { handler_of(reading).end(local(name)); });
  XML_SetCharacterDataHandler(parser, [](void* reading, const char* piece, int size) {
    handler_of(reading).text({piece, static_cast<std::size_t>(size)});
  });
  XML_SetStartDoctypeDeclHandler(parser, [](void* reading, const char*, const char*, const char*, int) {
    XML_StopParser(static_cast<Reading*>(reading)->parser, XML_FALSE);
  });
}

}  // namespace

std::string_view Attributes::operator[](std::string_view name) const noexcept {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local(pair[0]) == name) return pair[1];
  }
  return {};
}

base::Result<void> read_xml(std::string_view document, const XmlHandler& handler) {
  const Parser parser(XML_ParserCreate(nullptr));
  if (!parser) return base::Error{base::Errc::internal, "no XML parser"};
  Reading reading{handler, parser.get()};
  XML_SetUserData(parser.get(), &reading);
  set_handlers(parser.get());
  do {
    const std::string_view piece = document.substr(0, kAtOnce);
    document.remove_prefix(piece.size());
    if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), document.empty()) !=
        XML_STATUS_OK)
      return base::Error{base::Errc::invalid, text("import.damaged_workbook")};
  } while (!document.empty());
  return {};
}

}  // namespace tongke::school::exchange::xlsx
