#include "tests/simulation/catch_up_bed.h"

#include <algorithm>
#include <utility>

#include "consensus/replica/link_watch.h"
#include "consensus/types/limits.h"

namespace treeproof::simulation {

namespace {

constexpr std::uint64_t kReconnectUs = 1'000'000;

}  // namespace

CatchUpBed::CatchUpBed(const Consortium& consortium, const History& history, std::string own_org)
    : consortium_(consortium), history_(history), store_(consortium.empty_store()) {
  replica::ReplicaConfig config;
  config.org = std::move(own_org);
  config.past = [this](Height height) { return store_.past(height); };
  replica_.emplace(config, replica::Chain(consortium.chain_id(), store_, store_.build_state_map(),
                                          store_.tip()));
  for (auto& effect : replica_->start({}, now())) perform(effect);
}

// The clock stands behind the history's last block: no time that is in it lies ahead.
replica::Now CatchUpBed::now() const {
  const TimeMs time{history_.store().tip().time.value + now_us_ / 1'000};
  return {time, time, 1};
}

void CatchUpBed::add_peer(const std::string& org, Manner manner, std::optional<Height> claim) {
  peers_.insert_or_assign(org, Peer{manner, claim.value_or(history_.height()), 0, 0});
  connect(org);
}

void CatchUpBed::connect(const std::string& org) {
  deliver(replica::PeerConnected{org});
  const Peer& peer = peers_.at(org);
  say(org, replica::Status{peer.claim}, latency_us);
  if (peer.manner != Manner::floods) return;
  for (const replica::Commit& commit : history_.store().blocks()) {
    say(org, replica::Decided{commit.certificate, commit.block->block}, latency_us);
  }
}

void CatchUpBed::after(std::uint64_t delay_us, std::function<void()> action) {
  agenda_.emplace(now_us_ + delay_us, std::move(action));
}

void CatchUpBed::run_ms(std::uint64_t duration_ms) {
  const std::uint64_t end_us = now_us_ + duration_ms * 1'000;
  while (!agenda_.empty() && agenda_.begin()->first <= end_us) {
    auto next = agenda_.extract(agenda_.begin());
    now_us_ = std::max(now_us_, next.key());
    next.mapped()();
  }
  now_us_ = end_us;
}

bool CatchUpBed::reaches(Height wanted, std::uint64_t limit_ms) {
  for (std::uint64_t ms = 0; ms < limit_ms && height() < wanted; ms += 10) run_ms(10);
  return height() >= wanted;
}

void CatchUpBed::deliver(replica::Event event) {
  for (auto& effect : replica_->step(std::move(event), now())) perform(effect);
}

void CatchUpBed::perform(replica::Effect& effect) {
  if (on_effect) on_effect(effect);
  if (const auto* sent = std::get_if<replica::Send>(&effect)) {
    const auto message = replica::decode(sent->kind, *sent->payload, consortium_.chain_id());
    for (const auto& [org, peer] : peers_) {
      if (sent->org.empty() || sent->org == org) hear(org, message.value());
    }
  } else if (auto* jobs = std::get_if<replica::RunJobs>(&effect)) {
    replica::JobsDone done;
    for (const auto& job : jobs->jobs) done.results.push_back(run(job, consortium_.chain_id()));
    after(50, [this, done = std::move(done)] { deliver(done); });
  } else if (const auto* commit = std::get_if<replica::Commit>(&effect)) {
    store_.commit(*commit);
    std::erase_if(timers_,
                  [](const auto& timer) { return timer.first.kind != replica::TimerKind::resend; });
    after(100, [this, height = height()] { deliver(replica::Committed{height}); });
  } else if (const auto* timer = std::get_if<replica::SetTimer>(&effect)) {
    timers_[timer->timer] = ++next_timer_;
    after(timer->delay_ms * 1'000, [this, id = timer->timer, number = next_timer_] {
      const auto found = timers_.find(id);
      if (found == timers_.end() || found->second != number) return;
      timers_.erase(found);
      deliver(replica::TimerFired{id});
    });
  } else if (const auto* attachment = std::get_if<replica::StoreAttachment>(&effect)) {
    auto checked = ledger::Attachment::check(*attachment->bytes, attachment->announced);
    replica::AttachmentsStored event;
    (checked ? event.held : event.refused).push_back(attachment->announced.root);
    if (checked) store_.put_attachment(*checked);
    after(200, [this, event] { deliver(event); });
  } else if (const auto* load = std::get_if<replica::LoadAttachment>(&effect)) {
    after(200, [this, root = load->root] { deliver(replica::AttachmentsStored{{root}, {}}); });
  } else if (const auto* unneeded = std::get_if<replica::DropAttachments>(&effect)) {
    store_.drop_attachments(unneeded->roots);
    given_back.push_back(*unneeded);
  } else if (const auto* links = std::get_if<replica::CheckLinks>(&effect)) {
    after(200, [this, done = replica::check_links(*links, store_)] { deliver(done); });
  } else if (const auto* given = std::get_if<replica::AnswerSubmitted>(&effect)) {
    answers.insert_or_assign(given->ticket.value, given->answer);
  } else if (const auto* drop = std::get_if<replica::DropPeer>(&effect)) {
    ++peers_.at(drop->org).dropped;
    after(10, [this, org = drop->org] { deliver(replica::PeerDisconnected{org}); });
    after(kReconnectUs, [this, org = drop->org] { connect(org); });
  }
}

void CatchUpBed::hear(const std::string& org, const replica::Message& message) {
  Peer& peer = peers_.at(org);
  if (const auto* wanted = std::get_if<replica::DecidedWanted>(&message)) {
    ++peer.requests;
    most_at_once_ = std::max(most_at_once_, ++at_once_);
    answer(org, peer, *wanted);
  } else if (const auto* part = std::get_if<replica::AttachmentWanted>(&message)) {
    answer(org, peer, *part);
  }
}

void CatchUpBed::say(const std::string& org, replica::Message message, std::uint64_t delay_us) {
  after(delay_us,
        [this, org, message = std::move(message)] { deliver(replica::Received{org, message}); });
}

replica::Decided CatchUpBed::decided(Height height, Manner manner) const {
  const replica::Commit& commit = history_.store().blocks().at(height.value - 1);
  replica::Decided message{commit.certificate, commit.block->block};
  if (manner == Manner::forger) message.certificate.round = message.certificate.round.next();
  if (manner == Manner::strips_bodies) {
    auto stripped = *message.block;
    stripped.statements.clear();
    message.block = std::make_shared<const ledger::Block>(std::move(stripped));
  }
  return message;
}

void CatchUpBed::answer(const std::string& org, Peer& peer, const replica::DecidedWanted& wanted) {
  after(latency_us, [this] { --at_once_; });
  if (peer.manner == Manner::silent) return;
  std::size_t bytes = 0;
  for (std::uint64_t i = 0; i < wanted.count && bytes < kDecidedAnswerBytes; ++i) {
    const Height height{wanted.from.value + i};
    if (height > history_.height()) return;
    if (peer.manner == Manner::leaves_gaps && i == 0) continue;
    const bool is_missing = height.value <= history_.height().value / 2;
    if (peer.manner == Manner::began_later && is_missing) continue;
    replica::Decided message = decided(height, peer.manner);
    bytes += ledger::content_bytes(*message.block);
    say(org, std::move(message), latency_us + i);
  }
}

void CatchUpBed::answer(const std::string& org, const Peer& peer,
                        const replica::AttachmentWanted& wanted) {
  const auto held = history_.store().attachment(wanted.root);
  if (peer.manner == Manner::hides_attachments || peer.manner == Manner::silent || !held) return;
  const auto rest = crypto::to_bytes(held->bytes().subspan(wanted.offset));
  say(org, replica::AttachmentPart{wanted.root, wanted.offset, rest}, latency_us);
}

}  // namespace treeproof::simulation
