#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "relay/outward/formats.hpp"
#include "relay/outward/journal.hpp"
#include "school/clean_text.hpp"

using namespace tongke;
using namespace tongke::relay::outward;

// Whatever a journal holds, what is read of it can be put into words within the limit; whatever a
// robot or a configuration says is judged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = base::as_text({data, size});
  const base::WallTime now{std::chrono::milliseconds(1'795'660'200'000)};
  const auto kept = read_journal(text, now, std::chrono::hours(24));
  for (const auto& [receiver, notices] : kept.waiting) {
    if (notices.size() > kept.told.size() * size) std::abort();
    for (const auto& notice : notices)
      if (notice.at <= now - std::chrono::hours(24)) std::abort();
  }
  if (!kept.told.empty()) {
    const std::string words =
        wording(kept.told, {.zone = {}, .page = "https://x/"}, school::Language::zh, 300);
    if (words.size() > 300) std::abort();
    for (const auto& notice : kept.told)
      if (notice_from(to_json(notice)) != notice) std::abort();
  }
  for (const Kind kind : {Kind::dingtalk, Kind::wecom})
    if (!school::is_clean_text(judge(kind, 200, text).said)) std::abort();
  const auto receiver = receiver_from(text);
  if (receiver && (receiver->name.empty() || receiver->url.empty())) std::abort();
  (void)secret_from(text);
  return 0;
}
