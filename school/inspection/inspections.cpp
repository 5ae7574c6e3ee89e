#include "school/inspection/inspections.hpp"

#include <algorithm>

#include "school/clean_text.hpp"
#include "school/crypto.hpp"
#include "school/store/inspection_table.hpp"

namespace tongke::school::inspection {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr std::string_view kSealKey = "inspection seal 1";
constexpr std::size_t kLongestWords = 200;
constexpr std::size_t kIdLength = 16;
constexpr std::size_t kSecretBytes = 32;

}  // namespace

Inspections::Inspections(store::Store& store, const std::vector<std::uint8_t>& secret) : store_(&store) {
  const auto key = crypto::hmac_sha256(secret, base::as_bytes(kSealKey));
  key_.assign(key.begin(), key.end());
}

Result<Inspections> Inspections::open(store::Store& store, const std::vector<std::uint8_t>& secret,
                                      base::WallTime now) {
  Inspections all(store, secret);
  auto next = store::load_next_draw(store);
  if (!next) return std::move(next).error();
  if (*next) {
    all.next_ = std::move(**next);
  } else if (auto ok = all.commit_next(1, now); !ok) {
    return std::move(ok).error();
  }
  auto last = store::load_checks(store, {.limit = 1});
  if (!last) return std::move(last).error();
  if (!last->empty()) all.last_check_ = last->front().number;
  return all;
}

Result<void> Inspections::commit_next(std::uint32_t number, base::WallTime now) {
  Draw next{.id = crypto::readable_id(kIdLength),
            .number = number,
            .secret = crypto::hex(crypto::random_bytes(kSecretBytes)),
            .committed = now};
  if (auto saved = store::save_draw(*store_, next); !saved) return saved;
  next_ = std::move(next);
  return {};
}

Result<Draw> Inspections::make_draw(const std::string& id, const std::string& words, std::size_t count,
                                    std::vector<OnAir> on_air, people::StaffId by, base::WallTime now) {
  if (words.empty() || words.size() > kLongestWords || !is_clean_text(words))
    return Error{Errc::invalid, "1 to 200 bytes of text on one line", "words"};
  if (count < 1 || count > kMostDrawn) return Error{Errc::invalid, "1 to 20", "count"};
  if (id != next_.id) return Error{Errc::conflict, "made already; look at the next commitment", "draw"};
  if (on_air.empty()) return Error{Errc::conflict, "no lesson is on air", "on_air"};
  std::ranges::sort(on_air, {}, &OnAir::lesson);
  Draw made = next_;
  made.drawn = now;
  made.by = by;
  made.words = words;
  made.wanted = count;
  made.lessons = draw(made.secret, words, count, on_air);
  made.on_air = std::move(on_air);
  // Kept before anything of it is told: a secret that was shown is never drawn with again.
  if (auto saved = store::save_draw(*store_, made); !saved) return std::move(saved).error();
  if (auto ok = commit_next(made.number + 1, now); !ok) return std::move(ok).error();
  return made;
}

Result<Draw> Inspections::find_draw(const std::string& id) const {
  auto found = store::load_draw(*store_, id);
  if (!found) return std::move(found).error();
  if (!*found || !(*found)->made()) return Error{Errc::not_found, "no such draw"};
  return std::move(**found);
}

Result<std::vector<Draw>> Inspections::draws(std::size_t limit) const {
  return store::load_draws(*store_, limit);
}

Result<SpotCheck> Inspections::begin(SpotCheck check, base::WallTime now) {
  auto known = store::load_unsigned_check(*store_, check);
  if (!known) return std::move(known).error();
  if (*known) return std::move(**known);
  check.id = crypto::readable_id(kIdLength);
  check.number = last_check_ + 1;
  check.opened = now;
  if (auto saved = store::save_check(*store_, check, {}); !saved) return std::move(saved).error();
  last_check_ = check.number;
  return check;
}

Result<SpotCheck> Inspections::sign(SpotCheck check, std::string record, const std::vector<Still>& stills,
                                    base::WallTime now) {
  if (check.is_signed()) return Error{Errc::conflict, "signed already"};
  if (stills.size() > kMostStills) return Error{Errc::invalid, "at most three", "stills"};
  check.finished = now;
  check.record = std::move(record);
  check.seal = seal(check);
  if (auto saved = store::save_check(*store_, check, stills); !saved) return std::move(saved).error();
  return check;
}

Result<SpotCheck> Inspections::find(const std::string& id) const {
  auto found = store::load_check(*store_, id);
  if (!found) return std::move(found).error();
  if (!*found) return Error{Errc::not_found, "no such spot check"};
  return std::move(**found);
}

Result<std::vector<SpotCheck>> Inspections::list(const CheckQuery& query) const {
  return store::load_checks(*store_, query);
}

Result<std::vector<Still>> Inspections::stills(const std::string& check) const {
  return store::load_stills(*store_, check);
}

bool Inspections::intact(const SpotCheck& check) const {
  return check.is_signed() && crypto::equal(base::as_bytes(check.seal), base::as_bytes(seal(check)));
}

// Over the record's text and all that the row says beside it.
std::string Inspections::seal(const SpotCheck& check) const {
  std::string text;
  for (const std::string& part : {check.id, check.draw, check.lesson, std::to_string(check.school.value),
                                  std::to_string(check.lead.value), std::to_string(check.by.value),
                                  std::to_string(check.opened.time_since_epoch().count()),
                                  std::to_string(check.finished.time_since_epoch().count()), check.record})
    text.append(part).append("\n");
  return crypto::base64url(crypto::hmac_sha256(key_, base::as_bytes(text)));
}

}  // namespace tongke::school::inspection
