// redemption_get, redemption_find, redemption_list.
#include <nlohmann/json.hpp>

#include "rpc/member_views.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

Answer answer_unit(const Query& query, const ledger::MemberId& id) {
  const auto unit = view_unit(*query.view, id);
  if (!unit) return std::unexpected(unit.error());
  const ledger::Redeem& payload = unit->redemption.payload;
  return Json{{"unit", id.text},
              {"batch", id.batch().text},
              {"index", std::to_string(id.index())},
              {"campaign", payload.campaign.text},
              {"programme", payload.programme.text},
              {"species", payload.species ? Json(payload.species->text) : Json()},
              {"state", ledger::name(unit->code)},
              {"shares", built(unit->leaf).take()},
              {"tree", unit->tree ? Json(unit->tree->text) : Json()},
              {"allocation", unit->link ? Json(unit->link->allocation.text) : Json()}};
}

Answer redemption_get(const Query& query) {
  return answer_unit(query, query.params.member_id("id"));
}

Answer redemption_find(const Query& query) {
  const auto found = query.view->find_commitment(query.params.hash("commitment"));
  if (!found) return not_found("commitment", query.params.text("commitment"));
  return answer_unit(query, ledger::MemberId::of(found->first, found->second));
}

Answer redemption_list(const Query& query) {
  const std::string campaign = query.params.text_or("campaign", "");
  const auto is_wanted = [&](const ledger::RedemptionObject& redemption) {
    return campaign.empty() || redemption.payload.campaign.text == campaign;
  };
  return list_of_type(query, "redeem", "", items_where<ledger::RedemptionObject>(is_wanted));
}

constexpr std::array kById{
    ParamSpec{"id", ParamType::member_id, true, "The unit, org/ref#index of its redemption."}};
constexpr std::array kByCommitment{
    ParamSpec{"commitment", ParamType::hash, true, "The commitment that the user holds."}};
constexpr std::array kList{ParamSpec{"campaign", ParamType::object_id, false, "Only of this one."},
                           kAt, kCursor, kLimit};

constexpr std::string_view kUnitResult =
    "unit:text, batch:text, index:decimal, campaign:text, programme:text, species:text?, "
    "state:text, shares:array, tree:text?, allocation:text?";

constexpr std::array kMethods{Method{.name = "redemption_get",
                                     .summary = "A redeemed unit, and the tree that it holds.",
                                     .params = kById,
                                     .result = kUnitResult,
                                     .answer = redemption_get},
                              Method{.name = "redemption_find",
                                     .summary = "The redeemed unit that holds a commitment.",
                                     .params = kByCommitment,
                                     .result = kUnitResult,
                                     .answer = redemption_find},
                              Method{.name = "redemption_list",
                                     .summary = "Redemptions in the order of their ids.",
                                     .params = kList,
                                     .result = "items:array, cursor:text?",
                                     .answer = redemption_list}};

}  // namespace

std::span<const Method> redemption_methods() { return kMethods; }

}  // namespace treeproof::rpc
