#pragma once

#include <string>
#include <vector>

#include "school/exchange/report.hpp"
#include "school/exchange/table.hpp"
#include "school/people/directory.hpp"
#include "school/people/phone.hpp"

namespace tongke::school::exchange {

struct ImportOptions {
  std::string school = {};   ///< for rows that name none: a school exports only its own
  bool new_schools = false;  ///< make schools nobody has heard of; a district without any always does
};

/// What importing some tables comes to. Rows with a problem are left out of `changes`; whether
/// to go ahead without them is the caller's choice.
struct Plan {
  people::Changes changes = {};
  Report report = {};
};

/// Compares tables with the district as it is: rows are known again by the school's own numbers
/// (pupils, staff), by name (schools, groups), so that importing twice changes nothing the second
/// time. Nobody is removed for not being listed. Siblings come together by home code, or by a
/// telephone that two to eight pupils of this import share.
/// @thread any; changes nothing.  50,000 pupils: well under a second
[[nodiscard]] Plan plan_import(const people::Directory& district, const std::vector<Table>& tables,
                               const people::PhoneMarker& phones, const ImportOptions& options = {});

}  // namespace tongke::school::exchange
