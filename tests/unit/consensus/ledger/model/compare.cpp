#include "tests/unit/consensus/ledger/model/compare.h"

#include <algorithm>
#include <sstream>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/lookups.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"

namespace treeproof::ledger::model {

namespace {

TreeCode code_of(const Tree& tree, const Batch& batch) {
  using enum TreeCode;
  if (tree.fate == Fate::dead) {
    if (tree.successor) return dead_replaced;
    if (tree.unit) return tree.is_owed ? dead_owed : dead_not_owed;
    return dead_unallocated;
  }
  if (tree.fate == Fate::voided) {
    if (tree.successor) return voided_replaced;
    if (tree.unit) return tree.is_owed ? voided_owed : voided_not_owed;
    return voided_unallocated;
  }
  if (tree.unit) return tree.is_doubted ? doubted : allocated;
  if (tree.is_doubted) return reopened;
  if (tree.standing == Standing::unverified) return unverified;
  if (tree.standing == Standing::rejected) return rejected;
  return batch.is_replacement && !tree.predecessor ? reserved : available;
}

UnitCode code_of(const Unit& unit) {
  switch (unit.state) {
    case UnitState::free:
      return UnitCode::free;
    case UnitState::held:
      return UnitCode::allocated;
    case UnitState::owed:
      return UnitCode::owed;
    case UnitState::refunded:
      break;
  }
  return UnitCode::refunded;
}

class Comparison {
 public:
  Comparison(const Model& model, const StateReader& state) : model_(model), state_(state) {}

  std::optional<std::string> run() {
    for (const auto& [id, book] : model_.books.programmes) programme(id, book);
    for (const auto& [id, book] : model_.books.plots) plot(id, book);
    for (const auto& [id, book] : model_.books.pledges) pledge(id, book);
    for (const auto& [id, book] : model_.books.batches) batch(id, book);
    for (const auto& [id, book] : model_.books.redemptions) redemption(id, book);
    for (const auto& [id, book] : model_.books.campaigns) campaign(id, book);
    for (const auto& [id, book] : model_.books.proposals) proposal(id, book);
    for (const auto& [id, book] : model_.books.orgs) org(id, book);
    parameters();
    return found_;
  }

 private:
  template <class T>
  void same(const std::string& what, const T& model, const T& state) {
    if (found_ || model == state) return;
    std::ostringstream text;
    text << what << ": the model says " << model << ", the state " << state;
    found_ = text.str();
  }

  template <class T>
  std::optional<T> find(const std::string& id) {
    auto object = ledger::find<T>(state_, {id});
    if (!object && !found_) found_ = "the state lacks " + id;
    return object;
  }

  void programme(const std::string& id, const ProgrammeBook& book) {
    const auto object = find<ProgrammeObject>(id);
    if (!object) return;
    std::uint64_t issued = 0;
    for (const Issued& period : book.periods) issued += period.grams;
    same(id + " issued", issued, object->issued);
    same(id + " expired", book.expired, object->expired);
    same(id + " outstanding", model_.outstanding(id), object->outstanding());
  }

  void plot(const std::string& id, const PlotBook& book) {
    const auto object = find<PlotObject>(id);
    if (!object) return;
    same(id + " live", model_.live_on(id), object->live);
    same(id + " pledged", model_.pledged_on(id), object->pledged);
    same(id + " confirmed", book.confirmed, object->confirmed_capacity);
    same(id + " capacity", book.capacity, object->payload.capacity);
    same(id + " area", book.area, object->payload.area);
    same(id + " outline", true, book.geometry == object->payload.geometry.root);
    same(id + " closed", book.is_closed, object->closed.has_value());
    same(id + " holder", book.holder, object->holder.text);
  }

  void proposal(const std::string& id, const ProposalBook& book) {
    const auto object = find<ProposalObject>(id);
    if (!object) return;
    same(id + " carried out", book.is_done, object->carried_out.has_value());
  }

  void org(const std::string& id, const Org& book) {
    const auto object = ledger::get<OrgObject>(state_, id);
    same(id + " known", true, object.has_value());
    if (!object) return;
    same(id + " group", book.group, object->conflict_group.text);
    const std::set<OrgRole> roles(object->roles.begin(), object->roles.end());
    same(id + " roles", true, roles == book.roles);
    std::size_t keys = 0;
    for (const auto& [bytes, key] : model_.books.keys) keys += key.org == id;
    same(id + " keys", keys, object->keys.size());
    for (const KeyEntry& entry : object->keys) {
      const auto key = model_.books.keys.find(entry.public_key);
      same(id + " key known", true, key != model_.books.keys.end());
      if (found_) return;
      same(id + " key live", !key->second.is_revoked, entry.live());
      const std::set<KeyRole> trades(entry.roles.begin(), entry.roles.end());
      same(id + " key roles", true, trades == key->second.roles);
    }
  }

  void parameters() {
    const Parameters held = parameters_of(state_);
    const auto& books = model_.books.parameters;
    same("density_slack_ppm", books.at("density_slack_ppm"), held.density_slack_ppm);
    same("field_delay_days", books.at("field_delay_days"), held.field_delay_days);
    same("history_until_day", books.at("history_until_day"), held.history_until_day);
    same("proposal_expiry_days", books.at("proposal_expiry_days"), held.proposal_expiry_days);
    same("sample_minimum", books.at("sample_minimum"), held.sample_minimum);
  }

  void pledge(const std::string& id, const PledgeBook& book) {
    const auto object = find<PledgeObject>(id);
    if (!object) return;
    same(id + " promised", book.promised, object->promised());
    same(id + " planted", book.planted, object->planted);
    same(id + " drawn", book.drawn, object->redeemed);
    same(id + " holder", book.holder, object->holder.text);
  }

  void batch(const std::string& id, const Batch& book) {
    const auto object = find<BatchObject>(id);
    if (!object) return;
    same(id + " holder", book.holder, object->holder.text);
    same(id + " campaign", book.campaign.value_or(""),
         object->campaign ? object->campaign->text : "");
    TreeCodes codes(state_, {id}, object->size());
    std::map<std::string, TreeTally> tallies;
    for (std::uint64_t i = 0; i < book.trees.size(); ++i) {
      const TreeCode code = code_of(book.trees[i], book);
      ++tallies[book.trees[i].species][code];
      same(id + "#" + std::to_string(i), name(code), name(codes.at(i)));
    }
    for (const BatchSpecies& part : object->species) {
      const bool equal = tallies[part.species.text] == part.trees;
      same(id + " counts of " + part.species.text, true, equal);
    }
    same(id + " pages", true, codes.root() == object->pages_root);
  }

  void redemption(const std::string& id, const Redemption& book) {
    const auto object = find<RedemptionObject>(id);
    if (!object) return;
    UnitCodes codes(state_, {id}, book.units.size());
    UnitTally tally;
    for (std::uint64_t i = 0; i < book.units.size(); ++i) {
      const UnitCode code = code_of(book.units[i]);
      ++tally[code];
      same(id + "#" + std::to_string(i), name(code), name(codes.at(i)));
    }
    same(id + " counts", true, tally == object->units);
    same(id + " price", book.price, object->grams_per_unit());
  }

  void campaign(const std::string& id, const CampaignBook& book) {
    const auto object = find<CampaignObject>(id);
    if (!object) return;
    same(id + " closed", book.is_closed, object->closed.has_value());
    same(id + " target", book.terms.target, object->terms.target);
    CampaignTally tally;
    for (const auto& [name, pledge] : model_.books.pledges) {
      if (pledge.campaign == id) tally.pledged += pledge.promised;
    }
    for (const auto& [name, redemption] : model_.books.redemptions) {
      if (redemption.campaign != id) continue;
      for (const Unit& unit : redemption.units) {
        ++tally.redeemed;
        tally.refunded += unit.state == UnitState::refunded;
        tally.allocated += unit.state == UnitState::held || unit.state == UnitState::owed;
      }
    }
    for (const auto& [name, batch] : model_.books.batches) {
      if (batch.campaign != id) continue;
      for (const Tree& tree : batch.trees) ++tally.trees[code_of(tree, batch)];
    }
    const CampaignTally held = campaign_tally(state_, {id});
    same(id + " pledged", tally.pledged, held.pledged);
    same(id + " redeemed", tally.redeemed, held.redeemed);
    same(id + " refunded", tally.refunded, held.refunded);
    same(id + " allocated", tally.allocated, held.allocated);
    same(id + " replacing", model_.replacing(id), held.replacing);
    for (std::size_t i = 0; i < kTreeCodes; ++i) {
      const auto code = static_cast<TreeCode>(i);
      same(id + " trees " + std::string(name(code)), tally.trees[code], held.trees[code]);
    }
  }

  const Model& model_;
  const StateReader& state_;
  std::optional<std::string> found_;
};

}  // namespace

std::optional<std::string> difference(const Model& model, const StateReader& state) {
  return Comparison(model, state).run();
}

}  // namespace treeproof::ledger::model
