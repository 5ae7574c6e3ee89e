#pragma once

#include <array>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "relay/channel/channel.hpp"
#include "relay/hls/ts_maker.hpp"

namespace tongke::relay::channel {

/// The pictures between lessons: made once by a pipeline child, kept while they are shown, and moved on in
/// time for each piece. Channels that say the same share one.
/// @thread control
class Rests : public std::enable_shared_from_this<Rests> {
 public:
  /// Words that are shown at the same time; the oldest make way. A picture is some 140 kB once it was
  /// watched.
  static constexpr std::size_t kMost = 512;

  struct Words {
    std::string heading;
    std::string text;  ///< below it, smaller; may have lines
    friend bool operator==(const Words&, const Words&) = default;
  };
  using Done = std::function<void(const base::Result<base::SharedBytes>&)>;

  explicit Rests(std::shared_ptr<hls::TsMaker> ts) : ts_(std::move(ts)) {}

  /// The picture's name, for RestName.
  std::string name(const Words& words);
  /// A piece of it, now or later.  @errors not_found: no such picture (any more); as TsMaker::make
  void piece(const RestName& name, Done done);

 private:
  struct Picture {
    std::string name;
    Words words;
    std::array<base::SharedBytes, 2> halves;  ///< empty: not made yet
  };
  [[nodiscard]] Picture* find(std::string_view name);
  std::list<Picture> pictures_;  ///< most lately used first
  std::shared_ptr<hls::TsMaker> ts_;
};

}  // namespace tongke::relay::channel
