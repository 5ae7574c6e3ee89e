#include "relay/record/index.hpp"

#include <algorithm>

namespace tongke::relay::record {

std::optional<Index::Place> Index::locate(std::string_view rendition, std::uint32_t msn) const {
  return contents_.with([&](const Contents& contents) -> std::optional<Place> {
    const Rendition* found = contents.find(rendition);
    if (!found) return std::nullopt;
    const auto segment =
        std::ranges::lower_bound(found->segments, msn, {}, [](const Segment& s) { return s.info.msn; });
    if (segment != found->segments.end() && segment->info.msn == msn)
      return Place{.init = segment->info.init, .offset = segment->offset, .size = segment->info.bytes};
    for (const auto& fill : found->fills) {
      const auto& filled = fill.segment;
      if (filled.info.msn == msn)
        return Place{filled.info.init, fill.number, filled.offset, filled.info.bytes};
    }
    return std::nullopt;
  });
}

std::shared_ptr<const live::RenditionInit> Index::init(std::string_view rendition,
                                                       std::uint32_t number) const {
  return contents_.with([&](const Contents& contents) -> std::shared_ptr<const live::RenditionInit> {
    const Rendition* found = contents.find(rendition);
    if (!found) return nullptr;
    const auto init = std::ranges::find(found->inits, number, [](const auto& i) { return i->number; });
    return init == found->inits.end() ? nullptr : *init;
  });
}

bool Index::ended() const {
  return contents_.with([](const Contents& contents) { return contents.ended; });
}

Contents Index::snapshot() const {
  return contents_.with([](const Contents& contents) { return contents; });
}

void Index::add_init(const std::string& rendition, live::TrackKind kind,
                     std::shared_ptr<const live::RenditionInit> init) {
  contents_.with([&](Contents& contents) {
    Rendition* found = contents.find(rendition);
    if (!found) {
      contents.renditions.push_back({.id = rendition, .kind = kind, .inits = {}, .segments = {}});
      found = &contents.renditions.back();
    }
    found->inits.push_back(std::move(init));
  });
}

void Index::add_segment(std::string_view rendition, const Segment& segment) {
  contents_.with([&](Contents& contents) {
    if (Rendition* found = contents.find(rendition)) found->segments.push_back(segment);
  });
}

void Index::add_fills(const std::vector<std::pair<std::string, Fill>>& fills) {
  contents_.with([&](Contents& contents) {
    for (const auto& [rendition, fill] : fills) {
      if (Rendition* found = contents.find(rendition)) (void)found->add_fill(fill);
    }
  });
}

void Index::add_gap(const live::Gap& gap) {
  contents_.with([&](Contents& contents) { contents.gaps.push_back(gap); });
}

void Index::add_loss(Loss loss) {
  contents_.with([&](Contents& contents) { contents.losses.push_back(std::move(loss)); });
}

void Index::set_ended(bool ended) {
  contents_.with([&](Contents& contents) { contents.ended = ended; });
}

}  // namespace tongke::relay::record
