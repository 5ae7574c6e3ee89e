#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>

#include "relay/http/server.hpp"

namespace tongke::relay::http::api {

/// A route whose handler is called with what it uses.
template <class Use>
struct Route {
  std::string method;
  std::string pattern;
  Where where;
  std::function<void(const Use&, const Request&, Responder)> handle;
};

/// Registers a table of routes; a copy of `use` lives as long as they do.
template <class Use>
void add_routes(Server& server, const Use& use,
                std::initializer_list<std::type_identity_t<Route<Use>>> routes) {
  const auto shared = std::make_shared<const Use>(use);
  for (const auto& route : routes) {
    server.route(route.method, route.pattern, route.where,
                 [shared, handle = route.handle](const auto& request, Responder responder) {
                   handle(*shared, *request, std::move(responder));
                 });
  }
}

}  // namespace tongke::relay::http::api
