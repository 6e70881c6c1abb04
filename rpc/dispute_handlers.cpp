// dispute_get, dispute_list.
#include <nlohmann/json.hpp>

#include "consensus/ledger/disputes.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

Answer dispute_get(const Query& query) {
  return answer_object<ledger::DisputeObject>(query, "dispute");
}

Answer dispute_list(const Query& query) {
  const std::string org = query.params.text_or("org", "");
  const PastState state = past(query);
  const auto is_wanted = [&](const ledger::DisputeObject& dispute) {
    if (org.empty()) return true;
    const auto accused = ledger::org_of_target(state, dispute.payload.target);
    return accused && accused->text == org;
  };
  return list_of_type(query, ledger::DisputeObject::kType, "",
                      items_where<ledger::DisputeObject>(is_wanted));
}

constexpr std::array kOne{ParamSpec{"dispute", ParamType::object_id, true, "The dispute, org/ref."},
                          kAt};
constexpr std::array kList{
    ParamSpec{"org", ParamType::org, false, "Only those about this organisation."}, kAt, kCursor,
    kLimit};

constexpr std::array kMethods{Method{.name = "dispute_get",
                                     .summary = "A dispute, and how it ended.",
                                     .params = kOne,
                                     .result = "id:text, object:object",
                                     .answer = dispute_get},
                              Method{.name = "dispute_list",
                                     .summary = "Disputes in the order of their ids.",
                                     .params = kList,
                                     .result = "items:array, cursor:text?",
                                     .answer = dispute_list}};

}  // namespace

std::span<const Method> dispute_methods() { return kMethods; }

}  // namespace treeproof::rpc
