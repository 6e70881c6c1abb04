#include "rpc/tree_history.h"

#include <algorithm>
#include <array>
#include <set>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/correct.h"
#include "consensus/ledger/disputes.h"
#include "consensus/ledger/land.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/rules_verify.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::BatchSource;
using ledger::DisputeObject;
using ledger::MemberId;
using ledger::ObjectId;
using ledger::ProposalObject;
using ledger::Recorded;
using ledger::RecordInfo;
using ledger::VerifyMethod;
using ledger::VerifyObject;

class History {
 public:
  History(const ChainView& view, Height at, MemberId tree, BatchObject batch)
      : view_(view),
        at_(at),
        past_(view, at),
        tree_(std::move(tree)),
        id_(tree_.batch()),
        index_(tree_.index()),
        batch_(std::move(batch)) {}

  std::vector<HistoryItem> gather() {
    for (auto& run : ledger::deaths_of(past_, id_, {{index_, 1}})) {
      losses_.insert(std::move(run.record));
    }
    add_beginning();
    add_visits();
    add_losses();
    add_unit();
    add_places();
    add_handovers();
    add_proposals();
    add_verifications();
    add_disputes();
    std::ranges::sort(items_, {}, [](const HistoryItem& item) {
      return std::pair(item.record.log_index, std::string_view(item.id.text));
    });
    std::erase_if(items_, [this](HistoryItem& item) { return !says_of_it(item); });
    return std::move(items_);
  }

 private:
  template <class T, class Take>
  void each(Take take) {
    each_object<T>(view_, at_, std::move(take));
  }
  bool is_among(const ledger::Ranges& ranges) const { return ledger::contains(ranges, index_); }
  bool is_loss(const ObjectId& record) const { return losses_.contains(record); }

  template <class T>
  HistoryItem& add(const ObjectId& id, const T& object, TreeEvent event) {
    return items_.emplace_back(HistoryItem{id, T::kType, object.record, event});
  }

  void add_beginning() {
    const bool is_plant = batch_.source == BatchSource::plant;
    HistoryItem& item = add(id_, batch_, is_plant ? TreeEvent::planted : TreeEvent::inventoried);
    item.type = ledger::name(batch_.source);
    if (batch_.plot) item.about = batch_.plot->text;
    const auto bytes = view_.leaf(batch_.leaves.root, index_);  // where it is still held
    const auto leaf = bytes ? ledger::decode<ledger::PlantLeaf>(*bytes)
                            : std::unexpected(crypto::CborError::truncated);
    if (leaf) item.day = leaf->day;
    if (!batch_.campaign) return;
    each<Recorded<ledger::Assign>>([this](const ObjectId& id, const auto& assign) {
      if (assign.payload.plant != id_) return;
      add(id, assign, TreeEvent::joined_campaign).about = assign.payload.campaign.text;
    });
  }

  void add_visits() {
    each<ledger::ObservationObject>([this](const ObjectId& id, const auto& visit) {
      if (visit.payload.plant != id_) return;
      const bool is_named = is_among(visit.payload.dead);
      const TreeEvent named = is_loss(id) ? TreeEvent::died : TreeEvent::reported_dead;
      HistoryItem& item = add(id, visit, is_named ? named : TreeEvent::observed);
      item.day = visit.payload.day;
      item.witness = visit.witness;
    });
    each<Recorded<ledger::Revive>>([this](const ObjectId& id, const auto& revival) {
      if (revival.payload.plant != id_ || !is_among(revival.payload.ranges)) return;
      add(id, revival, TreeEvent::revived).day = revival.payload.day;
    });
  }

  // Those that are no visit, no verification and no end of a dispute; and other corrections.
  void add_losses() {
    for (const ObjectId& id : losses_) {
      const auto death = ledger::find<Recorded<ledger::Mortality>>(past_, id);
      if (death) add(id, *death, TreeEvent::died).day = death->payload.day;
    }
    each<Recorded<ledger::Correct>>([this](const ObjectId& id, const auto& correction) {
      if (correction.payload.target != id_) return;
      if (is_loss(id)) {
        add(id, correction, TreeEvent::voided);
      } else if (corrects_leaf(correction.payload.change)) {
        add(id, correction, TreeEvent::corrected);
      }
    });
  }

  bool corrects_leaf(const ledger::Correction& change) const {
    if (const auto* species = std::get_if<ledger::CorrectSpecies>(&change)) {
      return species->leaf == index_;
    }
    const auto* position = std::get_if<ledger::CorrectPosition>(&change);
    return position != nullptr && position->leaf == index_;
  }

  // A tree holds one unit for ever. A successor has it from a replace: add_places tells of that.
  void add_unit() {
    const auto runs = ledger::links_of_trees(past_, id_, {{index_, 1}});
    const auto link = runs.empty() ? std::nullopt : view_.link_of_tree(id_, index_);
    if (!link) return;
    const MemberId unit = MemberId::of(runs.front().redeem, runs.front().unit_from);
    const auto allocation = ledger::find<ledger::AllocationObject>(past_, link->allocation);
    if (allocation) add(link->allocation, *allocation, TreeEvent::allocated).about = unit.text;
    // Once it was replaced, its unit is that of its successor.
    if (!ledger::successors_of(past_, id_, {{index_, 1}}).empty()) return;
    each<Recorded<ledger::Refund>>([&](const ObjectId& id, const auto& refund) {
      const ledger::Refund& payload = refund.payload;
      const bool is_own =
          payload.redeem == unit.batch() && ledger::contains(payload.ranges, unit.index());
      if (is_own) add(id, refund, TreeEvent::refunded).about = unit.text;
    });
  }

  void add_place(const ledger::SuccessorRun& run, TreeEvent event, const MemberId& other) {
    const auto replacement = ledger::find<ledger::ReplacementObject>(past_, run.record);
    assert(replacement.has_value());  // the run says so
    add(run.record, *replacement, event).about = other.text;
  }

  void add_places() {
    const auto before = ledger::predecessor_of(past_, id_, index_);
    const auto taken = before ? ledger::successors_of(past_, before->batch, {{before->tree, 1}})
                              : std::vector<ledger::SuccessorRun>{};
    for (const ledger::SuccessorRun& run : taken) {
      if (run.to != id_ || run.to_tree != index_) continue;
      add_place(run, TreeEvent::replaces, MemberId::of(before->batch, before->tree));
    }
    for (const auto& run : ledger::successors_of(past_, id_, {{index_, 1}})) {
      add_place(run, TreeEvent::replaced, MemberId::of(run.to, run.to_tree));
    }
  }

  void add_handovers() {
    each<Recorded<ledger::Handover>>([this](const ObjectId& id, const auto& handover) {
      const ledger::Handover& payload = handover.payload;
      if (std::ranges::count(payload.batches, id_) == 0) return;
      add(id, handover, TreeEvent::handed_over).about = payload.to.text;
    });
  }

  // Handovers for a holder that is gone, and redactions. Ends of disputes: add_disputes.
  void add_proposals() {
    each<ProposalObject>([this](const ObjectId& id, const ProposalObject& proposal) {
      if (!proposal.carried_out) return;
      const ledger::Change& change = proposal.payload.change;
      if (const auto* handover = std::get_if<ledger::HandoverFor>(&change)) {
        if (std::ranges::count(handover->batches, id_) == 0) return;
        add_carried_out(id, proposal, TreeEvent::handed_over).about = handover->to.text;
      }
      const auto* redact = std::get_if<ledger::Redact>(&change);
      if (redact == nullptr || redact->root != batch_.leaves.root) return;
      if (is_among(redact->ranges)) add_carried_out(id, proposal, TreeEvent::redacted);
    });
  }

  // The statement by which a proposal was carried out: its last approval, or itself.
  std::pair<ObjectId, RecordInfo> carrier_of(const ObjectId& id, const ProposalObject& proposal) {
    std::pair last(id, proposal.record);
    each<Recorded<ledger::Approve>>([&](const ObjectId& approval, const auto& object) {
      const bool is_later = object.payload.proposal == id &&
                            object.record.height <= *proposal.carried_out &&
                            object.record.log_index > last.second.log_index;
      if (is_later) last = {approval, object.record};
    });
    return last;
  }
  HistoryItem& add_carried_out(const ObjectId& id, const ProposalObject& proposal,
                               TreeEvent event) {
    HistoryItem& item = add(id, proposal, event);
    item.record = carrier_of(id, proposal).second;
    return item;
  }

  // Whether one that neither visited nor rejected it said anything of it: says_of_it.
  void add_verifications() {
    for (const ObjectId& id : ledger::verifications_of(past_, batch_)) {
      const auto verify = ledger::find<VerifyObject>(past_, id);
      const bool is_visited =
          verify->payload.method == VerifyMethod::full || is_among(verify->payload.visited);
      const TreeEvent accepted = is_visited ? TreeEvent::visited : TreeEvent::inferred;
      add(id, *verify, is_among(verify->payload.rejected) ? TreeEvent::rejected : accepted);
      rests_upon(id, verify->record);
    }
  }

  void rests_upon(const ObjectId& id, const RecordInfo& record) {
    for (const std::string& target : ledger::targets_of_record(id, record)) {
      const auto disputed = ledger::get<ledger::TargetObject>(past_, target);
      if (!disputed) continue;
      for (const ledger::DisputeMark& mark : disputed->disputes) {
        if (record.height >= mark.from_height) disputes_.insert({mark.dispute, target});
      }
    }
  }

  void add_disputes() {
    rests_upon(id_, batch_.record);
    for (const auto& other : {batch_.plot, batch_.campaign}) {
      if (other) rests_upon(*other, *ledger::record_of(past_, *other));
    }
    for (const auto& [id, target] : disputes_) {
      const auto dispute = ledger::find<DisputeObject>(past_, id);
      assert(dispute.has_value());  // as the mark of its target says
      if (is_over_before(*dispute)) continue;
      add(id, *dispute, TreeEvent::disputed).about = target;
      if (dispute->resolution) add_end(id, *dispute->resolution);
    }
  }

  bool is_over_before(const DisputeObject& dispute) const {
    const bool is_ended = dispute.resolution && dispute.resolution->height < batch_.record.height;
    return is_ended || dispute.lapses_at_s() < batch_.record.time_s;
  }

  void add_end(const ObjectId& dispute, const ledger::Resolution& resolution) {
    const auto proposal = ledger::find<ProposalObject>(past_, resolution.proposal);
    const auto carrier = carrier_of(resolution.proposal, *proposal);
    HistoryItem& item = add(resolution.proposal, *proposal, end_of(*proposal, carrier.first));
    item.record = carrier.second;
    item.about = dispute.text;
  }

  TreeEvent end_of(const ProposalObject& proposal, const ObjectId& carrier) const {
    const auto& end = std::get<ledger::Resolve>(proposal.payload.change);
    if (is_loss(carrier)) return TreeEvent::voided;
    const bool may_reopen = end.remedy == ledger::Remedy::reverify && is_among(end.ranges);
    if (may_reopen) return TreeEvent::reopened;
    return end.outcome == ledger::Outcome::upheld ? TreeEvent::dispute_upheld
                                                  : TreeEvent::dispute_rejected;
  }

  // A verification accepts the trees that wait for one, and a dispute reopens those that were
  // accepted and live: what they say of others they do not say of this one.
  bool says_of_it(HistoryItem& item) {
    using enum TreeEvent;
    if (item.event == inferred && !now_.is_open) return false;
    if (item.event == reopened && (now_.is_open || !now_.is_there)) item.event = dispute_upheld;
    const TreeEvent event = item.event;
    if (event == visited || event == inferred) now_.is_open = false;
    if (event == reopened) now_.is_open = true;
    if (event == died) before_death_ = now_;
    if (event == died || event == rejected || event == voided) now_ = {false, false};
    if (event == revived) now_ = before_death_;
    return true;
  }

  struct Standing {
    bool is_open = true;  // waits for a verification
    bool is_there = true;
  };

  const ChainView& view_;
  const Height at_;
  const PastState past_;
  const MemberId tree_;
  const ObjectId id_;  // its batch
  const std::uint64_t index_;
  const BatchObject batch_;
  std::set<ObjectId> losses_;  // the statements that said it is dead or was never there
  std::set<std::pair<ObjectId, std::string>> disputes_;  // with the target that brought them here
  std::vector<HistoryItem> items_;
  Standing now_;  // while the items are gone through
  Standing before_death_;
};

}  // namespace

std::string_view name(TreeEvent event) noexcept {
  static constexpr std::array<std::string_view, 22> kNames{
      "planted",   "inventoried",    "joined_campaign",  "visited",       "inferred",    "rejected",
      "allocated", "refunded",       "observed",         "reported_dead", "died",        "revived",
      "corrected", "voided",         "replaces",         "replaced",      "handed_over", "disputed",
      "reopened",  "dispute_upheld", "dispute_rejected", "redacted"};
  return kNames[static_cast<std::size_t>(event)];
}

std::expected<std::vector<HistoryItem>, RpcError> history_of(const ChainView& view, Height at,
                                                             const MemberId& tree) {
  auto batch = ledger::find<BatchObject>(PastState(view, at), tree.batch());
  if (!batch || tree.index() >= batch->size()) return not_found("tree", tree.text);
  return History(view, at, tree, *std::move(batch)).gather();
}

}  // namespace treeproof::rpc
