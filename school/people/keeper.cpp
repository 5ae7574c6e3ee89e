#include "school/people/keeper.hpp"

namespace tongke::school::people {

using base::Result;

Keeper::Keeper(Registry registry, std::unique_ptr<store::StoreThread> writer, base::Executor& control)
    : control_(control), registry_(std::move(registry)), writer_(std::move(writer)) {
  current_.with([this](Snapshot& current) { current = registry_.current(); });
}

Keeper::~Keeper() = default;

Result<std::unique_ptr<Keeper>> Keeper::open(const store::Location& location, base::Executor& control) {
  auto store = store::Store::open(location);
  if (!store) return std::move(store).error();
  auto registry = Registry::open(*store);
  if (!registry) return std::move(registry).error();
  auto writer = store::StoreThread::start(location);
  if (!writer) return std::move(writer).error();
  return std::unique_ptr<Keeper>(new Keeper(std::move(*registry), std::move(*writer), control));
}

Snapshot Keeper::current() const {
  return current_.with([](const Snapshot& current) { return current; });
}

void Keeper::change(Change change, base::Executor& reply, Done done) {
  writer_->submit_alone(
      [this, change = std::move(change)](store::Store& store) {
        const Snapshot before = registry_.current();
        auto result = change(registry_, store);
        if (registry_.current() != before) publish();
        return result;
      },
      reply, std::move(done));
}

void Keeper::watch(Watcher watcher) { watchers_->list.push_back(std::move(watcher)); }

void Keeper::publish() {
  current_.with([this](Snapshot& current) { current = registry_.current(); });
  control_.post([weak = std::weak_ptr(watchers_), now = registry_.current()] {
    const auto watchers = weak.lock();
    if (!watchers) return;
    for (const auto& watcher : watchers->list) watcher(now);
  });
}

}  // namespace tongke::school::people
