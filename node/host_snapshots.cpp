// Snapshots between peers: what the seeker needs of the host, and which messages are its. [rule 28]
#include <spdlog/spdlog.h>

#include <algorithm>

#include "consensus/types/limits.h"
#include "node/host_loop.h"
#include "node/store/restoration.h"

namespace treeproof::node {

namespace {

proofs::Trust trust_in(const ledger::Genesis& genesis) {
  return {.chain_id = ledger::chain_id(genesis),
          .genesis = genesis.file_hash,
          .from_height = Height{1},
          .to_height = std::nullopt,
          .validators = ledger::genesis_validators(genesis),
          .policy = std::nullopt};
}

}  // namespace

replica::SeekerPorts Host::Loop::seeker_ports(const ledger::Genesis& genesis) {
  replica::SeekerPorts ports;
  ports.now = [this] { return now().real; };
  ports.send = [this](const std::string& org, const replica::Message& message) {
    mesh.send(org, replica::kind_of(message),
              std::make_shared<const crypto::Bytes>(replica::encode(message, chain_id)));
  };
  ports.drop = [this](const std::string& org, const std::string& why) {
    execute_one(replica::DropPeer{org, why});
  };
  ports.raise_floor = [this](Height height) {
    execute_one(replica::RaiseFloor{height, Round{kRoundMax}, bft::SignStep::precommit});
  };
  ports.restored = [this] {
    restored = stopping = true;
    loop.stop();
  };
  ports.gave_up = [this] {
    for (const auto& [org, height] : seeker.decided()) {
      handle(replica::Received{org, replica::Status{height}});
    }
  };
  ports.tell = [](const std::string& sentence) { spdlog::info("{}", sentence); };
  ports.on_disk = [this](std::function<void()> work, std::function<void()> then) {
    loop.offload_to_disk([this, work = std::move(work), then = std::move(then)]() mutable {
      work();
      loop.post(std::move(then));
    });
  };
  ports.wake = [this](std::uint64_t delay_ms) {
    seeker_later = loop.after(delay_ms, [this] { seeker.tick(); });
  };
  ports.begin = [this, trust = trust_in(genesis)] {
    return store::Restoration::begin(config.snapshots.home, store, trust);
  };
  ports.keep = [this](ledger::AttachmentPtr attachment) {
    const store::PackedAttachment packed = store::pack(std::move(attachment));
    return store.put_attachments({&packed, 1}).has_value();
  };
  return ports;
}

// While a snapshot is sought the replica hears nothing from peers: it would ask for the blocks that
// the snapshot saves. What it misses is said again.
bool Host::Loop::is_for_snapshots(const std::string& org, replica::Message& message) {
  if (stopping || !failure.empty()) return true;
  if (const auto* wanted = std::get_if<replica::SnapshotWanted>(&message)) {
    answers.ask(org, *wanted);
    make_answers();
    return true;
  }
  const bool is_news = std::holds_alternative<replica::Status>(message);
  const bool is_taken = seeker.take(org, message);
  if (is_taken && is_news) publish_status();
  return is_taken;
}

}  // namespace treeproof::node
