// Each effect of the replica, done. Their order is the replica's; journal first, then what leaves.
#include <spdlog/spdlog.h>

#include "consensus/ledger/redaction.h"
#include "consensus/replica/link_watch.h"
#include "consensus/types/limits.h"
#include "node/host_loop.h"
#include "node/peer_directory.h"

namespace treeproof::node {

void Host::Loop::execute(replica::Effects effects) {
  for (replica::Effect& effect : effects) {
    if (!failure.empty()) return;
    std::visit([this](const auto& chosen) { execute_one(chosen); }, effect);
  }
}

void Host::Loop::execute_one(const replica::Journal& effect) {
  journal.append(effect);
  journal_dirty = true;
}

// [rule 20] what was taken in is durable before anything that follows from it leaves
void Host::Loop::sync_journal() {
  if (!std::exchange(journal_dirty, false)) return;
  if (auto synced = journal.sync(); !synced) fail(synced.error());
}

void Host::Loop::execute_one(const replica::Sign& effect) {
  sync_journal();
  if (guard == nullptr || !failure.empty()) return;
  auto signature = guard->sign(effect.request, node_key);
  if (!signature) return fail(signature.error());
  events.push_back(replica::Signed{effect.id, *signature});
}

void Host::Loop::execute_one(const replica::RaiseFloor& effect) {
  if (guard == nullptr) return;
  auto raised = guard->raise_floor(effect.height, effect.round, effect.step);
  if (!raised) fail(raised.error());
}

void Host::Loop::execute_one(const replica::Send& effect) {
  sync_journal();
  if (!failure.empty()) return;
  if (effect.org.empty()) {
    mesh.broadcast(effect.kind, effect.payload);
  } else {
    mesh.send(effect.org, effect.kind, effect.payload);
  }
}

void Host::Loop::execute_one(const replica::DropPeer& effect) {
  spdlog::warn("{} misbehaves: {}", effect.org, effect.why);
  mesh.drop(effect.org);
}

void Host::Loop::execute_one(const replica::SendDecided& effect) {
  answers.ask(effect.org, replica::DecidedWanted{effect.from, effect.count});
  make_answers();
}

void Host::Loop::execute_one(const replica::SendAttachmentPart& effect) {
  answers.ask(effect.org, replica::AttachmentWanted{effect.root, effect.offset});
  make_answers();
}

// Agreement never waits behind statements. Those go in groups: handing over costs something too.
void Host::Loop::execute_one(const replica::RunJobs& effect) {
  constexpr std::size_t kGroup = 8;
  std::vector<replica::Job> group;
  const auto hand_over = [&] {
    loop.offload([this, jobs = std::exchange(group, {})] { run_jobs(jobs); });
  };
  for (const replica::Job& job : effect.jobs) {
    if (std::holds_alternative<replica::VerifyStatement>(job)) {
      group.push_back(job);
      if (group.size() == kGroup) hand_over();
    } else {
      loop.offload_urgent([this, job] { run_jobs({&job, 1}); });
    }
  }
  if (!group.empty()) hand_over();
}

void Host::Loop::run_jobs(std::span<const replica::Job> jobs) {
  if (stopping) return;
  std::vector<replica::JobResult> done;
  for (const replica::Job& job : jobs) done.push_back(replica::run(job, chain_id));
  const std::lock_guard hold(results_lock);
  if (results.empty()) loop.post([this] { take_job_results(); });
  std::ranges::move(done, std::back_inserter(results));
}

// All that were done by now, in one step: what follows from them leaves together.
void Host::Loop::take_job_results() {
  replica::JobsDone done;
  {
    const std::lock_guard hold(results_lock);
    done.results = std::exchange(results, {});
  }
  handle(std::move(done));
}

void Host::Loop::execute_one(const replica::StoreAttachment& effect) {
  auto bytes = effect.bytes;
  if (!bytes) bytes = uploads.at(effect.ticket).bytes;
  loop.offload([this, bytes, announced = effect.announced, ticket = effect.ticket] {
    if (stopping) return;
    CheckedAttachment done{announced.root, ticket, std::unexpected(ledger::Refusal{})};
    auto attachment = ledger::Attachment::check(*bytes, announced);
    if (attachment) {
      done.packed = store::pack(*std::move(attachment));
    } else {
      done.packed = std::unexpected(std::move(attachment.error()));
    }
    loop.post([this, done = std::move(done)]() mutable { attachment_checked(std::move(done)); });
  });
}

// What is checked while others are being stored is stored together after them, by one sync. The
// loop never waits for it.
void Host::Loop::attachment_checked(CheckedAttachment done) {
  checked.push_back(std::move(done));
  if (!storing) store_checked();
}

void Host::Loop::store_checked() {
  if (stopping || !failure.empty() || checked.empty()) return;
  storing = true;
  loop.offload_to_disk([this, all = std::exchange(checked, {})]() mutable {
    std::vector<store::PackedAttachment> packed;
    for (CheckedAttachment& one : all) {
      if (one.packed) packed.push_back(*std::move(one.packed));
    }
    auto stored = store.put_attachments(packed);
    loop.post([this, all = std::move(all), stored = std::move(stored)]() mutable {
      attachments_stored(std::move(all), stored);
    });
  });
}

void Host::Loop::attachments_stored(std::vector<CheckedAttachment> all,
                                    const std::expected<void, store::StoreError>& stored) {
  if (!stored) return fail(stored.error());
  storing = false;
  replica::AttachmentsStored event;
  for (const CheckedAttachment& one : all) {
    if (auto upload = uploads.extract(one.ticket); !upload.empty()) {
      using Answer = std::expected<void, ledger::Refusal>;
      upload.mapped().answer(one.packed ? Answer{} : std::unexpected(one.packed.error()));
    }
    (one.packed ? event.held : event.refused).push_back(one.root);
  }
  handle(std::move(event));
  store_checked();
}

void Host::Loop::execute_one(const replica::LoadAttachment& effect) {
  loop.offload([this, root = effect.root] {
    if (stopping) return;
    replica::AttachmentsStored event;
    (store.latest()->attachment(root) ? event.held : event.refused).push_back(root);
    post(std::move(event));
  });
}

void Host::Loop::execute_one(const replica::DropAttachments& effect) {
  if (auto dropped = store.drop_attachments(effect.roots); !dropped) return fail(dropped.error());
  tidy_up([this] { return store.give_back_space(); });
}

void Host::Loop::tidy_up(std::function<std::expected<void, store::StoreError>()> task) {
  loop.offload_to_disk([this, task = std::move(task)] {
    if (stopping) return;
    if (const auto done = task(); !done) loop.post([this, why = done.error()] { fail(why); });
  });
}

// The view is that of the last commit, and any thread may read it.
void Host::Loop::execute_one(const replica::CheckLinks& effect) {
  loop.offload([this, effect, view = store.latest()] {
    if (!stopping) post(replica::check_links(effect, *view));
  });
}

void Host::Loop::execute_one(const replica::SetTimer& effect) {
  timers[effect.timer] = loop.after(effect.delay_ms, [this, id = effect.timer] {
    timers.erase(id);
    handle(replica::TimerFired{id});
  });
}

void Host::Loop::execute_one(const replica::Commit& effect) {
  const Height height = effect.block->header.height;
  const bool peers_change = changes_directory(*effect.block, replica.chain().tip());
  if (auto committed = store.commit(effect); !committed) return fail(committed.error());
  journal.reset();
  maker.committed(store.latest());
  seeker.give_up();  // only a store without a block begins at a snapshot
  std::erase_if(timers, [&](const auto& entry) {
    return entry.first.kind != replica::TimerKind::resend && entry.first.height <= height;
  });
  events.push_back(replica::Committed{height});
  const bool redacts = !ledger::redacted_by(effect.block->effects.changes).empty();
  if (redacts) tidy_up([this] { return store.erase_redacted(); });
  if (peers_change) {
    loop.post([this] {
      update_directory();
      tell_voting();
    });
  }
  loop.post([this, height] {
    publish_status();
    const std::lock_guard hold(status_lock);
    for (const auto& [id, notify] : listeners) notify(height);
  });
}

void Host::Loop::execute_one(const replica::AnswerSubmitted& effect) {
  const auto found = submits.find(effect.ticket);
  if (found == submits.end()) return;
  found->second.answer(effect.answer);
  const bool is_final = !std::holds_alternative<replica::PendingStatement>(effect.answer);
  if (is_final) submits.erase(found);
}

void Host::Loop::execute_one(const replica::RefuseAttachment& effect) {
  auto upload = uploads.extract(effect.ticket);
  if (!upload.empty()) upload.mapped().answer(std::unexpected(effect.refusal));
}

void Host::Loop::execute_one(const replica::AnswerPending& effect) {
  auto asked = pendings.extract(effect.ticket);
  if (!asked.empty()) asked.mapped()(effect.pending);
}

void Host::Loop::execute_one(const replica::RecordEvidence& effect) {
  const Offence offence = bft::offence_of(effect.evidence.evidence());
  spdlog::error("evidence against {}: a {} of height {} round {}", offence.org,
                ledger::name(offence.step), offence.height.value, offence.round.value);
  if (auto stored = store.put_evidence(effect.evidence); !stored) fail(stored.error());
}

void Host::Loop::execute_one(const replica::ForgetEvidence& effect) {
  if (auto gone = store.forget_evidence(effect.offences); !gone) fail(gone.error());
}

// [rule 25] it is for people to find out whose signatures these are
void Host::Loop::execute_one(const replica::RecordAlarm& effect) {
  const char* what = effect.kind == bft::AlarmKind::second_quorum
                         ? "two quorums decided two blocks"
                         : "a quorum decided a block that is invalid here";
  spdlog::critical(
      "height {}: {}; this node goes on serving and votes no more: see docs/running.md",
      effect.quorums.front().height.value, what);
  if (auto stored = store.put_alarm(effect); !stored) fail(stored.error());
}

}  // namespace treeproof::node
