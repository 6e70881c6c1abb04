#include "tests/unit/node/store/store_fixture.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "consensus/bft/messages.h"
#include "crypto/hash.h"
#include "tests/simulation/history.h"
#include "tests/simulation/offender.h"

namespace treeproof::store {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "treeproof-store-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

crypto::Bytes bytes(std::string_view text) { return crypto::to_bytes(crypto::as_bytes(text)); }

ledger::SharedBytes shared(std::string_view text) {
  return std::make_shared<const crypto::Bytes>(bytes(text));
}

crypto::Hash hash_of(std::string_view text) { return crypto::sha256(crypto::as_bytes(text)); }

ledger::SharedBytes typed_object(std::string_view type, std::string_view text) {
  crypto::CborWriter out;
  out.map(2).text("text").text(text).text("type").text(type);
  return std::make_shared<const crypto::Bytes>(out.finish());
}

TestChain::TestChain() : model(consortium.genesis()) {
  for (const crypto::Bytes& entry : ledger::genesis_log_entries(genesis())) {
    log_leaves.push_back(crypto::leaf_hash(entry));
  }
}

TimeMs TestChain::next_time() const { return {model.tip().time.value + 1'000}; }

ledger::StatementPtr TestChain::evidence(const std::string& ref) const {
  ledger::Evidence payload;
  payload.ref = {ref};
  payload.sha256 = hash_of(ref);
  payload.kind = ledger::EvidenceKind::photo;
  payload.day = next_time().day();
  payload.bytes = 1'000;
  return consortium.sign("desert-ngo", payload, next_time().seconds());
}

bft::VerifiedEvidence TestChain::double_vote(const std::string& org, Round round) const {
  const simulation::Offender offender(consortium, org);
  return offender.verified(offender.double_vote({1}, round), ledger::genesis_validators(genesis()));
}

replica::Commit TestChain::next(const std::vector<ledger::StatementPtr>& statements,
                                std::span<const bft::VerifiedEvidence> evidence) {
  replica::Chain chain(consortium.chain_id(), model, model.build_state_map(), model.tip());
  std::vector<ledger::VerifiedStatement> verified;
  for (const auto& statement : statements) {
    const auto key = chain.key_of(statement->issuer, statement->kid);
    verified.push_back(ledger::VerifiedStatement::verify(statement, key.value()).value());
  }
  auto draft = chain.build(next_time(), {"platform"}, verified, evidence);
  for (const auto& [id, refusal] : draft.refused) ADD_FAILURE() << ledger::to_string(refusal);
  return certify(std::move(draft.block));
}

replica::Commit TestChain::next_evidence(std::size_t count) {
  std::vector<ledger::StatementPtr> statements;
  for (std::size_t i = 0; i < count; ++i) {
    statements.push_back(evidence("photo-" + std::to_string(next_ref_++)));
  }
  return next(statements);
}

replica::Commit TestChain::fabricate(ledger::StateChanges changes,
                                     std::vector<ledger::AllocationLinks> links,
                                     std::size_t leaves) {
  const replica::Tip tip = model.tip();
  auto block = std::make_shared<ledger::Block>();
  auto executed = std::make_shared<replica::ExecutedBlock>();
  executed->log_after = tip.log;
  for (std::size_t i = 0; i < leaves; ++i) {
    block->statements.push_back(bytes("statement " + std::to_string(next_ref_++)));
    executed->leaf_hashes.push_back(crypto::leaf_hash(block->statements.back()));
    executed->log_after.append(executed->leaf_hashes.back());
  }
  crypto::StateMap map = model.build_state_map();
  executed->map_changes = ledger::map_changes(changes);
  map.apply(executed->map_changes);
  executed->effects = {std::move(changes), std::move(links)};
  executed->next_validators = announced_ ? std::exchange(announced_, nullptr) : tip.validators;
  block->previous_commit = tip.commit;
  ledger::Header& header = executed->header;
  header.chain_id = consortium.chain_id();
  header.height = tip.height.next();
  header.time = next_time();
  header.previous = tip.header_hash;
  header.proposer = {"platform"};
  header.log_size = executed->log_after.size();
  header.log_root = executed->log_after.root();
  header.state_root = map.root();
  header.validators_hash = tip.validators->hash();
  header.next_validators_hash = executed->next_validators->hash();
  header.evidence_hash = ledger::evidence_hash(*block);
  block->header_bytes = ledger::encode_header(header);
  executed->header_hash = ledger::header_hash(block->header_bytes);
  executed->block = std::move(block);
  return certify(std::move(executed));
}

void TestChain::announce(ValidatorSet validators) {
  announced_ = std::make_shared<const ValidatorSet>(std::move(validators));
}

replica::Commit TestChain::certify(replica::ExecutedBlockPtr block) {
  auto certificate = simulation::certificate_of(*block, consortium, model);
  log_leaves.insert(log_leaves.end(), block->leaf_hashes.begin(), block->leaf_hashes.end());
  replica::Commit commit{std::move(block), std::move(certificate)};
  model.commit(commit);
  return commit;
}

std::unique_ptr<Store> open_store(const std::filesystem::path& folder,
                                  const ledger::Genesis& genesis) {
  auto store = Store::open(folder, genesis);
  if (!store) {
    ADD_FAILURE() << store.error();
    std::abort();
  }
  return *std::move(store);
}

void expect_equal(const Store& store, const simulation::MemoryStore& model) {
  const replica::Tip expected = model.tip();
  const replica::Tip tip = store.tip();
  EXPECT_EQ(tip.height, expected.height);
  EXPECT_EQ(tip.header_hash, expected.header_hash);
  EXPECT_EQ(tip.time, expected.time);
  EXPECT_EQ(tip.log.size(), expected.log.size());
  EXPECT_EQ(tip.log.root(), expected.log.root());
  EXPECT_EQ(*tip.validators, *expected.validators);
  EXPECT_EQ(*tip.previous_validators, *expected.previous_validators);
  EXPECT_EQ(tip.commit, expected.commit);
  const crypto::StateMap map = store.build_state_map();
  const crypto::StateMap expected_map = model.build_state_map();
  EXPECT_EQ(map.size(), expected_map.size());
  EXPECT_EQ(map.root(), expected_map.root());
  for (const replica::Commit& commit : model.blocks()) {
    for (const auto& [key, value] : commit.block->effects.changes.objects) {
      const auto held = store.state().object(key);
      const auto wanted = model.object(key);
      ASSERT_EQ(held != nullptr, wanted != nullptr) << key.id;
      if (wanted) {
        EXPECT_EQ(*held, *wanted) << key.id;
      }
    }
    for (const auto& [key, value] : commit.block->effects.changes.pages) {
      const auto held = store.state().page(key);
      const auto wanted = model.page(key);
      ASSERT_EQ(held != nullptr, wanted != nullptr) << key.batch;
      if (wanted) {
        EXPECT_EQ(*held, *wanted) << key.batch;
      }
    }
  }
}

void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

void flip_byte(const std::filesystem::path& file, std::uint64_t offset) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(offset));
  const int byte = stream.get();
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(static_cast<char>(byte ^ 0x5a));
  ASSERT_TRUE(stream.good());
}

}  // namespace treeproof::store
