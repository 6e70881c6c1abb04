// A chain in memory behind the two ports: every statement in a block of its own, certified by three
// of four validators, with its whole history. Its replica is one thread, as in a node.
// Shared by the tests of rpc/.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "consensus/ledger/genesis.h"
#include "consensus/replica/chain.h"
#include "rpc/ports.h"
#include "rpc/workers.h"
#include "tests/unit/rpc/test_view.h"

namespace treeproof::rpc {

// Deterministic keys: one for each text. Node keys are those of "<org>/node", the next of
// "<org>/node+" and so on.
crypto::SecretKey secret_key(std::string_view text);

// platform, desert-ngo, coast-ngo and verifier validate; regulator does not. Each has a key named
// like itself with every role but node. Species: haloxylon, rhizophora.
std::string test_genesis_text();

class TestChain final : public RecordSink, public ChainReader {
 public:
  TestChain();
  ~TestChain() override;

  // Signed with the key of the organisation at the next block's time.
  ledger::StatementPtr sign(std::string_view org, const ledger::Payload& payload) const;
  // Decides a block with this statement; what it is refused with otherwise.
  std::expected<replica::AnswerCommitted, ledger::Refusal> record(ledger::StatementPtr statement);
  // The same, asserted.
  ledger::StatementPtr must(std::string_view org, const ledger::Payload& payload);
  // One block with all of these, in this order; none may be refused.
  void record_together(std::span<const ledger::StatementPtr> statements);
  void empty_block();
  // A block that carries this evidence; it must hold.
  void convict(const bft::Evidence& evidence);
  // Two prevotes of one round of a decided height; a proposal in a turn that is another's.
  bft::Evidence double_vote(std::string_view org, Height height, Round round) const;
  bft::Evidence wrong_proposer(std::string_view org, Height height) const;
  void advance_days(std::uint64_t days);
  ledger::AttachmentRef attach(const ledger::AttachmentPtr& attachment);
  // Replaces an object of the latest height, as no honest chain would; or changes it.
  void forge(const ledger::ObjectKey& key, crypto::Bytes value);
  template <class T>
  void forge(std::string_view id, std::function<void(T&)> change) {
    const ledger::ObjectKey key{std::string(T::kNamespace), std::string(id)};
    T object = ledger::decode_stored<T>(*latest()->object(key));
    change(object);
    forge(key, ledger::encode(object));
  }
  std::int32_t day() const;

  // RecordSink: statements that can be included are, at once, unless is_idle; others wait.
  void submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
              std::function<void(const replica::Answer&)> answer) override;
  void pending(std::function<void(const std::vector<replica::PendingStatement>&)> answer) override;
  void upload(const crypto::Hash& root, crypto::Bytes bytes,
              std::function<void(std::expected<void, ledger::Refusal>)> answer) override;
  // Gives those who submitted while is_idle their answer after all, a refusal; returns how many.
  std::size_t answer_late();
  // ChainReader
  ChainViewPtr latest() const override;
  std::optional<StateProof> state_proof(const ledger::ObjectKey& key, Height at) const override;
  NodeStatus status() const override;
  std::shared_ptr<void> on_commit(std::function<void(Height)> notify) override;

  const ledger::Genesis& genesis() const noexcept { return genesis_; }
  const std::string& genesis_text() const noexcept { return genesis_text_; }
  const std::string& chain_id() const noexcept { return chain_id_; }

  std::atomic<bool> is_idle = false;           // nothing is decided
  std::atomic<std::uint64_t> proofs_from = 0;  // state proofs below are pruned
  std::function<void()> before_pending;        // runs before it is said what is pending
  std::atomic<std::uint32_t> waited_ms = 0;    // for which the last submit said it would wait
  std::atomic<std::uint64_t> base = 0;         // as of a node that a snapshot was restored to

 private:
  struct Stored;
  ChainDataPtr data() const;
  void publish(std::shared_ptr<ChainData> next);
  void decide(std::span<const ledger::VerifiedStatement> statements,
              std::span<const bft::VerifiedEvidence> evidence = {});
  replica::Answer judge(const ledger::StatementPtr& statement);

  std::string genesis_text_;
  ledger::Genesis genesis_;
  std::string chain_id_;
  mutable std::mutex lock_;  // guards data_ and listeners_
  ChainDataPtr data_;
  std::map<int, std::function<void(Height)>> listeners_;
  int next_listener_ = 0;
  std::unique_ptr<Stored> stored_;
  std::unique_ptr<replica::Chain> chain_;
  std::mutex deciding_;
  TimeMs time_;
  std::vector<replica::PendingStatement> waiting_;
  std::vector<std::function<void(const replica::Answer&)>> unanswered_;
  Workers replica_thread_{1, 1'000'000};
};

}  // namespace treeproof::rpc
