#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "relay/record/contents.hpp"

namespace tongke::relay::record {

/// What readers may know of one recording while its writer goes on. Segments appear once
/// they are whole and never change; looking one up takes a short lock and no copy.
/// @thread any
class Index {
 public:
  explicit Index(Contents contents) : contents_(std::move(contents)) {}

  struct Place {
    std::uint32_t init = 0;
    std::optional<std::uint32_t> fill = {};  ///< in the file of this fill, not the init's
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  [[nodiscard]] std::optional<Place> locate(std::string_view rendition, std::uint32_t msn) const;
  /// nullptr when there is none of that number.
  [[nodiscard]] std::shared_ptr<const live::RenditionInit> init(std::string_view rendition,
                                                                std::uint32_t number) const;
  [[nodiscard]] bool ended() const;
  /// A copy of everything: for start-up, replays and the API, not for each request.
  [[nodiscard]] Contents snapshot() const;

  // ---- for the writer ----
  void add_init(const std::string& rendition, live::TrackKind kind,
                std::shared_ptr<const live::RenditionInit> init);
  void add_segment(std::string_view rendition, const Segment& segment);
  /// Segments sent in for a gap, by rendition; those without a place are left out.
  void add_fills(const std::vector<std::pair<std::string, Fill>>& fills);
  void add_gap(const live::Gap& gap);
  void add_loss(Loss loss);
  void set_ended(bool ended);

 private:
  base::Guarded<Contents> contents_;
};

}  // namespace tongke::relay::record
