#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/glib/main_loop.hpp"
#include "base/glib/process.hpp"
#include "relay/channel/channel.hpp"

namespace tongke::relay::channel {

/// A school's own clip, as channels play it in eye exercises: made once into pieces by a pipeline child and
/// kept on disk, until the file is another. Until that is done, and if it cannot be made, there is none.
/// @thread control
class Clip {
 public:
  struct Options {
    std::string pipeline;          ///< path of tongke-pipeline
    std::filesystem::path source;  ///< empty: there is none
    std::filesystem::path folder;  ///< where its pieces are kept, and nothing else
  };

  Clip(base::glib::MainLoop& control, Options options);
  Clip(const Clip&) = delete;
  Clip& operator=(const Clip&) = delete;

  /// Looks whether it is made, else begins to.
  void prepare();
  struct Made {
    std::string name;  ///< for RestName
    std::uint32_t pieces = 0;
  };
  /// Nothing while there is none.
  [[nodiscard]] const std::optional<Made>& made() const noexcept { return made_; }
  /// Where a piece is; nothing for a name that is none of its.
  [[nodiscard]] std::optional<std::filesystem::path> piece(const RestName& name) const;

 private:
  void done(const std::string& name, const base::glib::ProcessExit& exit);
  void found(const std::string& name);

  base::glib::MainLoop& control_;
  const Options options_;
  base::glib::Process process_;
  std::optional<Made> made_;
};

}  // namespace tongke::relay::channel
