// Messages of peers, catching up, and what is said again while nothing moves.
#include <cassert>
#include <utility>

#include "consensus/replica/replica_core.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

namespace {

constexpr std::size_t kNextBodiesMax = 8;  // one of a peer, at most a block's bytes each

}  // namespace

void ReplicaCore::verify_agreement(const std::string& org, VerifyAgreement::Message message,
                                   Height height) {
  if (height > agreement_->height()) return peers_.keep_early(org, height, std::move(message));
  if (height < agreement_->height() || committing_) return;
  jobs_.push_back(VerifyAgreement{std::move(message), chain_.tip().validators, org});
}

void ReplicaCore::take(const std::string& org, Status&& message) {
  peers_.note_decided(org, message.decided);
  const Height own = chain_.tip().height;
  if (message.decided.value > own.value + 1) ask_for_decided();
}

// [rule 12] proposer and signature are checked before anything is stored.
void ReplicaCore::take(const std::string& org, bft::Proposal&& message) {
  if (message.height == agreement_->height() && agreement_->holds(message)) return;
  verify_agreement(org, message, message.height);
}

void ReplicaCore::take(const std::string& org, bft::Vote&& message) {
  if (message.height == agreement_->height() && agreement_->holds(message)) return;
  verify_agreement(org, message, message.height);
}

void ReplicaCore::take(const std::string& org, bft::PolkaCertificate&& message) {
  verify_agreement(org, message, message.height);
}

void ReplicaCore::take(const std::string& org, bft::RoundCertificate&& message) {
  verify_agreement(org, message, message.height);
}

void ReplicaCore::take(const std::string&, Statements&& message) {
  for (auto& statement : message.statements) admit(std::move(statement), Origin::peer, {});
}

// Who decides first proposes the next block before the others are there: it waits for them.
void ReplicaCore::take(const std::string& org, Body&& message) {
  const auto header = ledger::decode_header(message.block->header_bytes);
  if (!header || header->height != agreement_->height().next()) {
    return shelve(message.block, message.header_hash, org);
  }
  const bool has_room = next_bodies_.contains(org) || next_bodies_.size() < kNextBodiesMax;
  if (has_room)
    next_bodies_.insert_or_assign(org, EarlyBody{message.block, message.header_hash, org});
}

void ReplicaCore::take(const std::string& org, BodyWanted&& message) {
  const auto executed = executed_.find(message.header_hash);
  if (executed == executed_.end()) return;
  send(org, Body{executed->second.block->block, message.header_hash});
}

// [rule 27] A block from a peer enters by the same door: its certificate is verified, its body is
// executed, and only then is it committed.
void ReplicaCore::take(const std::string& org, Decided&& message) {
  const Height height = message.certificate.height;
  peers_.note_decided(org, height);
  if (height < agreement_->height() || committing_) return;
  const crypto::Hash hash = ledger::header_hash(message.block->header_bytes);
  if (hash != message.certificate.block.header_hash) {
    return emit(DropPeer{org, "a certificate of another block"});
  }
  verify_agreement(org, message.certificate, height);
  if (height == agreement_->height()) {
    shelve(message.block, hash, org);
  } else if (early_bodies_.size() < kDecidedWantedMax || early_bodies_.contains(height)) {
    early_bodies_.insert_or_assign(height, EarlyBody{message.block, hash, org});
  }
}

void ReplicaCore::take(const std::string& org, DecidedWanted&& message) {
  if (message.from > chain_.tip().height || message.from.value == 0) return;
  emit(SendDecided{org, message.from, message.count});
}

void ReplicaCore::take(const std::string& org, AttachmentsHeld&& message) {
  for (const auto& root : message.roots) {
    desk_.note_held(org, root);
    note_attachment(root);
  }
}

void ReplicaCore::take(const std::string& org, AttachmentWanted&& message) {
  emit(SendAttachmentPart{org, message.root, message.offset});
}

void ReplicaCore::take(const std::string& org, AttachmentPart&& message) {
  const crypto::Hash root = message.root;
  const auto announced = desk_.wanted(root);
  auto progress = desk_.take(org, std::move(message));
  if (progress.next) send(progress.next->org, progress.next->wanted);
  if (!progress.complete) return;
  assert(announced.has_value());
  desk_.forget(root);
  storing_.emplace(root, *announced);
  emit(StoreAttachment{*announced, std::move(progress.complete), {}});
}

void ReplicaCore::take(const std::string& org, OwnVoteWanted&&) {
  VotePosition held = peers_.vote_of(org);
  const Height decided = chain_.tip().height;  // whatever it voted up to there: it need not again
  if (decided.value > 0 && held.height <= decided) held = {decided, Round{kRoundMax}, 3};
  send(org, OwnVoteHeld{held.height, held.round, held.step});
}

void ReplicaCore::take(const std::string& org, OwnVoteHeld&& message) {
  peers_.note_own(org, {message.height, message.round, message.step});
  enable_signing();
}

void ReplicaCore::ask_for_decided() {
  const Height own = chain_.tip().height;
  if (!early_bodies_.empty()) return;  // the answer to the last question still runs
  if (const auto org = peers_.ahead_of(own)) {
    send(*org, DecidedWanted{own.next(), kDecidedWantedMax});
  }
}

void ReplicaCore::introduce(const std::string& org) {
  send(org, Status{chain_.tip().height});
  if (config_.may_sign && !signing_enabled_) send(org, OwnVoteWanted{});
  Statements pending;
  AttachmentsHeld held;
  std::size_t bytes = 0;
  const auto flush = [&] {
    if (!pending.statements.empty()) send(org, std::exchange(pending, {}));
    if (!held.roots.empty()) send(org, std::exchange(held, {}));
    bytes = 0;
  };
  for (const PoolEntry* entry : pool_.all()) {
    pending.statements.push_back(entry->statement.pointer());
    bytes += entry->statement->bytes.size();
    const bool holds = entry->attachment && chain_.stored().attachment(*entry->attachment);
    if (holds) held.roots.push_back(*entry->attachment);
    if (bytes >= kStatementsFrameBytes || held.roots.size() >= 1'024) flush();
  }
  flush();
  for (const auto& vote : agreement_->own_votes()) send(org, vote);
}

// [rule 17] While nothing moved since the last tick: say again what others may have missed.
void ReplicaCore::resend() {
  desk_.restart_stalled();
  request_attachments();
  const bool moved = std::exchange(resent_at_, agreement_->height()) != agreement_->height();
  if (moved || committing_) return;
  broadcast(Status{chain_.tip().height});
  early_bodies_.clear();
  ask_for_decided();
  if (config_.may_sign && !signing_enabled_) broadcast(OwnVoteWanted{});
  if (const auto* proposal = agreement_->own_proposal()) {
    broadcast(*proposal);
    const auto executed = executed_.find(proposal->header_hash);
    if (executed != executed_.end()) {
      broadcast(Body{executed->second.block->block, proposal->header_hash});
    }
  }
  for (const auto& vote : agreement_->own_votes()) broadcast(vote);
  if (const auto polka = agreement_->polka_certificate(agreement_->valid().round)) {
    broadcast(*polka);
  }
  if (const auto& certificate = agreement_->round_certificate()) broadcast(*certificate);
  for (const auto& hash : wanted_) {
    const bool held = shelf_.find(hash) != nullptr || executed_.contains(hash);
    if (!held) broadcast(BodyWanted{hash});
  }
  for (const PoolEntry* entry : pool_.all()) {
    const bool said_again = entry->origin == Origin::client && gossip_.size() < 1'024;
    if (said_again) gossip_.push_back(entry->statement.pointer());
  }
}

}  // namespace treeproof::replica
