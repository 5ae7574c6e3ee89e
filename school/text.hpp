#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tongke::school {

enum class Language { zh, en };

/// A sentence for people, from school/text.json. An unknown key is a programming error and
/// gives the key itself.  @thread any
[[nodiscard]] std::string text(std::string_view key, Language language);
/// Both languages, Chinese first, as commands print them.
[[nodiscard]] std::string text(std::string_view key);

/// The ways to spell a thing in imported files ("columns.school" → 学校, 学校名称, school …), as
/// text.json lists them; empty for an unknown key.
[[nodiscard]] const std::vector<std::string>& spellings(std::string_view group, std::string_view key);

/// All keys of a group with their spellings.
[[nodiscard]] const std::map<std::string, std::vector<std::string>>& spelling_group(std::string_view group);

}  // namespace tongke::school
