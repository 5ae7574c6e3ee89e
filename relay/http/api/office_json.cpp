#include "relay/http/api/office_json.hpp"

#include "school/exchange/names.hpp"

namespace tongke::relay::http::api {

using nlohmann::json;
using namespace school::people;

json brief_json(const School* school) {
  return school ? json({{"id", school->public_id.view()}, {"name", school->name}}) : json(nullptr);
}

json brief_json(const Staff* staff) {
  return staff ? json({{"id", staff->public_id.view()}, {"name", staff->name}}) : json(nullptr);
}

json brief_json(const Class* row) {
  if (!row) return nullptr;
  return {{"id", row->public_id.view()},
          {"label", school::exchange::class_label({row->grade, row->number})},
          {"grade", row->grade},
          {"number", row->number}};
}

json pupil_json(const Directory& people, const Pupil& pupil) {
  return {{"id", pupil.public_id.view()},
          {"name", pupil.name},
          {"number", pupil.number},
          {"school", brief_json(people.find(pupil.school))},
          {"class", brief_json(people.find(pupil.original_class))},
          {"condition", to_string(pupil.condition)},
          {"standing", pupil.standing == Standing::active ? "active" : "left"}};
}

json access_json(const Directory& district, const school::Access& entry) {
  const Pupil* pupil = district.find(entry.pupil);
  return {{"at", entry.at.time_since_epoch().count()},
          {"act", entry.act},
          {"staff", brief_json(district.find(entry.staff))},
          {"guardian", static_cast<bool>(entry.home)},
          {"school", brief_json(district.find(entry.school))},
          {"class", brief_json(district.find(entry.original_class))},
          {"pupil", pupil ? json(pupil->public_id.view()) : json(nullptr)},
          {"reason", entry.reason.empty() ? json(nullptr) : json(entry.reason)},
          {"approver", brief_json(district.find(entry.approver))}};
}

json room_json(const Directory& people, const school::Room& room) {
  const Class* row = people.find(room.seating.original_class);
  const LayerGroup* group = people.find(room.seating.group);
  const SchoolId school = row ? row->school : group ? group->school : SchoolId();
  return {{"id", room.public_id.view()},
          {"label", school::label_of(people, room.seating)},
          {"school", brief_json(people.find(school))},
          {"class", row ? json(row->public_id.view()) : json(nullptr)},
          {"group", group ? json(group->public_id.view()) : json(nullptr)},
          {"teacher", brief_json(people.find(room.teacher))},
          {"expected", school::expected_in(people, room.seating).size()}};
}

}  // namespace tongke::relay::http::api
