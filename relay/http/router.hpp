#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relay/http/server.hpp"

namespace tongke::relay::http {

/// Finds who answers a request. Filled before the workers start, read-only afterwards.
class Router {
 public:
  struct Route {
    Where where = Where::worker;
    Handler handler;
    std::vector<std::string> names;  ///< of the pattern's parameters, in order
  };
  struct Match {
    /// Null when the path is unknown (`allow` empty) or has no such method.
    const Route* route = nullptr;
    /// In the order of Route::names; views into the path looked up.
    std::vector<std::string_view> values;
    /// Value for the Allow header.
    std::string_view allow;
  };

  /// "{name}" matches one non-empty element, "{name...}" the rest of the path, which may be
  /// empty. Literals win over "{name}", that over "{name...}", element by element.
  /// The pattern is code, not input: a malformed one aborts.
  void add(std::string_view method, std::string_view pattern, Where where, Handler handler);

  /// @param path normalised; HEAD finds GET's route
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;

  /// Every route as it was added.
  [[nodiscard]] const std::vector<RouteName>& names() const noexcept { return names_; }

 private:
  struct Leaf {
    std::map<std::string, Route, std::less<>> methods;
    std::string allow;
  };
  struct Node {
    std::map<std::string, Node, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    Leaf rest;
    Leaf here;
  };

  static const Leaf* descend(const Node& node, const std::vector<std::string_view>& elements, std::size_t at,
                             std::string_view path, std::vector<std::string_view>& values);

  Node root_;
  std::vector<RouteName> names_;
};

}  // namespace tongke::relay::http
