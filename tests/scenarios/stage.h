// The stage of a scenario: the correct validators, the network between them, what is known of
// blocks, and everything that was sent, drawn.
// Owns hosts and messages under way; judges nothing but what no scenario may show. Callers: the
// player of steps and of expectations. One thread.
// Source: tests/scenarios/README.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>

#include "tests/scenarios/host.h"
#include "tests/scenarios/script.h"

namespace treeproof::scenarios {

// Nothing, or why a step cannot be or an expectation does not hold.
using Complaint = std::optional<std::string>;

class Stage {
 public:
  Stage(std::size_t validators, const std::set<std::string>& byzantine);

  void begin();
  bool is_byzantine(const std::string& name) const { return !hosts_.contains(name); }
  Host& host(const std::string& name) { return *hosts_.at(name); }
  const Host& host(const std::string& name) const { return *hosts_.at(name); }
  // The correct ones among the names; all correct ones where there are none.
  Names correct(const Names& names) const;
  const ValidatorSet& validators() const { return validators_; }

  // Blocks
  bft::BlockId block(const std::string& name);
  std::string name_of(const crypto::Hash& header_hash) const;
  void judge(const std::string& block, bft::Validity validity, const Names& at);
  void withhold(const std::string& block, const Names& from);
  void bring_body(const std::string& block, const Names& to);

  // Network: Step::word, round, from and to say which messages.
  Complaint deliver(const Step& filter);
  Complaint drop(const Step& filter);
  void hold(const Step& filter) { holds_.push_back(filter); }
  void release() { holds_.clear(); }
  void divide(const std::vector<Names>& sides);
  void heal();
  void send_again(const Names& who);
  // Straight to the receivers, whatever the network does.
  void hand_over(const std::string& from, const Names& to, const Message& message);

  // Delivery among these and timers on time. Leaders propose, or stay silent.
  enum class Leaders : std::uint8_t { propose, silent };
  Complaint pass_time(const Names& who, Leaders leaders, const std::function<bool()>& is_over);

  // What must never be: two decisions, a correct one accused, one that signs twice.
  Complaint broken_promise() const;
  SequenceDiagram& diagram() { return *diagram_; }

 private:
  struct Parcel {
    std::string from;
    std::string to;
    Message message;
  };

  void post(const std::string& from, const Message& message);
  bool crosses(const std::string& from, const std::string& to) const;
  bool is_held(const Parcel& parcel) const;
  void hand(const Parcel& parcel);
  void deliver_among(const Names& who);
  bool fire_earliest(const Names& who);
  void propose_all(const Names& who);
  std::optional<bft::Validity> verdict(const std::string& node, const crypto::Hash& hash) const;

  ValidatorSet validators_;
  Names names_;
  std::map<std::string, std::unique_ptr<Host>> hosts_;
  std::map<crypto::Hash, std::string> block_names_;
  std::map<std::pair<std::string, std::string>, bft::Validity> verdicts_;  // of block, at node
  std::set<std::pair<std::string, std::string>> withheld_;                 // block, from node
  std::vector<Parcel> under_way_;
  std::vector<Step> holds_;
  std::vector<Names> sides_;
  std::unique_ptr<SequenceDiagram> diagram_;
};

}  // namespace treeproof::scenarios
