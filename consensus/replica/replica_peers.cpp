// Messages of peers, catching up, and what is said again while nothing moves or to who connects.
#include <cassert>
#include <utility>

#include "consensus/replica/replica_core.h"
#include "consensus/types/limits.h"

namespace treeproof::replica {

// Agreement of the current height is verified on a worker, once; later heights wait.
void ReplicaCore::verify_agreement(const std::string& org, VerifyAgreement::Message message) {
  const Height height = std::visit([](const auto& chosen) { return chosen.height; }, message);
  const auto is_held = [&](const auto& chosen) {
    if constexpr (requires { agreement_->holds(chosen); }) return agreement_->holds(chosen);
    return false;
  };
  if (height > agreement_->height()) return peers_.keep_early(org, height, std::move(message));
  if (height < agreement_->height()) {
    // [rule 17] It votes where all is decided; unless that vote only crossed the decision.
    const bool crossed =
        height == chain_.tip().height && now_.real.value < turn_.since.value + config_.resend_ms;
    const bool answers =
        !crossed && peers_.answers_behind(org, height, now_.real, config_.resend_ms);
    if (answers) emit(SendDecided{org, height, 1});
    return;
  }
  if (committing_ || std::visit(is_held, message)) return;
  jobs_.push_back(peers_.begin_check({std::move(message), chain_.tip().validators, org}));
}

void ReplicaCore::take(const std::string& org, Status&& message) {
  peers_.note_decided(org, message.decided);
  if (message.decided >= agreement_->height()) {  // what this height announces is there, too
    for (const auto& hash : shelf_.hashes()) {
      for (const auto& root : shelf_.find(hash)->attachments_missing) desk_.note_held(org, root);
    }
    request_attachments();
  }
  const Height own = chain_.tip().height;
  if (message.decided.value > own.value && message.decided.value - own.value > 1) ask_for_decided();
}

// [rule 25] A decision of a height that is decided here: one of another block is a second quorum.
void ReplicaCore::look_back(const std::string& org, const bft::CommitCertificate& certificate) {
  if (right_.saw(bft::AlarmKind::second_quorum)) return;
  const auto held = decision_at(certificate.height);
  const bool differs = held && held->certificate.block != certificate.block;
  if (differs) jobs_.push_back(peers_.begin_check({certificate, held->validators, org}));
}

void ReplicaCore::take(const std::string&, Statements&& message) {
  for (auto& statement : message.statements) admit(std::move(statement), Origin::peer, {});
}

// Who decides first proposes the next block before the others are there: it waits for them.
void ReplicaCore::take(const std::string& org, Body&& message) {
  const auto header = ledger::decode_header(message.block->header_bytes);
  if (!header || header->height != agreement_->height().next()) {
    shelve({message.block, message.header_hash, org});
    return;
  }
  peers_.keep_early({message.block, message.header_hash, org});
}

void ReplicaCore::take(const std::string& org, BodyWanted&& message) {
  const auto executed = executed_.find(message.header_hash);
  if (executed == executed_.end()) return;
  send(org, Body{executed->second.block->block, message.header_hash});
}

// [rule 27] A block from a peer enters by the same door: its certificate is verified, its body is
// executed, and only then is it committed. What nobody asked this peer for is passed over, unless
// it is the next block: it may be the late answer to a question that another got since.
void ReplicaCore::take(const std::string& org, Decided&& message) {
  const bft::CommitCertificate certificate = message.certificate;
  const EarlyBody body{message.block, ledger::header_hash(message.block->header_bytes), org};
  if (body.header_hash != certificate.block.header_hash) {
    catch_up_.fail(org, now_.real);
    emit(DropPeer{org, "a certificate of another block"});
    return ask_for_decided();
  }
  const bool is_done = certificate.height < agreement_->height() ||
                       (certificate.height == agreement_->height() && committing_);
  if (is_done) return look_back(org, certificate);
  if (!catch_up_.take(org, std::move(message), now_.real)) {
    if (certificate.height != agreement_->height()) return;
    verify_agreement(org, certificate);  // [rule 17] the answer to a vote of ours
    shelve(body);
    return;
  }
  verify_decided();
  ask_for_decided();
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
  request_attachments();
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
  stock_.begin(*announced);
  emit(StoreAttachment{*announced, std::move(progress.complete), {}});
}

void ReplicaCore::take(const std::string& org, OwnVoteWanted&&) { peers_.keep_asker(org); }

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
  // it comes late, and still counts
  if (right_.is_settled() && proven) raise_floor(right_.floor_at(*proven));
}

void ReplicaCore::ask_for_decided() {
  for (const auto& request : catch_up_.next_requests(chain_.tip().height, peers_, now_.real)) {
    send(request.org, request.wanted);
  }
}

// The next block is here: its certificate first, then take_certified().
void ReplicaCore::verify_decided() {
  CatchUp::Held* held = catch_up_.find(agreement_->height());
  if (held == nullptr || committing_ || std::exchange(held->in_use, true)) return;
  verify_agreement(held->from, held->decided.certificate);
}

// More than 2/3 signed this header: the body that came with the certificate is its own, or its
// sender lied.
void ReplicaCore::take_certified(const bft::CommitCertificate& certificate) {
  const CatchUp::Held* held = catch_up_.find(certificate.height);
  if (held == nullptr || held->decided.certificate != certificate) return;
  const EarlyBody body{held->decided.block, certificate.block.header_hash, held->from};
  if (shelve(body)) return;
  catch_up_.fail(body.from, now_.real);
  emit(DropPeer{body.from, "a body that its certified header does not name"});
  ask_for_decided();
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
    if (entry->attachment_held) held.roots.push_back(*entry->attachment);
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
  catch_up_.expire(now_.real);
  const bool moved = !std::exchange(turn_.resend_ticked, true);
  if (moved || committing_) return;
  say_again({});
  ask_for_decided();
  for (const auto& hash : shelf_.wanted()) {
    const bool held = shelf_.find(hash) != nullptr || executed_.contains(hash);
    if (!held) send({}, BodyWanted{hash});
  }
  for (const PoolEntry* entry : pool_.all()) {
    const bool said_again = entry->origin == Origin::client && gossip_.size() < 1'024;
    if (said_again) gossip_.push_back(entry->statement.pointer());
  }
}

}  // namespace treeproof::replica
