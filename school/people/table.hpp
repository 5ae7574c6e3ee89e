#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace tongke::school::people {

/// Rows by their number, without gaps in memory: row n lies at n - 1.
template <class Row>
class Table {
 public:
  using Id = decltype(Row::id);

  [[nodiscard]] const Row* find(Id id) const noexcept {
    if (id.value == 0 || id.value > rows_.size()) return nullptr;
    const Row& row = rows_[id.value - 1];
    return row.id ? &row : nullptr;
  }
  void put(const Row& row) {
    if (row.id.value > rows_.size()) rows_.resize(row.id.value);
    Row& place = rows_[row.id.value - 1];
    if (!place.id) ++count_;
    place = row;
  }
  /// Leaves an empty row, so that the number is not used again, now or after a restart.
  void erase(Id id) {
    if (id.value > rows_.size()) rows_.resize(id.value);
    if (!find(id)) return;
    rows_[id.value - 1] = Row();
    --count_;
  }
  [[nodiscard]] std::span<const Row> rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] std::uint32_t next() const noexcept { return static_cast<std::uint32_t>(rows_.size()) + 1; }

 private:
  std::vector<Row> rows_;
  std::size_t count_ = 0;
};

/// Which rows hang on a row. Lists are short (a class, a home), so removal just looks.
template <class From, class To>
class Links {
 public:
  [[nodiscard]] std::span<const To> of(From from) const noexcept {
    if (from.value == 0 || from.value > lists_.size()) return {};
    return lists_[from.value - 1];
  }
  /// Nothing happens for "none", or twice.
  void add(From from, To to) {
    if (!from) return;
    if (from.value > lists_.size()) lists_.resize(from.value);
    auto& list = lists_[from.value - 1];
    if (std::find(list.begin(), list.end(), to) == list.end()) list.push_back(to);
  }
  void remove(From from, To to) {
    if (from.value == 0 || from.value > lists_.size()) return;
    auto& list = lists_[from.value - 1];
    list.erase(std::remove(list.begin(), list.end(), to), list.end());
  }

 private:
  std::vector<std::vector<To>> lists_;
};

}  // namespace tongke::school::people
