// The host: does a replica's effects, in order, and turns what happens into its events.
// Owns the event loop's thread, the worker pool, timers and the mesh; not the store's format nor
// any rule. The replica, the store's writes and every callback run on the loop's thread.
// Called by node.cpp; by HTTP threads through the ports only.
// Source: docs/architecture.md "The path of a signed record"; docs/consensus.md rules 20 to 24,
// 28, 30.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "consensus/replica/replica.h"
#include "node/chain_clock.h"
#include "node/network/mesh.h"
#include "node/store/guard_file.h"
#include "node/store/journal_file.h"
#include "node/store/store.h"
#include "rpc/measures.h"
#include "rpc/ports.h"

namespace treeproof::node {

struct SnapshotConfig {
  std::filesystem::path home;  // the store's folder
  std::uint64_t every = 0;     // one is made every so many heights; 0: none
  std::uint64_t ahead = 0;     // asked for where peers are more than so many ahead; 0: never
};

struct HostConfig {
  std::string org;
  network::MeshConfig mesh;
  std::vector<std::string> observers;  // organisations without power that may connect
  std::size_t workers = 2;
  replica::ReplicaConfig replica;
  SnapshotConfig snapshots;
};

class Host final : public rpc::RecordSink, public rpc::ChainReader {
 public:
  // Requires: everything given outlives the host. `guard` may be null: the node only follows.
  Host(HostConfig config, const ledger::Genesis& genesis, const crypto::SecretKey& node_key,
       store::Store& store, store::JournalFile& journal, store::GuardFile* guard);
  ~Host() override;

  // Connects and runs until stop() or a fatal error; the sentence says which. Empty: stopped.
  std::string run();
  // From any thread or a signal handler's pipe: graceful, ends run().
  void stop();
  // After run(): a snapshot of peers is there, and counts when the store is opened again. [rule 28]
  bool has_restored() const;
  std::uint16_t peer_port() const;
  // From any thread. Calls back on the loop's thread, where it must only be handed over; never
  // once the host has stopped. Parts of the store are not measured here.
  void measure(std::function<void(rpc::NodeMeasures)> answer);

  // RecordSink, from any thread
  void submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
              std::function<void(const replica::Answer&)> answer) override;
  void pending(std::function<void(const std::vector<replica::PendingStatement>&)> answer) override;
  void upload(const crypto::Hash& root, crypto::Bytes bytes,
              std::function<void(std::expected<void, ledger::Refusal>)> answer) override;
  // ChainReader, from any thread
  rpc::ChainViewPtr latest() const override;
  std::optional<StateProof> state_proof(const ledger::ObjectKey& key, Height at) const override;
  rpc::NodeStatus status() const override;
  std::shared_ptr<void> on_commit(std::function<void(Height)> notify) override;

 private:
  struct Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace treeproof::node
