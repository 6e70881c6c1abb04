// I3: one unit, one tree, across all allocations and replacements; and the links roots that they
// stated.
#include <map>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/pages.h"
#include "crypto/merkle.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::AllocationObject;

// Which members of each batch or redemption are linked already.
class LinkedMembers {
 public:
  // How many of these were linked before.
  std::uint64_t link(const ledger::ObjectId& batch, std::uint64_t from, std::uint64_t count) {
    std::vector<bool>& linked = linked_[batch.text];
    if (linked.size() < from + count) linked.resize(from + count);
    std::uint64_t doubled = 0;
    for (std::uint64_t i = from; i < from + count; ++i) {
      doubled += linked[i] ? 1 : 0;
      linked[i] = true;
    }
    return doubled;
  }
  const std::map<std::string, std::vector<bool>>& all() const noexcept { return linked_; }

 private:
  std::map<std::string, std::vector<bool>> linked_;
};

struct Links {
  LinkedMembers trees;
  LinkedMembers units;
  std::uint64_t count = 0;
};

struct Doubled {
  std::uint64_t trees = 0;
  std::uint64_t units = 0;
  std::uint64_t links = 0;
};

Doubled add_links(Links& links, const std::vector<ledger::LinkRange>& ranges) {
  Doubled doubled;
  for (const ledger::LinkRange& range : ranges) {
    doubled.trees += links.trees.link(range.plant, range.tree_from, range.count);
    doubled.units += links.units.link(range.redeem, range.unit_from, range.count);
    doubled.links += range.count;
  }
  links.count += doubled.links;
  return doubled;
}

// The root over the derived leaves; nothing where this node lacks some of them.
std::optional<crypto::Hash> derived_root(const ChainView& view, const ledger::ObjectId& id) {
  const auto levels = link_levels(view, id);
  if (!levels) return std::nullopt;
  return crypto::merkle_root(levels->front());
}

// What an allocate or a replace states: the first links every unit for the first time, the second
// units that were linked before and are owed another tree.
struct StatedLinks {
  const std::string& id;
  const std::optional<ledger::ObjectId>& campaign;
  const ledger::LinksRef& links;
  bool replaces = false;
};

AuditRow audit_links(AuditReport& report, const ChainView& view, const StatedLinks& of,
                     Links& links) {
  const std::string& id = of.id;
  const ledger::LinksRef& stated = of.links;
  AuditCheck check(report, id);
  const Doubled doubled = add_links(links, view.links({id}));
  check.expect_equal("links_differ", stated.count, doubled.links);
  if (of.replaces) {
    check.expect_equal("units_never_linked", 0, doubled.links - doubled.units);
  } else {
    check.expect_equal("units_linked_twice", 0, doubled.units);
  }
  check.expect_equal("trees_linked_twice", 0, doubled.trees);
  const auto root = derived_root(view, {id});
  if (root && *root != stated.root) {
    check.fail("links_root_differs",
               {{"stated", crypto::to_hex(stated.root)}, {"recomputed", crypto::to_hex(*root)}});
  }
  return {{"allocation", id},
          {"campaign", of.campaign ? of.campaign->text : "none"},
          {"links", std::to_string(doubled.links)},
          {"links_root", crypto::to_hex(stated.root)},
          {"root_recomputed", root ? crypto::to_hex(*root) : "not held"},
          {"double_units", std::to_string(of.replaces ? 0 : doubled.units)},
          {"double_trees", std::to_string(doubled.trees)},
          {"holds", check.holds_text()}};
}

// Whether a member with this code holds, or held, a link; nothing where either may be.
std::optional<bool> is_linked(ledger::TreeCode code) {
  using enum ledger::TreeCode;
  switch (code) {
    case unverified:
    case rejected:
    case available:
    case dead_unallocated:
    case voided_unallocated:
    case reserved:
    case reopened:
      return false;
    case allocated:
    case doubted:
    case dead_not_owed:
    case dead_owed:
    case voided_not_owed:
    case voided_owed:
      return true;
    case dead_replaced:
    case voided_replaced:
      return std::nullopt;
  }
  assert(false);
  return std::nullopt;
}

std::optional<bool> is_linked(ledger::UnitCode code) {
  using enum ledger::UnitCode;
  switch (code) {
    case free:
      return false;
    case allocated:
    case owed:
      return true;
    case refunded:
      return std::nullopt;
  }
  assert(false);
  return std::nullopt;
}

// Every linked member has the code of one that is linked, and no other has it.
template <class Code>
void compare_codes(AuditReport& report, const ChainView& view, const std::string& id,
                   std::uint64_t members, const crypto::Hash& pages_root,
                   const std::vector<bool>& linked) {
  ledger::Codes<Code> codes(view, {id}, members);
  std::uint64_t without_link = 0;
  std::uint64_t without_code = 0;
  for (std::uint64_t i = 0; i < members; ++i) {
    const std::optional<bool> expected = is_linked(codes.at(i));
    if (!expected) continue;
    const bool is = i < linked.size() && linked[i];
    without_link += *expected && !is ? 1 : 0;
    without_code += !*expected && is ? 1 : 0;
  }
  AuditCheck check(report, id);
  check.expect_equal("allocated_without_link", 0, without_link);
  check.expect_equal("linked_without_code", 0, without_code);
  if (codes.root() != pages_root) check.fail("pages_root_differs", {});
}

void compare_members(AuditReport& report, const ChainView& view, const Links& links) {
  for (const auto& [id, linked] : links.trees.all()) {
    const auto batch = ledger::find<ledger::BatchObject>(view, {id});
    if (!batch) {
      AuditCheck(report, id).fail("batch_unknown", {});
      continue;
    }
    compare_codes<ledger::TreeCode>(report, view, id, batch->size(), batch->pages_root, linked);
  }
  for (const auto& [id, linked] : links.units.all()) {
    const auto redemption = ledger::find<ledger::RedemptionObject>(view, {id});
    if (!redemption) {
      AuditCheck(report, id).fail("redemption_unknown", {});
      continue;
    }
    compare_codes<ledger::UnitCode>(report, view, id, redemption->payload.units,
                                    redemption->pages_root, linked);
  }
}

}  // namespace

AuditReport audit_allocations(const ChainView& view,
                              const std::optional<ledger::ObjectId>& campaign) {
  AuditReport report{"I3", {}, {}, {}};
  Links links;
  const auto audit_one = [&](const std::string& id, const crypto::Bytes& bytes) {
    const auto allocation = ledger::decode_stored<AllocationObject>(bytes);
    const std::optional of(allocation.payload.campaign);
    if (campaign && of != campaign) return true;
    report.rows.push_back(audit_links(report, view, {id, of, allocation.payload.links}, links));
    return true;
  };
  const auto audit_replacement = [&](const std::string& id, const crypto::Bytes& bytes) {
    const auto replacement = ledger::decode_stored<ledger::ReplacementObject>(bytes);
    const ledger::Replace& payload = replacement.payload;
    if (!payload.links || (campaign && payload.campaign != campaign)) return true;
    report.rows.push_back(
        audit_links(report, view, {id, payload.campaign, *payload.links, true}, links));
    return true;
  };
  each_of_type(view, view.height(), AllocationObject::kType, audit_one);
  each_of_type(view, view.height(), ledger::ReplacementObject::kType, audit_replacement);
  compare_members(report, view, links);
  report.checked = {{"allocations", report.rows.size()},
                    {"links", links.count},
                    {"batches", links.trees.all().size()},
                    {"redemptions", links.units.all().size()}};
  return report;
}

}  // namespace treeproof::rpc
