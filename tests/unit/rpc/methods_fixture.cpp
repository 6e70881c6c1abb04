#include "tests/unit/rpc/methods_fixture.h"

#include <set>

#include "rpc/openrpc.h"

namespace treeproof::rpc {

namespace {

bool is_of_type(const Json& value, std::string_view type) {
  if (type == "text") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (!value.is_string()) return false;
  const std::string text = value.get<std::string>();
  if (type == "hex") return crypto::from_hex(text).has_value();
  if (type == "base64url") return crypto::from_base64url(text).has_value();
  return type == "decimal" && !text.empty() &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

void expect_promised(const std::string& method, const Json& result) {
  const Method* row = find_method(method);
  ASSERT_NE(row, nullptr) << method;
  std::set<std::string> promised;
  for (const ResultMember& member : result_members(row->result)) {
    const std::string name(member.name);
    promised.insert(name);
    ASSERT_TRUE(result.contains(name)) << method << " " << name;
    const bool may_be_null = member.may_be_null && result[name].is_null();
    EXPECT_TRUE(may_be_null || is_of_type(result[name], member.type))
        << method << " " << name << ": " << result[name];
  }
  if (row->envelope == Envelope::snapshot) {
    promised.insert({"height", "time", "state_root", "test_clock"});
    EXPECT_TRUE(is_of_type(result.at("height"), "decimal"));
    EXPECT_TRUE(is_of_type(result.at("time"), "decimal"));
    EXPECT_TRUE(is_of_type(result.at("state_root"), "hex"));
    EXPECT_EQ(result.at("test_clock"), true);
  }
  for (const auto& [name, value] : result.items()) {
    EXPECT_TRUE(promised.contains(name)) << method << " gives " << name << ", not promised";
  }
}

}  // namespace treeproof::rpc
