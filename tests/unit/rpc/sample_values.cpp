#include "tests/unit/rpc/sample_values.h"

#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {

namespace {

using Values = std::vector<Json>;

Values wrong_integers() {
  return {true,
          -1,
          1.5,
          0.0,
          1e300,
          "",
          "-1",
          "+1",
          "01",
          " 1",
          "1.0",
          "1e3",
          "0x1",
          Json::array(),
          Json::object(),
          Json(9'007'199'254'740'992u),
          Json(UINT64_MAX),
          "18446744073709551616"};
}

// Of no text at all, and of one that is too long for every form but a statement and a certificate.
Values wrong_texts() {
  return {7, 1.5, true, Json::array(), Json::object(), Json::array({"a"}), std::string(4'097, 'a')};
}

Values with(Values values, std::initializer_list<Json> more) {
  values.insert(values.end(), more.begin(), more.end());
  return values;
}

Values wrong_numbers(std::uint64_t max) {
  Values values = with(wrong_integers(), {"latest"});
  if (max != UINT64_MAX) values.push_back(std::to_string(max + 1));
  return values;
}

Values wrong_degrees(std::int64_t max) {
  return {true,
          1.5,
          1e300,
          "",
          "+1",
          "01",
          "-0",
          "1.0",
          "1e3",
          Json::array(),
          Json::object(),
          max + 1,
          std::to_string(-max - 1)};
}

Values wrong_object_ids() {
  return with(wrong_texts(), {"", "a", "/", "a/", "/b", "A/b", "a/b/c", "a/b#1", "a/b ",
                              "a/" + std::string(49, 'b'), std::string(17, 'a') + "/b"});
}

Values wrong_codes() {
  return {7,
          "x",
          true,
          Json::object(),
          Json::array({7}),
          Json::array({""}),
          Json::array({"UPPER"}),
          Json::array({Json::array()}),
          Json(std::vector<std::string>(513, "a"))};
}

Values wrong_json(std::string_view name) {
  Values values{7, "x", true, Json::array({7}), Json::array({Json::array()})};
  values.push_back(Json::object());
  if (name != "path") values.push_back(Json::array());  // that of an only account
  return values;
}

}  // namespace

Json good_value(const ParamSpec& spec) {
  switch (spec.type) {
    case ParamType::height:
      return "latest";
    case ParamType::number:
    case ParamType::degrees_e7:
      return 1;
    case ParamType::boolean:
      return true;
    case ParamType::object_id:
    case ParamType::record_id:
      return kPlanted;
    case ParamType::member_id:
      return std::string(kGrown) + "#3";
    case ParamType::org:
      return "platform";
    case ParamType::code_list:
      return Json::array({"haloxylon"});
    case ParamType::hash:
      return std::string(64, '0');
    case ParamType::statement:
    case ParamType::certificate:
      return "AA";
    case ParamType::text:
      return "a";
    case ParamType::json:
      break;  // a path: the others may be left out
  }
  return Json::array();
}

std::vector<Json> wrong_values(const ParamSpec& spec) {
  switch (spec.type) {
    case ParamType::height:
      return with(wrong_integers(), {"first", "Latest"});
    case ParamType::number:
      return wrong_numbers(spec.max);
    case ParamType::degrees_e7:
      return wrong_degrees(static_cast<std::int64_t>(spec.max));
    case ParamType::boolean:
      return {0, 1, "true", "", Json::array(), Json::object()};
    case ParamType::object_id:
      return wrong_object_ids();
    case ParamType::record_id:
      return with(wrong_object_ids(), {std::string(63, '0'), std::string(64, 'A')});
    case ParamType::member_id:
      return with(wrong_texts(), {"", "a/b", "a/b#", "a/b#-1", "a/b#01", "a/b#1 ", "#1", "a#1",
                                  "a/b#1000000", "a/b#18446744073709551616"});
    case ParamType::org:
      return with(wrong_texts(), {"", "A", "a/b", "a_b", std::string(17, 'a')});
    case ParamType::code_list:
      return wrong_codes();
    case ParamType::hash:
      return with(wrong_texts(), {"", "00", std::string(63, '0'), std::string(65, '0'),
                                  std::string(64, 'A'), std::string(64, 'g')});
    case ParamType::statement:
      return {7, 1.5, true, Json::array(), Json::object(), std::string(131'071, '0'), "!"};
    case ParamType::certificate:
      return {7, 1.5, true, Json::array(), Json::object(), "!", "TP1:!"};
    case ParamType::text:
      return wrong_texts();
    case ParamType::json:
      break;
  }
  return wrong_json(spec.name);
}

}  // namespace treeproof::rpc
