#pragma once

#include <functional>
#include <string_view>

#include "base/result.hpp"

namespace tongke::school::exchange::xlsx {

/// An element's attributes, as long as its callback runs. Names are without their prefix.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}
  /// "" when it is not there.
  [[nodiscard]] std::string_view operator[](std::string_view name) const noexcept;

 private:
  const char** pairs_;
};

/// What a document has, in order; element names are without their prefix.
struct XmlHandler {
  std::function<void(std::string_view name, const Attributes& attributes)> begin;
  std::function<void(std::string_view name)> end;
  std::function<void(std::string_view piece)> text;
};

/// Reads a document through. Document types, which no workbook has, and with them entities of
/// one's own, are not taken.  @errors invalid
[[nodiscard]] base::Result<void> read_xml(std::string_view document, const XmlHandler& handler);

}  // namespace tongke::school::exchange::xlsx
