#include "tests/scenarios/stage.h"

#include <algorithm>
#include <cassert>

namespace treeproof::scenarios {

namespace {

ValidatorSet validators_of(std::size_t number) {
  std::vector<Validator> members;
  for (std::size_t i = 0; i < number; ++i) {
    const std::string org(1, static_cast<char>('a' + i));
    members.push_back({org, 1, key_of(org).public_key()});
  }
  return *ValidatorSet::make(std::move(members));
}

bool contains(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::string kind_of(const Message& message) {
  if (const auto* vote = std::get_if<bft::Vote>(&message)) {
    return vote->type == bft::VoteType::prevote ? "prevote" : "precommit";
  }
  if (std::holds_alternative<bft::Proposal>(message)) return "proposal";
  if (std::holds_alternative<bft::PolkaCertificate>(message)) return "polka";
  return std::holds_alternative<bft::CommitCertificate>(message) ? "commit" : "certificate";
}

Round round_of(const Message& message) {
  return std::visit([](const auto& chosen) { return chosen.round; }, message);
}

bool matches(const Step& filter, const std::string& from, const std::string& to,
             const Message& message) {
  const bool any_kind = filter.word.empty() || filter.word == "everything";
  return (any_kind || filter.word == kind_of(message)) &&
         (!filter.round || *filter.round == round_of(message).value) &&
         (filter.from.empty() || contains(filter.from, from)) &&
         (filter.to.empty() || contains(filter.to, to));
}

}  // namespace

Stage::Stage(std::size_t validators, const std::set<std::string>& byzantine)
    : validators_(validators_of(validators)) {
  for (const Validator& validator : validators_.all()) {
    const std::string& name = validator.org;
    names_.push_back(name);
    if (byzantine.contains(name)) continue;
    auto judge_it = [this, name](const crypto::Hash& hash) { return verdict(name, hash); };
    auto send_it = [this, name](const Message& message) { post(name, message); };
    hosts_.emplace(name, std::make_unique<Host>(name, validators_, judge_it, send_it));
  }
  diagram_ = std::make_unique<SequenceDiagram>(names_);
}

void Stage::begin() {
  for (const auto& [name, host] : hosts_) host->start();
}

Names Stage::correct(const Names& names) const {
  Names found;
  for (const auto& [name, host] : hosts_) {
    if (names.empty() || contains(names, name)) found.push_back(name);
  }
  return found;
}

bft::BlockId Stage::block(const std::string& name) {
  const bft::BlockId block = block_of(name);
  block_names_.insert_or_assign(block.header_hash, name);
  return block;
}

std::string Stage::name_of(const crypto::Hash& header_hash) const {
  const auto found = block_names_.find(header_hash);
  return found == block_names_.end() ? "an unnamed block" : found->second;
}

void Stage::judge(const std::string& name, bft::Validity validity, const Names& at) {
  for (const std::string& node : correct(at)) verdicts_.insert_or_assign({name, node}, validity);
}

void Stage::withhold(const std::string& name, const Names& from) {
  for (const std::string& node : from) withheld_.emplace(name, node);
}

void Stage::bring_body(const std::string& name, const Names& to) {
  for (const std::string& node : correct(to)) {
    withheld_.erase({name, node});
    diagram_->note(node, "receives the body of " + name);
    host(node).body_arrives(block(name).header_hash);
  }
}

std::optional<bft::Validity> Stage::verdict(const std::string& node,
                                            const crypto::Hash& hash) const {
  const std::string name = name_of(hash);
  if (withheld_.contains({name, node})) return std::nullopt;
  const auto special = verdicts_.find({name, node});
  return special == verdicts_.end() ? bft::Validity::valid : special->second;
}

void Stage::post(const std::string& from, const Message& message) {
  for (const auto& [to, host] : hosts_) {
    if (to == from) continue;
    if (crosses(from, to)) {
      diagram_->lost(from, to, describe(message, [this](const auto& h) { return name_of(h); }));
    } else {
      under_way_.push_back({from, to, message});
    }
  }
}

bool Stage::crosses(const std::string& from, const std::string& to) const {
  return !sides_.empty() && std::ranges::none_of(sides_, [&](const Names& side) {
    return contains(side, from) && contains(side, to);
  });
}

bool Stage::is_held(const Parcel& parcel) const {
  return std::ranges::any_of(holds_, [&](const Step& filter) {
    return matches(filter, parcel.from, parcel.to, parcel.message);
  });
}

void Stage::hand(const Parcel& parcel) {
  const auto name = [this](const crypto::Hash& hash) { return name_of(hash); };
  diagram_->arrow(parcel.from, parcel.to, describe(parcel.message, name));
  host(parcel.to).receive(parcel.message);
}

void Stage::hand_over(const std::string& from, const Names& to, const Message& message) {
  for (const std::string& node : correct(to)) hand({from, node, message});
}

Complaint Stage::deliver(const Step& filter) {
  std::size_t delivered = 0;
  const auto is_next = [&](const Parcel& parcel) {
    return matches(filter, parcel.from, parcel.to, parcel.message) && !is_held(parcel);
  };
  for (auto next = std::ranges::find_if(under_way_, is_next); next != under_way_.end();
       next = std::ranges::find_if(under_way_, is_next)) {
    const Parcel parcel = std::move(*next);
    under_way_.erase(next);
    hand(parcel);
    ++delivered;
  }
  if (delivered == 0 && !filter.word.empty()) return "there is no such message to deliver";
  return std::nullopt;
}

Complaint Stage::drop(const Step& filter) {
  const auto name = [this](const crypto::Hash& hash) { return name_of(hash); };
  const auto is_lost = [&](const Parcel& parcel) {
    if (!matches(filter, parcel.from, parcel.to, parcel.message)) return false;
    diagram_->lost(parcel.from, parcel.to, describe(parcel.message, name));
    return true;
  };
  if (std::erase_if(under_way_, is_lost) == 0) return "there is no such message to drop";
  return std::nullopt;
}

void Stage::divide(const std::vector<Names>& sides) {
  sides_ = sides;
  diagram_->heading("partition");
  std::erase_if(under_way_, [this](const Parcel& it) { return crosses(it.from, it.to); });
}

void Stage::heal() {
  sides_.clear();
  diagram_->heading("healed");
  send_again(correct({}));
}

void Stage::send_again(const Names& who) {
  for (const std::string& node : correct(who)) host(node).send_again();
}

void Stage::deliver_among(const Names& who) {
  const auto is_next = [&](const Parcel& it) {
    return contains(who, it.from) && contains(who, it.to) && !is_held(it);
  };
  for (auto next = std::ranges::find_if(under_way_, is_next); next != under_way_.end();
       next = std::ranges::find_if(under_way_, is_next)) {
    const Parcel parcel = std::move(*next);
    under_way_.erase(next);
    hand(parcel);
  }
  std::erase_if(under_way_, [&](const Parcel& it) {
    return contains(who, it.from) && !contains(who, it.to);  // lost on the way out
  });
}

// The timers of the lowest round and, in it, of the first step.
bool Stage::fire_earliest(const Names& who) {
  std::optional<std::pair<Round, bft::TimeoutKind>> earliest;
  const auto kinds = {bft::TimeoutKind::propose, bft::TimeoutKind::prevote,
                      bft::TimeoutKind::precommit};
  for (const std::string& node : who) {
    for (const bft::TimeoutKind kind : kinds) {
      if (!host(node).waits_for(kind)) continue;
      const auto due = std::pair(host(node).machine().round(), kind);
      earliest = earliest ? std::min(*earliest, due) : due;
    }
  }
  if (!earliest) return false;
  for (const std::string& node : who) {
    if (!host(node).is_up() || host(node).machine().round() != earliest->first) continue;
    host(node).fire(earliest->second);
  }
  return true;
}

void Stage::propose_all(const Names& who) {
  for (const std::string& node : who) {
    if (!host(node).is_up() || !host(node).wants_value()) continue;
    const std::string name = "New-" + node + std::to_string(host(node).machine().round().value);
    host(node).propose(block(name));
  }
}

Complaint Stage::pass_time(const Names& who, Leaders leaders,
                           const std::function<bool()>& is_over) {
  constexpr std::size_t kIdleMax = 3;
  constexpr std::size_t kTurnsMax = 5'000;
  send_again(who);
  std::size_t idle = 0;
  for (std::size_t turn = 0; turn < kTurnsMax; ++turn) {
    deliver_among(who);
    if (leaders == Leaders::propose) propose_all(who);
    deliver_among(who);
    if (is_over()) return std::nullopt;
    if (fire_earliest(who)) {
      idle = 0;
    } else if (++idle > kIdleMax) {
      return "time passes and nothing happens any more";
    } else {
      send_again(who);
    }
  }
  return "time passes and it never happens";
}

Complaint Stage::broken_promise() const {
  std::optional<bft::BlockId> decided;
  for (const auto& [name, host] : hosts_) {
    if (host->decided()) {
      if (decided && *decided != host->decided()->block) return "two decisions in one height";
      decided = host->decided()->block;
    }
    for (const bft::Evidence& evidence : host->evidence()) {
      const std::string accused = bft::offence_of(evidence).org;
      if (hosts_.contains(accused)) return "the correct " + accused + " is accused by " + name;
    }
    for (const bft::Vote& first : host->votes()) {
      for (const bft::Vote& second : host->votes()) {
        const bool one_slot = first.round == second.round && first.type == second.type;
        if (one_slot && !bft::same_statement(first, second)) return name + " has voted twice";
      }
    }
    for (const bft::Proposal& first : host->proposals()) {
      for (const bft::Proposal& second : host->proposals()) {
        const bool same =
            first.header_hash == second.header_hash && first.valid_round == second.valid_round;
        if (first.round == second.round && !same) return name + " has proposed twice";
      }
    }
  }
  return std::nullopt;
}

}  // namespace treeproof::scenarios
