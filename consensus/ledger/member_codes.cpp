#include "consensus/ledger/member_codes.h"

#include "consensus/ledger/batch_objects.h"

namespace treeproof::ledger {

Names names_of(TreeCode) noexcept {
  static constexpr std::array<std::string_view, kTreeCodes> kNames = {
      "unverified",    "rejected",        "available",     "allocated",          "dead_unallocated",
      "dead_not_owed", "dead_owed",       "dead_replaced", "voided_unallocated", "voided_not_owed",
      "voided_owed",   "voided_replaced", "reserved",      "reopened",           "doubted"};
  return kNames;
}

Names names_of(UnitCode) noexcept {
  static constexpr std::array<std::string_view, kUnitCodes> kNames = {"free", "allocated", "owed",
                                                                      "refunded"};
  return kNames;
}

Names names_of(BatchSource) noexcept {
  static constexpr std::array<std::string_view, 2> kNames = {"plant", "inventory"};
  return kNames;
}

}  // namespace treeproof::ledger
