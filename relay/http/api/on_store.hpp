#pragma once

#include <memory>
#include <utility>

#include "relay/http/api/office.hpp"

namespace tongke::relay::http::api {

/// Works on the store thread, then answers on control with what it came to, or with its error.
/// @param work    Result<T>(school::store::Store&)
/// @param answer  Response(T)
template <class T, class Work, class Answer>
void on_store(const Office& office, Responder responder, Work work, Answer answer) {
  const auto shared = std::make_shared<Responder>(std::move(responder));
  const auto got = std::make_shared<T>();
  office.people.writer().submit(
      [got, work = std::move(work)](school::store::Store& store) -> base::Result<void> {
        auto done = work(store);
        if (!done) return std::move(done).error();
        *got = std::move(*done);
        return {};
      },
      office.control,
      [got, shared, answer = std::move(answer)](const base::Result<void>& done) {
        done ? shared->send(answer(std::move(*got))) : shared->fail(done.error());
      });
}

}  // namespace tongke::relay::http::api
