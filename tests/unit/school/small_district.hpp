#pragma once

#include "school/people/directory.hpp"

namespace tongke::test {

/// Two schools, classes 3(1) and 3(2) of the first with 4 pupils each, A and B groups over both
/// classes, siblings in both schools, and one of every kind of staff.
[[nodiscard]] school::people::Changes small_district();

}  // namespace tongke::test
