#pragma once

#include <memory>
#include <utility>

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// A handler of a route whose functions need more than the office: `handler(use, visitor, request,
/// responder)`. The request lives for that call alone.
template <class Use, class Handler>
[[nodiscard]] OfficeHandler with(std::shared_ptr<const Use> use, Handler handler) {
  return [use = std::move(use), handler](const Office& /*office*/, const Visitor& visitor,
                                         const std::shared_ptr<const Request>& request, Responder responder) {
    handler(use, visitor, *request, std::move(responder));
  };
}

}  // namespace tongke::relay::http::api
