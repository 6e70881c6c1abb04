#include "consensus/replica/link_watch.h"

#include <cassert>

#include "consensus/ledger/links.h"

namespace treeproof::replica {

namespace {

// Redemptions and batches by the runs of an allocate or replace; none where its attachment is not
// held or no such list.
std::vector<ledger::ObjectId> used_by(const ledger::SignedStatement& statement,
                                      const ledger::StateReader& state) {
  const bool replaces = std::holds_alternative<ledger::Replace>(statement.payload);
  const std::size_t most = replaces ? kReplaceRunsMax : kRunsMax;
  const ledger::AttachmentRef* attachment = ledger::attachment_of(statement.payload);
  const auto runs = attachment ? state.attachment(attachment->root) : nullptr;
  if (!runs || runs->leaf_count() > most) return {};
  std::set<ledger::ObjectId> ids;
  for (std::size_t i = 0; i < runs->leaf_count(); ++i) {
    if (replaces) {
      const auto run = ledger::decode<ledger::ReplaceLeaf>(runs->leaf(i));
      if (run) ids.insert({run->from, run->to});
    } else {
      const auto run = ledger::decode<ledger::RunLeaf>(runs->leaf(i));
      if (run) ids.insert({run->redeem, run->plant});
    }
  }
  return {ids.begin(), ids.end()};
}

}  // namespace

bool LinkWatch::concerns(const ledger::SignedStatement& statement) {
  return std::holds_alternative<ledger::Allocate>(statement.payload) ||
         std::holds_alternative<ledger::Replace>(statement.payload);
}

void LinkWatch::remove(const crypto::Hash& statement) {
  due_.erase(statement);
  const auto uses = uses_.extract(statement);
  if (uses.empty()) return;
  for (const ledger::ObjectId& id : uses.mapped()) {
    const auto users = used_by_.find(id);
    users->second.erase(statement);
    if (users->second.empty()) used_by_.erase(users);
  }
}

void LinkWatch::touch(const ledger::StateChanges& changes) {
  if (under_way_ && !uses_.contains(*under_way_))
    due_.insert(*under_way_);  // what it uses: unknown
  if (used_by_.empty()) return;
  for (const auto& [key, value] : changes.objects) {
    if (key.name_space != "object") continue;
    const auto users = used_by_.find(ledger::ObjectId{key.id});
    if (users != used_by_.end()) due_.insert(users->second.begin(), users->second.end());
  }
}

std::optional<crypto::Hash> LinkWatch::next(const std::function<bool(const crypto::Hash&)>& waits) {
  if (under_way_) return std::nullopt;
  while (!under_way_ && !due_.empty()) {
    const crypto::Hash statement = due_.extract(due_.begin()).value();
    if (waits(statement)) under_way_ = statement;
  }
  return under_way_;
}

bool LinkWatch::finish(const LinksChecked& checked) {
  assert(under_way_ == checked.statement);
  under_way_.reset();
  if (uses_.emplace(checked.statement, checked.uses).second) {  // they never change
    for (const ledger::ObjectId& id : checked.uses) used_by_[id].insert(checked.statement);
  }
  return !due_.contains(checked.statement);
}

LinksChecked check_links(const CheckLinks& check, const ledger::StateReader& state) {
  const auto judged = ledger::check_statement(check.statement, state, check.block);
  LinksChecked done{check.statement->id, used_by(*check.statement, state), std::nullopt};
  if (!judged) done.refusal = judged.error();
  return done;
}

bool says_stale(const ledger::Refusal& refusal) noexcept {
  return refusal.reason == ledger::Reason::links_stale ||
         refusal.reason == ledger::Reason::tree_not_replaceable ||
         refusal.reason == ledger::Reason::tree_not_available ||
         refusal.reason == ledger::Reason::units_insufficient ||
         refusal.reason == ledger::Reason::trees_insufficient;
}

}  // namespace treeproof::replica
