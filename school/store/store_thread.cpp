#include "school/store/store_thread.hpp"

#include <soci/soci.h>

namespace tongke::school::store {

using base::Errc;
using base::Error;
using base::Result;

Result<std::unique_ptr<StoreThread>> StoreThread::start(const Location& location, StoreLimits limits) {
  auto store = Store::open(location);
  if (!store) return std::move(store).error();
  try {
    store->make_durable();
  } catch (const std::exception& error) {
    return Error{Errc::io, "store " + location.name() + ": " + error.what()};
  }
  return std::unique_ptr<StoreThread>(new StoreThread(std::move(*store), limits));
}

StoreThread::StoreThread(Store store, StoreLimits limits)
    : store_(std::move(store)), limits_(limits), queue_(limits.queued), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
  queue_.close();
  thread_.join();
}

void StoreThread::submit(Work work, base::Executor& reply, Done done) {
  enqueue({std::move(work), &reply, std::move(done), false});
}

void StoreThread::submit_alone(Work work, base::Executor& reply, Done done) {
  enqueue({std::move(work), &reply, std::move(done), true});
}

void StoreThread::enqueue(Job job) {
  base::Executor& reply = *job.reply;
  Done done = job.done;
  if (queue_.push(std::move(job))) return;
  reply.post([done = std::move(done)] {
    done(Error{Errc::overload, "the store has too much to write; try again in a moment"});
  });
}

StoreThread::Stats StoreThread::stats() const noexcept {
  return {.works = works_.load(std::memory_order_relaxed),
          .failed = failed_.load(std::memory_order_relaxed),
          .commits = commits_.load(std::memory_order_relaxed),
          .refused = queue_.dropped()};
}

void StoreThread::run() {
  std::optional<Job> next = queue_.pop();
  while (next) {
    if (next->alone) {
      run_alone(std::move(*next));
      next = queue_.pop();
      continue;
    }
    std::vector<Job> batch;
    while (next && !next->alone && batch.size() < limits_.batch) {
      batch.push_back(std::move(*next));
      next = queue_.try_pop();
    }
    run_together(std::move(batch));
    if (!next) next = queue_.pop();
  }
}

void StoreThread::run_together(std::vector<Job> jobs) {
  std::vector<Result<void>> results;
  results.reserve(jobs.size());
  Result<void> whole = store_.ensure_connected();
  if (whole) {
    try {
      Transaction transaction(store_);
      for (const Job& job : jobs) results.push_back(attempt_inside(job.work));
      transaction.commit();
      commits_.fetch_add(1, std::memory_order_relaxed);
    } catch (const std::exception& error) {
      whole = Error{Errc::io, std::string("store: ") + error.what()};
    }
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    finish(jobs[i], whole ? std::move(results[i]) : Result<void>(Error(whole.error())));
  }
}

void StoreThread::run_alone(Job job) {
  Result<void> result = store_.ensure_connected();
  if (result) result = attempt(job.work);
  if (result) commits_.fetch_add(1, std::memory_order_relaxed);
  finish(job, std::move(result));
}

Result<void> StoreThread::attempt(const Work& work) {
  try {
    return work(store_);
  } catch (const std::exception& error) {
    return Error{Errc::io, std::string("store: ") + error.what()};
  }
}

// PostgreSQL refuses everything after a failed statement until it is rolled back to a savepoint.
// What these three statements throw ends the whole batch.
Result<void> StoreThread::attempt_inside(const Work& work) {
  store_.session() << "SAVEPOINT work";
  Result<void> result = attempt(work);
  if (!result) store_.session() << "ROLLBACK TO SAVEPOINT work";
  store_.session() << "RELEASE SAVEPOINT work";
  return result;
}

void StoreThread::finish(Job& job, Result<void> result) {
  works_.fetch_add(1, std::memory_order_relaxed);
  if (!result) failed_.fetch_add(1, std::memory_order_relaxed);
  job.work = nullptr;  // what the work holds is let go here, not where the answer is read
  job.reply->post([done = std::move(job.done), result = std::move(result)] { done(result); });
}

}  // namespace tongke::school::store
