// Each effect of a replica, done to the simulated disk, guard and network.
#include <algorithm>
#include <utility>

#include "consensus/replica/link_watch.h"
#include "consensus/types/limits.h"
#include "tests/simulation/submission.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

constexpr std::uint64_t kHangUpUs = 1'000'000;
constexpr std::size_t kOldLetters = 64;

}  // namespace

bool World::perform(const std::string& org, Node& node, replica::Effect& effect) {
  if (auto* journal = std::get_if<replica::Journal>(&effect)) {
    node.disk.unsynced.push_back(std::move(*journal));
  } else if (const auto* request = std::get_if<replica::Sign>(&effect)) {
    return sign(org, node, *request);
  } else if (const auto* floor = std::get_if<replica::RaiseFloor>(&effect)) {
    return write_guard(org, node, node.disk.guard.raised(*floor));
  } else if (auto* message = std::get_if<replica::Send>(&effect)) {
    if (!sync(org, node)) return false;
    send(org, node, {message->org, std::make_shared<Frame>(message->kind, message->payload)});
  } else if (const auto* wanted = std::get_if<replica::SendDecided>(&effect)) {
    send_stored(org, node, *wanted);
  } else if (const auto* part = std::get_if<replica::SendAttachmentPart>(&effect)) {
    send_part(org, node, *part);
  } else if (const auto* jobs = std::get_if<replica::RunJobs>(&effect)) {
    for (const replica::Job& job : jobs->jobs) run_job(org, node, job);
  } else if (const auto* attachment = std::get_if<replica::StoreAttachment>(&effect)) {
    return store(org, node, *attachment);
  } else if (const auto* timer = std::get_if<replica::SetTimer>(&effect)) {
    set_timer(org, node, *timer);
  } else if (const auto* decided = std::get_if<replica::Commit>(&effect)) {
    return commit(org, node, *decided);
  } else if (const auto* answer = std::get_if<replica::AnswerSubmitted>(&effect)) {
    note_answer(org, *answer);
  } else if (const auto* evidence = std::get_if<replica::RecordEvidence>(&effect)) {
    return record(org, node, evidence->evidence);
  } else if (const auto* settled = std::get_if<replica::ForgetEvidence>(&effect)) {
    for (const crypto::Hash& offence : settled->offences) node.disk.evidence.erase(offence);
  } else if (const auto* drop = std::get_if<replica::DropPeer>(&effect)) {
    hang_up(org, *drop);
  } else if (const auto* alarm = std::get_if<replica::RecordAlarm>(&effect)) {
    node.disk.fork = alarm->quorums.front().height;
    if (!node.actor) violate("alarm: " + org + " sees a quorum for what cannot be");
  } else if (const auto* load = std::get_if<replica::LoadAttachment>(&effect)) {
    replica::AttachmentsStored event;
    const bool held = node.disk.store.holds(load->root);
    (held ? event.held : event.refused).push_back(load->root);
    post(org, std::move(event), 200);
  } else if (const auto* unneeded = std::get_if<replica::DropAttachments>(&effect)) {
    node.disk.store.drop_attachments(unneeded->roots);
  } else if (const auto* links = std::get_if<replica::CheckLinks>(&effect)) {
    post(org, replica::check_links(*links, node.disk.store), 50 + random(1'000));
  }
  return true;
}

// A durable step has two places to die at: before it and after it. False: this one was chosen.
bool World::survives(const std::string& org) {
  const bool counts = options_.crash_org.empty() || org == options_.crash_org;
  if (!counts || !invariants_.is_correct(org)) return true;
  if (++counts_.crash_points != options_.crash_at_point) return true;
  die(org);
  return false;
}

// The guard has a third place to die at: in the midst of its slot.
bool World::write_guard(const std::string& org, Node& node, const bft::GuardState& next) {
  if (next.sequence() == node.disk.guard.state().sequence()) return true;
  if (!survives(org)) return false;
  if (!survives(org)) {
    node.disk.guard.tear(next, torn_());
    return false;
  }
  node.disk.guard.write(next);
  return survives(org);
}

// The next effect is what power fails in. Before the guard is written, the journal is on the disk.
void World::interrupt(Node& node, const replica::Effect& effect) {
  const auto* const sign = std::get_if<replica::Sign>(&effect);
  if (sign == nullptr || node.actor || options_.faults.torn_percent == 0) return;
  bft::GuardState next = node.disk.guard.state();
  if (next.judge(sign->request) != bft::GuardVerdict::sign) return;
  next.record(sign->request, node.disk.key->sign(sign->request.digest));
  node.disk.sync();
  node.disk.guard.tear(next, torn_());
}

bool World::sync(const std::string& org, Node& node) {
  if (node.disk.unsynced.empty()) return true;
  if (!survives(org)) return false;
  node.disk.sync();
  const std::uint64_t took_us = faulty_ ? random(options_.faults.sync_max_us + 1) : 0;
  node.ready_at_us = std::max(node.ready_at_us, now_us_ + took_us);
  return survives(org);
}

bool World::sign(const std::string& org, Node& node, const replica::Sign& effect) {
  const bft::SignRequest& request = effect.request;
  const crypto::SecretKey& key = *node.disk.key;
  if (node.actor) {  // no guard holds it back
    post(org, replica::Signed{effect.id, key.sign(request.digest)}, 20);
    return true;
  }
  if (!sync(org, node)) return false;
  const auto verdict = node.disk.guard.state().judge(request);
  std::optional<crypto::Signature> signature;
  if (verdict == bft::GuardVerdict::sign) {
    signature = key.sign(request.digest);
    bft::GuardState next = node.disk.guard.state();
    next.record(request, *signature);
    if (!write_guard(org, node, next)) return false;
  } else if (verdict == bft::GuardVerdict::stored) {
    signature = node.disk.guard.state().stored_signature();
  } else {
    trace_.note_text(now_us_, org,
                     "guard refuses step " + std::to_string(static_cast<int>(request.step)) +
                         " of " + std::to_string(request.height.value) + "/" +
                         std::to_string(request.round.value));
  }
  if (signature) invariants_.signs(org, request);
  post(org, replica::Signed{effect.id, signature}, 20);
  return true;
}

bool World::commit(const std::string& org, Node& node, const replica::Commit& effect) {
  const Height height = effect.block->header.height;
  if (!node.actor) invariants_.committed(org, effect);
  trace_.note_commit(now_us_, org, height, effect.block->header_hash);
  if (!survives(org)) return false;
  node.disk.store.commit(effect);
  if (!survives(org)) return false;
  node.disk.void_journal();
  if (node.seeker) node.seeker->give_up();  // only a store without a block begins at a snapshot
  make_snapshot(org, node, effect);
  std::erase_if(node.timers, [&](const auto& entry) {
    return entry.first.kind != replica::TimerKind::resend && entry.first.height <= height;
  });
  post(org, replica::Committed{height}, 100 + random(options_.commit_max_us));
  change_key(org, node);
  return true;
}

bool World::store(const std::string& org, Node& node, const replica::StoreAttachment& effect) {
  const bool given = effect.bytes != nullptr;
  const auto bytes = given ? crypto::ByteSpan(*effect.bytes)
                           : submitted_.at(effect.ticket.value).attachment->bytes();
  auto checked = ledger::Attachment::check(crypto::to_bytes(bytes), effect.announced);
  replica::AttachmentsStored event;
  (checked ? event.held : event.refused).push_back(effect.announced.root);
  if (checked) {
    if (!survives(org)) return false;
    node.disk.store.put_attachment(*checked);
    invariants_.stored(*checked);
    if (!survives(org)) return false;
  }
  post(org, std::move(event), 200);
  return true;
}

bool World::record(const std::string& org, Node& node, const bft::VerifiedEvidence& evidence) {
  if (!survives(org)) return false;
  const crypto::Hash offence = offence_id(bft::offence_of(evidence.evidence()));
  node.disk.evidence.insert_or_assign(offence, evidence.evidence());
  if (!node.actor) invariants_.reported(org, evidence.evidence());
  return survives(org);
}

void World::send(const std::string& from, Node& node, const Letter& letter) {
  const std::uint64_t leaves_at_us = std::max(now_us_, node.ready_at_us);
  if (!node.actor) return carry(from, letter, leaves_at_us);
  for (const Letter& other : node.actor->instead_of(letter)) carry(from, other, leaves_at_us);
}

void World::carry(const std::string& from, const Letter& letter, std::uint64_t leaves_at_us) {
  for (const auto& [to, peer] : nodes_) {
    const bool meant = to != from && (letter.to.empty() || letter.to == to);
    if (!meant || !network_.connected(from, to)) continue;
    const Letter one{to, letter.frame};
    const bool lost = faulty_ && chance(options_.faults.loss_percent, 100);
    if (lost || !network_.carries(from, to)) {
      trace_.note_frame(Happening::lost, now_us_, from, to, letter.frame);
      continue;
    }
    const auto delay = [&] { return 100 + random(faulty_ ? options_.faults.delay_max_us : 500); };
    travel(from, one, leaves_at_us + delay());
    if (!faulty_ || options_.faults.repeat_percent == 0) continue;
    old_letters_.emplace_back(from, one);
    if (old_letters_.size() > kOldLetters) old_letters_.pop_front();
    if (!chance(options_.faults.repeat_percent, 100)) continue;
    const auto& [sender, again] = old_letters_[random(old_letters_.size())];
    chance(1, 2) ? travel(from, one, leaves_at_us + delay())
                 : travel(sender, again, leaves_at_us + delay());
  }
}

void World::travel(const std::string& from, const Letter& letter, std::uint64_t arrives_at_us) {
  const std::uint64_t life = nodes_.at(letter.to).life;
  at(arrives_at_us, [this, from, letter, life] {
    const std::string& to = letter.to;
    Node& node = nodes_.at(to);
    if (!node.replica || node.life != life) return;
    trace_.note_frame(Happening::received, now_us_, from, to, letter.frame);
    if (node.actor) node.actor->saw(letter.frame);
    const auto& message = letter.frame->message(consortium_.chain_id());
    if (message && is_for_snapshots(from, to, node, *message)) return;
    if (message) return deliver(to, replica::Received{from, *message});
    if (invariants_.is_correct(from)) {
      violate("frame: one of " + from + ", a correct node, is refused: " + message.error());
    }
  });
}

void World::send_stored(const std::string& org, Node& node, const replica::SendDecided& effect) {
  std::size_t sent = 0;
  for (std::uint64_t i = 0; i < effect.count && sent < kDecidedAnswerBytes; ++i) {
    const replica::Commit* const held = node.disk.store.block({effect.from.value + i});
    if (held == nullptr) return;
    const replica::Decided decided{held->certificate, held->block->block};
    sent += ledger::content_bytes(*held->block->block);
    send(org, node, {effect.org, frame_of(decided, consortium_.chain_id())});
  }
}

void World::send_part(const std::string& org, Node& node,
                      const replica::SendAttachmentPart& effect) {
  const auto attachment = node.disk.store.attachment(effect.root);
  if (!attachment || effect.offset >= attachment->bytes().size()) return;
  const auto rest = crypto::to_bytes(attachment->bytes().subspan(effect.offset));
  const replica::AttachmentPart part{effect.root, effect.offset, rest};
  send(org, node, {effect.org, frame_of(part, consortium_.chain_id())});
}

void World::run_job(const std::string& org, Node& node, const replica::Job& job) {
  if (const auto* check = std::get_if<replica::VerifyStatement>(&job)) {
    if (!node.checked.insert(check->statement->leaf).second) ++counts_.checks_repeated;
  }
  post(org, replica::JobsDone{{replica::run(job, consortium_.chain_id())}}, 50 + random(100));
}

void World::set_timer(const std::string& org, Node& node, const replica::SetTimer& effect) {
  const std::uint64_t number = ++node.next_timer;
  node.timers[effect.timer] = number;
  const std::uint64_t life = node.life;
  at(now_us_ + effect.delay_ms * 1'000, [this, org, life, number, timer = effect.timer] {
    Node& later = nodes_.at(org);
    if (!later.replica || later.life != life) return;
    const auto found = later.timers.find(timer);
    if (found == later.timers.end() || found->second != number) return;
    later.timers.erase(found);
    trace_.note(Happening::stepped, now_us_, org, static_cast<std::uint64_t>(timer.kind));
    deliver(org, replica::TimerFired{timer});
  });
}

// The connection ends for both; one of them dials again.
void World::hang_up(const std::string& by, const replica::DropPeer& effect) {
  const std::string peer = effect.org;
  if (invariants_.is_correct(by) && invariants_.is_correct(peer)) {
    return violate("accusation: " + by + " calls " + peer + " faulty: " + effect.why);
  }
  if (!network_.connected(by, peer)) return;
  part([&] { network_.hang_up(by, peer); });
  at(now_us_ + kHangUpUs, [this, by, peer] { part([&] { network_.call_again(by, peer); }); });
}

void World::note_answer(const std::string& org, const replica::AnswerSubmitted& answer) {
  const Submission& submission = submitted_.at(answer.ticket.value);
  if (const auto* committed = std::get_if<replica::AnswerCommitted>(&answer.answer)) {
    counts_.longest_wait_us = std::max(counts_.longest_wait_us, now_us_ - submission.at_us);
    invariants_.acknowledged(
        {submission.statement, committed->height, committed->log_index, submission.attachment});
  } else if (const auto* refusal = std::get_if<ledger::Refusal>(&answer.answer)) {
    if (!submission.on_answer) {
      violate("refusal: a valid statement is refused: " + ledger::to_string(*refusal));
    }
  } else if (std::get<replica::PendingStatement>(answer.answer).attachment_missing &&
             submission.attachment) {
    const crypto::Hash root = submission.attachment->announced().root;
    post(org, replica::AttachmentOffered{root, answer.ticket}, 100);
  }
  if (submission.on_answer) submission.on_answer(answer.answer);
}

}  // namespace treeproof::simulation
