#include "consensus/replica/replica_core.h"

#include <cassert>
#include <set>
#include <utility>

namespace treeproof::replica {

ReplicaCore::ReplicaCore(ReplicaConfig config, Chain chain)
    : config_(std::move(config)), chain_(std::move(chain)), right_(config_, chain_) {}

Effects ReplicaCore::start(std::span<const Journal> journal, const Now& now) {
  now_ = now;
  replaying_ = true;
  for (const auto& root : config_.unclaimed_attachments) stock_.note_stored(root, now.real);
  start_height();
  for (const Journal& record : journal) {
    if (record.height == agreement_->height()) replay_one(record);
  }
  replaying_ = false;
  wake();
  emit(SetTimer{{TimerKind::resend, {}, {}}, config_.resend_ms});
  return take_effects();
}

Effects ReplicaCore::step(Event event, const Now& now) {
  now_ = now;
  std::visit([this](auto& chosen) { on(std::move(chosen)); }, event);
  return take_effects();
}

Effects ReplicaCore::take_effects() {
  if (!gossip_.empty()) {
    Statements message{std::exchange(gossip_, {})};
    send({}, message);
  }
  for (const std::string& org : peers_.take_askers()) {  // [rule 23]
    send(org, OwnVoteHeld{chain_.tip().height, peers_.signed_by(org)});
  }
  if (!jobs_.empty()) emit(RunJobs{std::exchange(jobs_, {})});
  stock_.end_step();
  sign_next();  // after a replay what the journal does not hold: it never left
  return std::exchange(effects_, {});
}

void ReplicaCore::on(Submitted&& event) {
  admit(std::move(event.statement), Origin::client, event.ticket);
}

void ReplicaCore::on(PeerConnected&& event) {
  peers_.connect(event.org);
  introduce(event.org);
  request_attachments();
}

void ReplicaCore::on(PeerDisconnected&& event) {
  peers_.disconnect(event.org);
  catch_up_.leave(event.org);
  const bool waits = turn_.propose_due && agreement_->step() == bft::Step::propose;
  if (waits) arm_propose_timer(agreement_->round());  // [rule 15] the proposer may be gone
  request_attachments();
  ask_for_decided();
}

void ReplicaCore::on(Received&& event) {
  const auto take_one = [&]<class T>(T& message) {
    if constexpr (std::constructible_from<VerifyAgreement::Message, T>) {
      verify_agreement(event.org, std::move(message));
    } else if constexpr (!is_of_snapshots<T>) {  // [rule 28] the host has those
      take(event.org, std::move(message));
    }
  };
  std::visit(take_one, event.message);
}

void ReplicaCore::on(JobsDone&& event) {
  for (JobResult& result : event.results) {
    if (auto* job = std::get_if<VerifyAgreement>(&result.job)) {
      peers_.end_check(*job);
      if (!result.valid) {
        for (const auto& evidence : result.evidence) admit_evidence(evidence);
        catch_up_.fail(job->peer, now_.real);
        emit(DropPeer{job->peer, "a message of agreement does not verify"});
        ask_for_decided();
        continue;
      }
      feed(std::move(*job));
    } else if (const auto* claims = std::get_if<VerifyEvidence>(&result.job)) {
      take_evidence(*claims, result);
    } else if (auto* commit = std::get_if<VerifyPreviousCommit>(&result.job)) {
      ShelvedBody* body = shelf_.find(commit->header_hash);
      if (body == nullptr) continue;
      body->commit_checked = result.valid;
      result.valid ? advance(commit->header_hash) : shelf_.remove(commit->header_hash);
    } else if (auto* own = std::get_if<VerifyOwn>(&result.job)) {
      if (!result.valid) {
        emit(DropPeer{own->peer, "a message that it says is ours is forged"});
        continue;
      }
      hear_own(own->peer, own->answer.decided, position_of(*own->answer.message));
    } else if (result.valid) {
      admit_verified(*result.verified);
    } else {
      drop_forged(*std::get<VerifyStatement>(result.job).statement);
    }
  }
}

void ReplicaCore::on(Signed&& event) {
  const auto found = signing_.extract(event.id);
  if (found.empty() || !event.signature) return;
  PendingSign& pending = found.mapped();
  right_.note_guard(pending.height);
  if (pending.height != agreement_->height() || committing_) return;
  std::visit(
      [&](auto& message) {
        message.signature = *event.signature;
        right_.note_own(bft::position_of(message));
        journal(message, pending.height);
        send({}, message);
        if constexpr (std::same_as<std::decay_t<decltype(message)>, bft::Proposal>) {
          const auto executed = executed_.find(message.header_hash);
          if (executed != executed_.end()) {
            send({}, Body{executed->second.block->block, message.header_hash});
          }
        } else if (message.type == bft::VoteType::precommit && message.value &&
                   message.round > Round{0}) {
          const auto polka = agreement_->polka_certificate(message.round);
          if (polka) send({}, *polka);  // [rule 17]
        }
        obey(agreement_->receive(message));
      },
      pending.message);
}

void ReplicaCore::on(Committed&& event) {
  assert(committing_ && decided_ && event.height == agreement_->height());
  const ExecutedBlockPtr block = executed_.at(decided_->block.header_hash).block;
  chain_.commit(block, decided_->certificate);
  committing_ = false;
  decided_.reset();
  executed_.clear();
  shelf_.clear();
  catch_up_.move_to(event.height);
  settle_after_commit(*block);
  // What no pending statement announces for a while; bodies of the next height come after this.
  const auto is_named = [this](const crypto::Hash& root) {
    return !pool_.announcing(root).empty();
  };
  auto lapsed = stock_.take_lapsed(now_.real, is_named);
  for (const crypto::Hash& root : lapsed) desk_.forget_holders(root);
  if (!lapsed.empty()) emit(DropAttachments{std::move(lapsed)});
  send({}, Status{chain_.tip().height});
  start_height();
  ask_for_decided();
  if (*chain_.tip().validators == *chain_.tip().previous_validators) return;
  std::set<crypto::Hash> announced;  // more than 2/3 are others now
  for (const PoolEntry* entry : pool_.waiting()) {
    if (entry->attachment) announced.insert(*entry->attachment);
  }
  for (const crypto::Hash& root : announced) note_attachment(root);
}

void ReplicaCore::on(TimerFired&& event) {
  const TimerId& timer = event.timer;
  if (timer.kind == TimerKind::resend) {
    resend();
    emit(SetTimer{timer, config_.resend_ms});
    return;
  }
  if (timer.height != agreement_->height() || committing_) return;
  if (timer.kind == TimerKind::heartbeat) {
    turn_.heartbeat_due = true;
    wake();
    return;
  }
  const auto kind = static_cast<bft::TimeoutKind>(timer.kind);
  crypto::CborWriter payload;
  payload.array(2).uint(static_cast<std::uint64_t>(kind)).integer(timer.round.value);
  emit(Journal{timer.height, kJournalTimeout, payload.finish()});
  obey(agreement_->timeout(kind, timer.round));
}

void ReplicaCore::send(const std::string& org, const Message& message) {
  if (replaying_) return;
  auto payload = std::make_shared<const crypto::Bytes>(encode(message, chain_.chain_id()));
  emit(Send{org, kind_of(message), std::move(payload)});
}

void ReplicaCore::journal(const Message& message, Height height) {
  if (replaying_) return;
  emit(Journal{height, kind_of(message), encode(message, chain_.chain_id())});
}

}  // namespace treeproof::replica
