#include <cstdlib>

#include "base/bytes.hpp"
#include "signaling/protocol/decode.hpp"
#include "signaling/protocol/encode.hpp"

using namespace tongke;
using namespace tongke::signaling;

// Whatever a client sends is a message or a fault with a code; what was let in fits a frame again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = protocol::decode(base::as_text({data, size}));
  if (!message) {
    if (message.error().message.empty()) std::abort();
    return 0;
  }
  if (size > protocol::kMaxFrame) std::abort();
  if (const auto* const note = std::get_if<protocol::Note>(&*message)) {
    if (note->text.empty()) std::abort();
    if (protocol::encode::note(UINT64_MAX, note->room, note->room, *note).size() > protocol::kMaxFrame)
      std::abort();
  }
  if (const auto* const check = std::get_if<protocol::Check>(&*message)) {
    if (check->items.empty() || check->items.size() > protocol::kMaxItems) std::abort();
    for (const auto& item : check->items) {
      if (option_count(item) > protocol::kMaxOptions || (item.right && !answers(*item.right, item)))
        std::abort();
    }
  }
  if (const auto* const answer = std::get_if<protocol::Answer>(&*message)) {
    if (answer->item >= protocol::kMaxItems || answer->reply == protocol::Reply{}) std::abort();
  }
  return 0;
}
