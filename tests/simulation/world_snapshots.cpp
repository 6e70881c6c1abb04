// Snapshots: nodes make them, offer them and begin at them, as node/host does it. [rule 28]
#include <utility>

#include "tests/simulation/memory_intake.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

constexpr std::size_t kSnapshotsKept = 2;
constexpr std::uint64_t kDiskUs = 20'000;     // what reading and checking a part takes, at most
constexpr std::uint64_t kReopenUs = 200'000;  // until a restored node runs again
constexpr std::uint64_t kInventedHeights = 50;

// What a liar offers in place of its snapshot: a byte is another one, and all hashes fit it.
KeptSnapshot forged(const KeptSnapshot& held, std::uint64_t place) {
  crypto::Bytes bytes = *held.bytes;
  bytes[place % bytes.size()] ^= 0x01;
  return keep(held.offer.height, std::move(bytes));
}

// A Byzantine one forges a byte, gives its snapshot a newer height, or sends another part than it
// offered: always the same of the three.
replica::Message answer_of(const Node& node, const replica::SnapshotWanted& wanted,
                           std::uint64_t seed) {
  const auto& held = node.disk.snapshots;
  if (held.empty()) return replica::SnapshotOffered{};
  const std::uint64_t lie = node.actor ? 1 + seed % 3 : 0;
  const KeptSnapshot newest = lie == 1 ? forged(held.back(), seed * 7'919) : held.back();
  if (!wanted.part) {
    replica::SnapshotOffer offer = newest.offer;
    if (lie == 2) offer.height.value += kInventedHeights;
    return replica::SnapshotOffered{offer};
  }
  for (const KeptSnapshot& snapshot : {held.front(), newest}) {
    auto part =
        snapshot.offer.root == wanted.part->root ? snapshot.part(wanted.part->index) : std::nullopt;
    if (!part) continue;
    if (lie == 3) part->bytes.back() ^= 0x01;
    return *std::move(part);
  }
  return replica::SnapshotOffered{newest.offer};
}

}  // namespace

// The state of a height, once the block after it carries its certificate: the same bytes
// everywhere.
void World::make_snapshot(const std::string& org, Node& node, const replica::Commit& effect) {
  if (options_.snapshot_every == 0) return;
  const Height height = effect.block->header.height;
  if (node.due && node.due->tip().height.next() == height) {
    const auto carried = bft::decode_commit_certificate(effect.block->block->previous_commit);
    const MemoryStore& state = *node.due;
    auto made = keep(state.tip().height, state.snapshot(consortium_.chain_id(), *carried));
    invariants_.offers(org, made.offer);
    node.disk.snapshots.push_back(std::move(made));
    if (node.disk.snapshots.size() > kSnapshotsKept) {
      node.disk.snapshots.erase(node.disk.snapshots.begin());
    }
  }
  node.due.reset();
  if (height.value % options_.snapshot_every == 0) node.due = node.disk.store;
}

// Opening completes what was whole beside the store; a store without a block looks for more.
void World::open_restored(const std::string& org, Node& node) {
  if (node.disk.restored) {
    node.disk.store = *std::exchange(node.disk.restored, std::nullopt);
    ++counts_.restored;
    const std::string base = std::to_string(node.disk.store.base().value);
    trace_.note_text(now_us_, org, "begins at the snapshot of height " + base);
  }
  const bool is_empty = node.disk.store.tip().height.value == 0;
  if (options_.snapshot_every == 0 || node.actor || !is_empty) return;
  node.seeker = std::make_unique<replica::SnapshotSeeker>(
      consortium_.empty_store().tip().validators, options_.snapshot_ahead, seeker_ports(org, node));
}

replica::SeekerPorts World::seeker_ports(const std::string& org, Node& node) {
  replica::SeekerPorts ports;
  ports.now = [this, &node] { return now_of(node).real; };
  ports.send = [this, org, &node](const std::string& to, const replica::Message& message) {
    send(org, node, {to, frame_of(message, consortium_.chain_id())});
  };
  ports.drop = [this, org](const std::string& peer, const std::string& why) {
    counts_.liars_found.insert(peer);
    hang_up(org, {peer, why});
  };
  ports.raise_floor = [&node](Height height) {
    node.disk.guard.write(
        node.disk.guard.raised({height, Round{kRoundMax}, bft::SignStep::precommit}));
  };
  ports.restored = [this, org] {
    const std::uint64_t life = nodes_.at(org).life;
    at(now_us_, [this, org, life] {
      if (nodes_.at(org).life != life) return;
      crash(org);  // it ends by itself, and is opened again
      at(now_us_ + kReopenUs, [this, org] { restart(org); });
    });
  };
  ports.gave_up = [this, org, &node] {
    for (const auto& [peer, height] : node.seeker->decided()) {
      post(org, replica::Received{peer, replica::Status{height}}, 0);
    }
  };
  ports.tell = [this, org](const std::string& sentence) {
    trace_.note_text(now_us_, org, sentence);
  };
  ports.on_disk = [this, org](std::function<void()> work, std::function<void()> then) {
    work_on_disk(org, std::move(work), std::move(then));
  };
  ports.wake = [this, org](std::uint64_t delay_ms) {
    const std::uint64_t life = nodes_.at(org).life;
    at(now_us_ + delay_ms * 1'000, [this, org, life] {
      if (nodes_.at(org).life == life) nodes_.at(org).seeker->tick();
    });
  };
  const proofs::Trust trust{.chain_id = consortium_.chain_id(),
                            .genesis = consortium_.genesis().file_hash,
                            .from_height = Height{1},
                            .to_height = std::nullopt,
                            .validators = *consortium_.empty_store().tip().validators,
                            .policy = std::nullopt};
  ports.begin = [this, &node, trust] {
    return std::make_unique<MemoryIntake>(consortium_.empty_store(), node.disk, trust);
  };
  ports.keep = [&node](const ledger::AttachmentPtr& attachment) {
    node.disk.store.put_attachment(attachment);
    return true;
  };
  return ports;
}

// The disk's worker of a node, which dies with it: before a piece of work or after it.
void World::work_on_disk(const std::string& org, std::function<void()> work,
                         std::function<void()> then) {
  const std::uint64_t life = nodes_.at(org).life;
  at(now_us_, [this, org, life, work = std::move(work), then = std::move(then)] {
    if (nodes_.at(org).life != life || !survives(org)) return;
    work();
    if (!survives(org)) return;
    at(now_us_ + random(kDiskUs), [this, org, life, then] {
      if (nodes_.at(org).life == life) then();
    });
  });
}

// While a snapshot is sought the replica hears nothing from peers.
bool World::is_for_snapshots(const std::string& from, const std::string& to, Node& node,
                             const replica::Message& message) {
  if (const auto* wanted = std::get_if<replica::SnapshotWanted>(&message)) {
    const auto answer = answer_of(node, *wanted, options_.seed);
    carry(to, {from, frame_of(answer, consortium_.chain_id())},
          std::max(now_us_, node.ready_at_us));
    return true;
  }
  if (!node.seeker) return false;
  replica::Message own = message;
  return node.seeker->take(from, own);
}

}  // namespace treeproof::simulation
