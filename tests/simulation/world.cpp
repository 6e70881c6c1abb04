#include "tests/simulation/world.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::simulation {

namespace {

constexpr std::uint64_t kSecondUs = 1'000'000;
constexpr std::uint64_t kRestartDelayUs = 300'000;

}  // namespace

World::World(const WorldOptions& options)
    : options_(options), consortium_(options.validators), random_(options.seed) {
  for (const auto& org : consortium_.validators()) nodes_.emplace(org, consortium_.genesis());
  for (const auto& org : consortium_.validators()) restart(org);
}

std::uint64_t World::random(std::uint64_t below) { return random_() % below; }

replica::Now World::now() const {
  const TimeMs time{consortium_.genesis().time.value + now_us_ / 1'000};
  return {time, time, 1};
}

void World::at(std::uint64_t time_us, std::function<void()> action) {
  queue_.emplace(std::pair{time_us, next_order_++}, std::move(action));
}

bool World::run_one() {
  if (queue_.empty()) return false;
  auto first = queue_.extract(queue_.begin());
  now_us_ = first.key().first;
  first.mapped()();
  return true;
}

void World::run_ms(std::uint64_t duration_ms) {
  const std::uint64_t end_us = now_us_ + duration_ms * 1'000;
  with_clients_ = true;
  at(now_us_, [this] { submit_something(); });
  while (!queue_.empty() && queue_.begin()->first.first <= end_us && !violation_) run_one();
  now_us_ = std::max(now_us_, end_us);
  with_clients_ = false;
}

void World::run_safety_phase(std::uint64_t duration_ms) {
  faulty_ = true;
  at(now_us_ + kSecondUs, [this] { maybe_partition(); });
  run_ms(duration_ms);
  faulty_ = false;
}

bool World::run_liveness_phase(std::uint64_t heights, std::uint64_t limit_ms) {
  Height goal;
  for (auto& [org, node] : nodes_) {
    cut_off(org, false);
    if (!node.replica) restart(org);
    goal = std::max(goal, node.store.tip().height);
  }
  goal.value += heights;
  const std::uint64_t end_us = now_us_ + limit_ms * 1'000;
  const auto height_of = [](const auto& entry) { return entry.second.store.tip().height; };
  const auto reached = [&] {
    const auto [lowest, highest] = std::ranges::minmax(nodes_ | std::views::transform(height_of));
    return lowest >= goal && lowest == highest;
  };
  while (!reached() && now_us_ < end_us && !violation_) run_one();
  return reached();
}

void World::maybe_partition() {
  if (!faulty_) return;
  if (chance(options_.faults.partition_percent, 100)) {
    auto victim = std::next(nodes_.begin(), static_cast<std::ptrdiff_t>(random(nodes_.size())));
    const std::string org = victim->first;
    cut_off(org, true);
    at(now_us_ + kSecondUs, [this, org] { cut_off(org, false); });
  }
  at(now_us_ + 2 * kSecondUs, [this] { maybe_partition(); });
}

void World::cut_off(const std::string& org, bool is_cut) {
  Node& node = nodes_.at(org);
  if (std::exchange(node.cut_off, is_cut) == is_cut) return;
  for (auto& [other, peer] : nodes_) {
    if (other == org) continue;
    const auto tell = [&](const std::string& whom, const std::string& about) {
      if (is_cut) return post(whom, replica::PeerDisconnected{about}, 10);
      post(whom, replica::PeerConnected{about}, 10);
    };
    if (peer.replica && !peer.cut_off) tell(other, org);
    if (node.replica && !peer.cut_off) tell(org, other);
  }
}

void World::crash(const std::string& org) {
  Node& node = nodes_.at(org);
  if (!node.replica) return;
  ++crashes_;
  ++node.life;
  node.replica.reset();
  node.unsynced.clear();
  note("crash", org, {});
  for (auto& [other, peer] : nodes_) {
    if (peer.replica) post(other, replica::PeerDisconnected{org}, 100);
  }
}

void World::restart(const std::string& org) {
  Node& node = nodes_.at(org);
  if (node.replica) return;
  ++node.life;
  replica::ReplicaConfig config;
  config.org = org;
  config.may_sign = node.guard.height() >= node.store.tip().height;
  node.replica.emplace(config, replica::Chain(consortium_.chain_id(), node.store,
                                              node.store.build_state_map(), node.store.tip()));
  note("restart", org, {});
  if (!execute(org, node.replica->start(node.journal, now()))) return;
  for (auto& [other, peer] : nodes_) {
    if (other == org || !peer.replica || peer.cut_off || node.cut_off) continue;
    post(other, replica::PeerConnected{org}, 200);
    post(org, replica::PeerConnected{other}, 200);
  }
}

void World::post(const std::string& org, replica::Event event, std::uint64_t delay_us) {
  const std::uint64_t life = nodes_.at(org).life;
  at(now_us_ + delay_us, [this, org, life, event = std::move(event)]() mutable {
    const Node& node = nodes_.at(org);
    if (node.replica && node.life == life) step(org, std::move(event));
  });
}

void World::step(const std::string& org, replica::Event event) {
  Node& node = nodes_.at(org);
  note("event", org, {});
  execute(org, node.replica->step(std::move(event), now()));
}

bool World::execute(const std::string& org, replica::Effects effects) {
  Node& node = nodes_.at(org);
  const bool dies = faulty_ && chance(options_.faults.crash_per_10k_steps, 10'000);
  const std::size_t done = dies ? random(effects.size() + 1) : effects.size();
  for (std::size_t i = 0; i < done; ++i) do_one(org, node, effects[i]);
  if (!dies) return true;
  crash(org);
  at(now_us_ + kRestartDelayUs + random(kSecondUs), [this, org] { restart(org); });
  return false;
}

void World::do_one(const std::string& org, Node& node, replica::Effect& effect) {
  const auto sync = [&] {
    node.journal.insert(node.journal.end(), node.unsynced.begin(), node.unsynced.end());
    node.unsynced.clear();
  };
  if (auto* journal = std::get_if<replica::Journal>(&effect)) {
    node.unsynced.push_back(std::move(*journal));
  } else if (const auto* sign_effect = std::get_if<replica::Sign>(&effect)) {
    sync();
    sign(org, node, *sign_effect);
  } else if (const auto* floor = std::get_if<replica::RaiseFloor>(&effect)) {
    node.guard.raise_floor(floor->height, floor->round, floor->step);
  } else if (const auto* message = std::get_if<replica::Send>(&effect)) {
    sync();
    for (auto& [other, peer] : nodes_) {
      const bool meant = other != org && (message->org.empty() || message->org == other);
      if (meant) send(org, other, message->kind, message->payload);
    }
  } else if (const auto* wanted = std::get_if<replica::SendDecided>(&effect)) {
    for (std::uint64_t i = 0; i < wanted->count; ++i) {
      const std::uint64_t height = wanted->from.value + i;
      if (height == 0 || height > node.store.blocks().size()) break;
      const replica::Commit& held = node.store.blocks()[height - 1];
      const replica::Message decided = replica::Decided{held.certificate, held.block->block};
      send(org, wanted->org, replica::kind_of(decided),
           std::make_shared<const crypto::Bytes>(encode(decided, consortium_.chain_id())));
    }
  } else if (const auto* part = std::get_if<replica::SendAttachmentPart>(&effect)) {
    const auto attachment = node.store.attachment(part->root);
    if (!attachment || part->offset >= attachment->bytes().size()) return;
    const replica::Message answer = replica::AttachmentPart{
        part->root, part->offset, crypto::to_bytes(attachment->bytes().subspan(part->offset))};
    send(org, part->org, replica::kind_of(answer),
         std::make_shared<const crypto::Bytes>(encode(answer, consortium_.chain_id())));
  } else if (const auto* jobs = std::get_if<replica::RunJobs>(&effect)) {
    for (const auto& job : jobs->jobs) {
      if (const auto* check = std::get_if<replica::VerifyStatement>(&job)) {
        const bool is_new = node.checked.emplace(node.life, check->statement->leaf).second;
        if (!is_new) ++checks_repeated_;
      }
      post(org, replica::JobsDone{{replica::run(job, consortium_.chain_id())}}, 50 + random(100));
    }
  } else if (const auto* store = std::get_if<replica::StoreAttachment>(&effect)) {
    const bool given = store->bytes != nullptr;
    const auto bytes = given ? crypto::ByteSpan(*store->bytes)
                             : submitted_.at(store->ticket.value).attachment->bytes();
    auto checked = ledger::Attachment::check(crypto::to_bytes(bytes), store->announced);
    if (checked) node.store.put_attachment(*checked);
    replica::AttachmentsStored event;
    (checked ? event.held : event.refused).push_back(store->announced.root);
    post(org, std::move(event), 200);
  } else if (const auto* timer = std::get_if<replica::SetTimer>(&effect)) {
    post(org, replica::TimerFired{timer->timer}, timer->delay_ms * 1'000);
  } else if (const auto* decided = std::get_if<replica::Commit>(&effect)) {
    commit(org, node, *decided);
  } else if (const auto* answer = std::get_if<replica::AnswerSubmitted>(&effect)) {
    note_answer(org, *answer);
  } else if (const auto* evidence = std::get_if<replica::RecordEvidence>(&effect)) {
    violate("a correct node is accused: " + bft::accused_org(evidence->evidence));
  } else if (const auto* drop = std::get_if<replica::DropPeer>(&effect)) {
    violate(org + " calls a correct node faulty: " + drop->org + ", " + drop->why);
  } else if (const auto* halt = std::get_if<replica::Halt>(&effect)) {
    violate(org + " halts: " + halt->why);
  }
}

void World::send(const std::string& from, const std::string& to, std::uint8_t kind,
                 std::shared_ptr<const crypto::Bytes> payload) {
  if (nodes_.at(from).cut_off || nodes_.at(to).cut_off) return;
  const Faults& faults = options_.faults;
  if (faulty_ && chance(faults.loss_percent, 100)) return;
  const std::uint64_t copies = faulty_ && chance(faults.repeat_percent, 100) ? 2 : 1;
  for (std::uint64_t copy = 0; copy < copies; ++copy) {
    const std::uint64_t delay = 100 + random(faulty_ ? faults.delay_max_us : 500);
    const std::uint64_t life = nodes_.at(to).life;
    at(now_us_ + delay, [this, from, to, kind, payload, life] {
      const Node& node = nodes_.at(to);
      if (!node.replica || node.life != life) return;
      note("frame", to, *payload);
      auto message = replica::decode(kind, *payload, consortium_.chain_id());
      if (!message) return violate("a frame of a correct node is refused: " + message.error());
      step(to, replica::Received{from, *std::move(message)});
    });
  }
}

void World::sign(const std::string& org, Node& node, const replica::Sign& effect) {
  const auto& request = effect.request;
  const auto verdict = node.guard.judge(request);
  std::optional<crypto::Signature> signature;
  if (verdict == bft::GuardVerdict::sign) {
    signature = consortium_.member(org).node_key.sign(request.digest);
    node.guard.record(request, *signature);
  } else if (verdict == bft::GuardVerdict::stored) {
    signature = node.guard.stored_signature();
  }
  if (signature) {
    const std::tuple place{org, request.height, request.round, request.step};
    const auto [held, fresh] = signed_.emplace(place, request.digest);
    if (!fresh && held->second != request.digest) violate(org + " signs twice");
  }
  post(org, replica::Signed{effect.id, signature}, 20);
}

void World::commit(const std::string& org, Node& node, const replica::Commit& effect) {
  const Height height = effect.block->header.height;
  const auto [held, fresh] = decided_.emplace(height, effect.block->header_hash);
  if (!fresh && held->second != effect.block->header_hash) {
    return violate("two blocks at height " + std::to_string(height.value));
  }
  if (node.guard.height() < height) {
    node.guard.raise_floor(height, Round{kRoundMax}, bft::SignStep::precommit);
  }
  note("commit", org, effect.block->header_hash);
  node.store.commit(effect);
  node.journal.clear();
  node.unsynced.clear();
  post(org, replica::Committed{height}, 100 + random(options_.commit_max_us));
}

void World::submit(const std::string& org, ledger::StatementPtr statement,
                   ledger::AttachmentPtr attachment) {
  const std::uint64_t ticket = submitted_.size() + 1;
  submitted_.emplace(ticket, Submission{statement->id, now_us_, std::move(attachment)});
  post(org, replica::Submitted{std::move(statement), {ticket}}, 0);
}

void World::submit_something() {
  if (!with_clients_) return;
  const std::uint64_t pause = 2 * kSecondUs / options_.statements_per_s;
  at(now_us_ + 1 + random(pause), [this] { submit_something(); });
  const auto door = std::next(nodes_.begin(), static_cast<std::ptrdiff_t>(random(nodes_.size())));
  const std::string signer = chance(1, 2) ? "desert-ngo" : "river-ngo";
  if (!door->second.replica) return;
  if (chance(options_.attachment_percent, 100)) return submit_plot(door->first, signer);
  ledger::Evidence evidence;
  evidence.ref = {"photo-" + std::to_string(next_ref_++)};
  evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
  evidence.kind = ledger::EvidenceKind::photo;
  evidence.day = now().chain.day();
  evidence.bytes = 1'000;
  submit(door->first, consortium_.sign(signer, evidence, now().chain.seconds()));
}

// Squares of about a hectare, none beside another.
void World::submit_plot(const std::string& door, const std::string& signer) {
  constexpr std::int32_t kSide = 10'000;
  const auto number = static_cast<std::int32_t>(next_ref_++);
  const geometry::Position south_west{number / 100 * 3 * kSide, number % 100 * 3 * kSide};
  const auto corner = [&](std::int32_t north, std::int32_t east) {
    return geometry::Position{south_west.lat_e7 + north, south_west.lon_e7 + east};
  };
  const geometry::Polygon square{
      {{corner(0, 0), corner(0, kSide), corner(kSide, kSide), corner(kSide, 0), corner(0, 0)}}};
  const std::vector<crypto::Bytes> leaves{geometry::encode_ring(square.rings.front())};
  const ledger::AttachmentPtr outline = ledger::Attachment::build(leaves);
  ledger::Plot plot;
  plot.ref = {"plot-" + std::to_string(number)};
  plot.country = {"CN"};
  plot.area = geometry::area_m2(square);
  plot.capacity = 100;
  plot.uncertainty_m = 10;
  plot.geometry = outline->announced();
  submit(door, consortium_.sign(signer, plot, now().chain.seconds()), outline);
}

void World::note_answer(const std::string& org, const replica::AnswerSubmitted& answer) {
  if (const auto* committed = std::get_if<replica::AnswerCommitted>(&answer.answer)) {
    const Submission& submission = submitted_.at(answer.ticket.value);
    longest_wait_us_ = std::max(longest_wait_us_, now_us_ - submission.at_us);
    acknowledged_.emplace(
        submission.statement,
        Acknowledged{committed->height, committed->log_index, submission.attachment});
  } else if (const auto* refusal = std::get_if<ledger::Refusal>(&answer.answer)) {
    violate("a valid statement is refused: " + ledger::to_string(*refusal));
  } else if (std::get<replica::PendingStatement>(answer.answer).attachment_missing) {
    const Submission& submission = submitted_.at(answer.ticket.value);
    const crypto::Hash root = submission.attachment->announced().root;
    post(org, replica::AttachmentOffered{root, answer.ticket}, 100);
  }
}

void World::check_nothing_lost() {
  for (const auto& [id, where] : acknowledged_) {
    for (const auto& [org, node] : nodes_) {
      const auto& blocks = node.store.blocks();
      if (where.height.value > blocks.size()) return violate(org + " lacks an acknowledged block");
      const auto& block = *blocks[where.height.value - 1].block;
      const std::uint64_t first = block.header.log_size - block.statements.size();
      const bool inside = where.log_index >= first && where.log_index < block.header.log_size;
      const bool held = inside && block.statements[where.log_index - first]->id == id;
      if (!held) return violate(org + " lacks an acknowledged statement");
      const auto& beside = where.attachment;
      const bool complete = !beside || node.store.attachment(beside->announced().root) != nullptr;
      if (!complete) return violate(org + " lacks an acknowledged attachment");
    }
  }
}

std::optional<std::string> World::violation() const { return violation_; }

Height World::height_of(const std::string& org) const { return nodes_.at(org).store.tip().height; }

void World::note(std::string_view what, const std::string& org, crypto::ByteSpan detail) {
  crypto::Bytes time;
  crypto::append_u64be(time, now_us_);
  trace_ = crypto::sha256({trace_, crypto::as_bytes(what), time, crypto::as_bytes(org), detail});
}

void World::violate(std::string what) {
  if (!violation_) violation_ = "at " + std::to_string(now_us_) + " us: " + std::move(what);
}

}  // namespace treeproof::simulation
