// A random history told to both ledgers: statements that are mostly acceptable, and a share of
// hostile ones, each made from the books as they are. After every statement the verdicts and the
// books must be the same.
// Owns both ledgers. Caller: the property. One thread. Source: docs/ledger.md.
#pragma once

#include <array>

#include "tests/unit/consensus/ledger/model/model.h"
#include "tests/unit/consensus/ledger/rules/field_fixture.h"

namespace treeproof::ledger::model {

// One step: what is done, and the choices that it asks for. Small numbers are plain choices, so
// that a failing history shrinks to a plain one.
struct Step {
  std::uint32_t kind = 0;
  std::vector<std::uint32_t> choices;
};

class Story {
 public:
  Story();
  void take(const Step& step);
  // How often a statement of each type was accepted and refused.
  struct Count {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
  };
  const std::map<std::string, Count>& counts() const { return counts_; }

 private:
  using Consenting = std::vector<std::string_view>;
  // Says it to both, with the consents of others before; true: accepted by both.
  bool say(std::string_view org, const Payload& payload, const Beside& beside = {},
           const Consenting& others = {});
  // Which of its keys signs: mostly one that lives.
  std::string key_of(const std::string& org);
  void carried_out(const std::string& proposal);
  // Ends the history: what differs, and all that was said.
  [[noreturn]] void fail(const std::string& what) const;
  // Less than n, by the next choice of the step. Requires: n > 0.
  std::uint64_t choose(std::uint64_t n);
  bool one_in(std::uint64_t n) { return choose(n) == n - 1; }
  Ref next_ref(std::string_view kind);
  template <class Map>
  std::string any(const Map& map) {
    return map.empty() ? "nobody/nothing" : std::next(map.begin(), long(choose(map.size())))->first;
  }
  Ranges stretch(std::uint64_t members, std::uint64_t most);
  std::string holder_of(const std::string& batch) const;
  std::string planter() { return std::string(one_in(6) ? kCoast : kDesert); }
  std::string verifier();

  void open_world();
  void open(std::string_view ref, Mode mode, treeproof::ledger::Unit unit);
  void open_campaign();
  void lay_out(std::string_view org, const Plot& draft, const Rectangle& on);
  void register_plot();
  void revise_plot();
  void show();  // evidence
  EvidenceList any_evidence();
  void rotate_key();
  OrgPut any_org();
  ParamsSet any_setting();
  Redact any_redaction();
  Change any_change();
  void propose();
  void approve();
  void approve(const std::string& org, const std::string& proposal);
  void decide(const Change& change);
  void found();  // a programme
  ObjectId any_programme();
  std::string owner_of(const ObjectId& programme);
  void issue();
  void expire();
  void pledge();
  void release();
  void plant(bool is_replacement);
  void choose_place(Plant& payload);
  SpeciesCounts any_species(const Plant& payload);
  void fill(Plant& payload, Beside& beside);
  void take_stock();  // inventory
  void verify();
  void draw(Redeem& payload);
  void redeem();
  void refund();
  void allocate();
  void die();
  void observe();
  void revive();
  void replace();
  void correct();
  void assign();
  std::optional<ObjectId> any_report(const std::string& batch);
  void dispute();
  void confirm();  // a plot's capacity, or seconds a dispute
  void resolve();
  void close();
  void revise();
  void close_plot();
  void hand_over();
  void repeat();

  Consortium consortium_;
  Model model_;
  std::map<std::string, Rectangle> land_;
  std::map<std::string, std::uint64_t> next_cell_;
  std::map<std::string, std::vector<std::string>> keys_;  // names of an organisation's
  std::map<std::string, Count> counts_;
  std::optional<std::pair<std::string, Payload>> last_;
  std::string told_;  // what both accepted, line by line
  std::uint64_t refs_ = 0;
  const Step* step_ = nullptr;
  std::size_t next_choice_ = 0;
};

}  // namespace treeproof::ledger::model
