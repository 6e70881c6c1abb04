// Messages of peers, catching up, and what is said again while nothing moves or to who connects.
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
  if (height < agreement_->height()) {
    // [rule 17] It votes where all is decided; unless that vote only crossed the decision.
    const bool crossed =
        height == chain_.tip().height && now_.real.value < height_since_.value + config_.resend_ms;
    const bool answers =
        !crossed && peers_.answers_behind(org, height, now_.real, config_.resend_ms);
    if (answers) emit(SendDecided{org, height, 1});
    return;
  }
  if (committing_) return;
  jobs_.push_back(VerifyAgreement{std::move(message), chain_.tip().validators, org});
}

void ReplicaCore::take(const std::string& org, Status&& message) {
  peers_.note_decided(org, message.decided);
  const Height own = chain_.tip().height;
  if (message.decided.value > own.value + 1) ask_for_decided();
}

// [rule 25] A decision of a height that is decided here: one of another block is a second quorum.
void ReplicaCore::look_back(const std::string& org, const bft::CommitCertificate& certificate) {
  if (right_.saw(bft::AlarmKind::second_quorum)) return;
  const auto held = decision_at(certificate.height);
  const bool differs = held && held->certificate.block != certificate.block;
  if (differs) jobs_.push_back(VerifyAgreement{certificate, held->validators, org});
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
  const crypto::Hash hash = ledger::header_hash(message.block->header_bytes);
  if (hash != message.certificate.block.header_hash) {
    return emit(DropPeer{org, "a certificate of another block"});
  }
  if (height < agreement_->height() || committing_) return look_back(org, message.certificate);
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
  send(org, OwnVoteHeld{chain_.tip().height, peers_.signed_by(org)});
}

// [rule 23] A message says nothing before its signature holds; one by an earlier key, or one that
// is known already, says no more than none.
void ReplicaCore::take(const std::string& org, OwnVoteHeld&& message) {
  const bool is_news = message.message && right_.is_news(*message.message);
  if (!is_news) return hear_own(org, message.decided, std::nullopt);
  jobs_.push_back(VerifyOwn{std::move(message), right_.key(), org});
}

void ReplicaCore::hear_own(const std::string& org, Height decided,
                           std::optional<bft::SignPosition> proven) {
  right_.hear(org, decided, proven);
  if (right_.is_settled() && proven)
    return raise_floor(*proven);  // it comes late, and still counts
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
  say_again(org);
  if (config_.fork) emit(SendDecided{org, *config_.fork, 1});  // [rule 25] it may not know yet
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
}

// [rule 17] What a peer may have missed; everybody, where none is named.
void ReplicaCore::say_again(const std::string& org) {
  send(org, Status{chain_.tip().height});
  if (right_.wants_answers()) send(org, OwnVoteWanted{});
  if (const auto* proposal = agreement_->own_proposal()) {
    send(org, *proposal);
    const auto executed = executed_.find(proposal->header_hash);
    if (executed != executed_.end()) {
      send(org, Body{executed->second.block->block, proposal->header_hash});
    }
  }
  for (const auto& vote : agreement_->own_votes()) send(org, vote);
  if (const auto polka = agreement_->polka_certificate(agreement_->valid().round)) {
    send(org, *polka);
  }
  if (const auto& certificate = agreement_->round_certificate()) send(org, *certificate);
  for (const auto& known : evidence_.all()) send(org, EvidenceShown{known.evidence()});
}

// [rule 17] While nothing moved since the last tick: say again what others may have missed.
void ReplicaCore::resend() {
  desk_.restart_stalled();
  request_attachments();
  const bool moved = std::exchange(resent_at_, agreement_->height()) != agreement_->height();
  if (moved || committing_) return;
  say_again({});
  early_bodies_.clear();
  ask_for_decided();
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
