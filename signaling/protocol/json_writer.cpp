#include "signaling/protocol/json_writer.hpp"

#include "signaling/protocol/messages.hpp"

namespace tongke::signaling::protocol {
namespace {

// What part numbers, the list's name and brackets take.
constexpr std::size_t kAround = 64;

}  // namespace

void put_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string array_of(std::span<const std::string> items) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + "]";
}

std::string array_of_texts(std::span<const std::string> texts) {
  std::vector<std::string> items;
  items.reserve(texts.size());
  for (const auto& text : texts) put_string(items.emplace_back(), text);
  return array_of(items);
}

std::vector<std::string> packed(const Object& head, std::string_view name,
                                std::span<const std::string> items) {
  const std::size_t room = kMaxFrame - kAround - head.size();
  std::vector<std::span<const std::string>> pages;
  std::size_t first = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > first && bytes + items[i].size() + 1 > room) {
      pages.push_back(items.subspan(first, i - first));
      first = i;
      bytes = 0;
    }
    bytes += items[i].size() + 1;
  }
  pages.push_back(items.subspan(first));
  std::vector<std::string> frames;
  frames.reserve(pages.size());
  for (std::size_t part = 0; part < pages.size(); ++part) {
    Object frame = head;
    frame.number("part", part).number("parts", pages.size());
    frames.push_back(frame.raw(name, array_of(pages[part])).close());
  }
  return frames;
}

}  // namespace tongke::signaling::protocol
