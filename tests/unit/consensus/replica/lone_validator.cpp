#include "tests/unit/consensus/replica/lone_validator.h"

namespace treeproof::replica {

void LoneValidator::start(const std::string& org) {
  org_ = org;
  sent_.clear();
  timers_.clear();
  signatures_ = 0;
  ReplicaConfig config;
  config.org = org;
  config.node_key = NodeKey{consortium_.member(org).node_key.public_key(), guard_.height()};
  config.past = [this](Height height) { return store_.past(height); };
  replica_.emplace(config,
                   Chain(consortium_.chain_id(), store_, store_.build_state_map(), store_.tip()));
  const std::vector<Journal> journal = journal_;
  obey(replica_->start(journal, now()));
  work();
}

void LoneValidator::work() {
  while (!events_.empty()) {
    Event event = std::move(events_.front());
    events_.pop_front();
    obey(replica_->step(std::move(event), now()));
  }
}

void LoneValidator::obey(const Effects& effects) {
  for (const Effect& effect : effects) {
    if (const auto* record = std::get_if<Journal>(&effect)) {
      journal_.push_back(*record);
    } else if (const auto* wanted = std::get_if<Sign>(&effect)) {
      sign_for(*wanted);
    } else if (const auto* floor = std::get_if<RaiseFloor>(&effect)) {
      guard_.raise_floor(floor->height, floor->round, floor->step);
    } else if (const auto* message = std::get_if<Send>(&effect)) {
      sent_.emplace_back(message->org,
                         *decode(message->kind, *message->payload, consortium_.chain_id()));
    } else if (const auto* jobs = std::get_if<RunJobs>(&effect)) {
      JobsDone done;
      for (const Job& job : jobs->jobs) done.results.push_back(run(job, consortium_.chain_id()));
      events_.push_back(std::move(done));
    } else if (const auto* timer = std::get_if<SetTimer>(&effect)) {
      timers_.push_back(timer->timer);
    } else if (const auto* decided = std::get_if<Commit>(&effect)) {
      store_.commit(*decided);
      journal_.clear();
      events_.push_back(Committed{decided->block->header.height});
      height_ = height_.next();
    } else if (const auto* served = std::get_if<SendDecided>(&effect)) {
      served_.push_back(*served);
    }
  }
}

void LoneValidator::sign_for(const Sign& wanted) {
  ++signatures_;
  const bft::GuardVerdict verdict = guard_.judge(wanted.request);
  Signed event{wanted.id, std::nullopt};
  if (verdict == bft::GuardVerdict::sign) {
    guard_.record(wanted.request, consortium_.member(org_).node_key.sign(wanted.request.digest));
  }
  if (verdict != bft::GuardVerdict::refuse) event.signature = guard_.stored_signature();
  events_.push_back(std::move(event));
}

}  // namespace treeproof::replica
