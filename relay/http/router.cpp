#include "relay/http/router.hpp"

#include <glib.h>

#include "relay/http/target.hpp"

namespace tongke::relay::http {
namespace {

std::string allow_value(const auto& methods) {
  std::string allow;
  const auto add = [&](std::string_view method) {
    if (!allow.empty()) allow += ", ";
    allow += method;
  };
  for (const auto& [method, route] : methods) {
    add(method);
    if (method == "GET" && !methods.contains("HEAD")) add("HEAD");
  }
  if (!methods.contains("OPTIONS")) add("OPTIONS");
  return allow;
}

}  // namespace

void Router::add(std::string_view method, std::string_view pattern, Where where, Handler handler) {
  g_assert(!pattern.empty() && pattern.front() == '/');
  Route route{where, std::move(handler), {}};
  Node* node = &root_;
  Leaf* leaf = nullptr;
  for (const std::string_view element : split_path(pattern)) {
    g_assert(leaf == nullptr);  // nothing may follow "{name...}"
    if (!element.starts_with('{')) {
      node = &node->literals[std::string(element)];
      continue;
    }
    g_assert(element.ends_with('}') && element.size() > 2);
    std::string_view name = element.substr(1, element.size() - 2);
    if (name.ends_with("...")) {
      name.remove_suffix(3);
      leaf = &node->rest;
    } else {
      if (!node->parameter) node->parameter = std::make_unique<Node>();
      node = node->parameter.get();
    }
    route.names.emplace_back(name);
  }
  names_.push_back({std::string(method), std::string(pattern)});
  if (!leaf) leaf = &node->here;
  leaf->methods.insert_or_assign(std::string(method), std::move(route));
  leaf->allow = allow_value(leaf->methods);
}

const Router::Leaf* Router::descend(const Node& node, const std::vector<std::string_view>& elements,
                                    std::size_t at, std::string_view path,
                                    std::vector<std::string_view>& values) {
  if (at == elements.size()) return node.here.methods.empty() ? nullptr : &node.here;
  const std::string_view element = elements[at];
  if (const auto it = node.literals.find(element); it != node.literals.end()) {
    if (const Leaf* leaf = descend(it->second, elements, at + 1, path, values)) return leaf;
  }
  if (node.parameter && !element.empty()) {
    values.push_back(element);
    if (const Leaf* leaf = descend(*node.parameter, elements, at + 1, path, values)) return leaf;
    values.pop_back();
  }
  if (node.rest.methods.empty()) return nullptr;
  values.push_back(path.substr(static_cast<std::size_t>(element.data() - path.data())));
  return &node.rest;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  const Leaf* leaf = descend(root_, split_path(path), 0, path, match.values);
  if (!leaf) return match;
  match.allow = leaf->allow;
  auto it = leaf->methods.find(method);
  if (it == leaf->methods.end() && method == "HEAD") it = leaf->methods.find("GET");
  if (it != leaf->methods.end()) match.route = &it->second;
  return match;
}

}  // namespace tongke::relay::http
