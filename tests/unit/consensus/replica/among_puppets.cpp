#include "tests/unit/consensus/replica/among_puppets.h"

namespace treeproof::replica {

ReplicaConfig AmongPuppets::config_of(const std::string& org) const {
  ReplicaConfig config;
  config.org = org;
  config.node_key = NodeKey{consortium_.member(org).node_key.public_key(), guard_.height()};
  config.past = [this](Height height) { return store_.past(height); };
  return config;
}

void AmongPuppets::start(const ReplicaConfig& config) {
  own_ = config.org;
  seen_.clear();
  signatures_before_death_.reset();
  replica_.emplace(config, chain_on(store_));
  const std::vector<Journal> journal = journal_;
  obey(replica_->start(journal, now()));
}

void AmongPuppets::receive_votes(const std::vector<std::string>& orgs, bft::VoteType type,
                                 Round round, std::optional<bft::BlockId> block) {
  const Height height = replica_->agreement().height();
  for (const std::string& org : orgs) receive(org, vote(org, type, height, round, block));
}

void AmongPuppets::receive_proposal(const std::string& org, Round round,
                                    const ExecutedBlockPtr& block) {
  const Height height = block->header.height;
  receive(org,
          signed_by(org, bft::Proposal{height, round, block->header_hash, kNoRound, {}, {}, {}}));
  receive(org, Body{block->block, block->header_hash});
}

Decided AmongPuppets::decided(const ExecutedBlockPtr& block,
                              std::vector<std::string> signers) const {
  bft::CommitCertificate certificate{block->header.height, Round{0}, block->id(), {}};
  std::ranges::sort(signers);
  for (const auto& org : signers) {
    const bft::Vote one = vote(org, bft::VoteType::precommit, certificate.height, certificate.round,
                               certificate.block);
    certificate.signatures.push_back({org, one.kid, one.signature});
  }
  return {certificate, block->block};
}

void AmongPuppets::obey(Effects effects) {
  std::vector<Event> events;
  for (Effect& effect : effects) {
    seen_.push_back(effect);
    if (const auto* jobs = std::get_if<RunJobs>(&effect)) {
      JobsDone done;
      for (const Job& job : jobs->jobs) done.results.push_back(run(job, consortium_.chain_id()));
      events.push_back(std::move(done));
    } else if (const auto* floor = std::get_if<RaiseFloor>(&effect)) {
      guard_.raise_floor(floor->height, floor->round, floor->step);
    } else if (const auto* record = std::get_if<Journal>(&effect)) {
      journal_.push_back(*record);
    } else if (const auto* sign = std::get_if<Sign>(&effect)) {
      events.push_back(Signed{sign->id, signature_of(sign->request)});
      if (signatures_before_death_ && --*signatures_before_death_ <= 0) return;
    } else if (const auto* commit = std::get_if<Commit>(&effect); commit && commits_) {
      store_.commit(*commit);
      journal_.clear();
      events.push_back(Committed{commit->block->header.height});
    }
  }
  for (Event& event : events) {
    const bool is_dead = signatures_before_death_ && *signatures_before_death_ <= 0;
    if (!is_dead) step(std::move(event));
  }
}

std::optional<crypto::Signature> AmongPuppets::signature_of(const bft::SignRequest& request) {
  const bft::GuardVerdict verdict = guard_.judge(request);
  if (verdict == bft::GuardVerdict::refuse) return std::nullopt;
  if (verdict == bft::GuardVerdict::sign) {
    guard_.record(request, consortium_.member(own_).node_key.sign(request.digest));
  }
  return guard_.stored_signature();
}

}  // namespace treeproof::replica
