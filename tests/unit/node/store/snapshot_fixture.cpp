#include "tests/unit/node/store/snapshot_fixture.h"

#include <gtest/gtest.h>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/pages.h"
#include "crypto/hash.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kChunk = 40'000;
const ledger::ObjectId kBatch{"desert-ngo/b1"};
const ledger::ObjectId kRedemption{"platform/r1"};

ledger::AttachmentPtr plant_leaves(std::size_t trees) {
  std::vector<crypto::Bytes> leaves;
  for (std::size_t i = 0; i < trees; ++i) {
    ledger::PlantLeaf leaf;
    leaf.lat = static_cast<std::int32_t>(400'000'000 + i);
    leaf.lon = 1'000'000'000;
    leaf.day = 20'000;
    leaves.push_back(ledger::encode(leaf));
  }
  return ledger::Attachment::build(leaves);
}

ledger::AttachmentPtr redeem_leaves(std::size_t units) {
  std::map<crypto::Hash, int> sorted;
  for (std::size_t i = 0; i < units; ++i) sorted[hash_of("unit " + std::to_string(i))] = 0;
  std::vector<crypto::Bytes> leaves;
  for (const auto& [commitment, unused] : sorted) {
    leaves.push_back(ledger::encode(ledger::RedeemLeaf{{commitment, 300}}));
  }
  return ledger::Attachment::build(leaves);
}

}  // namespace

SnapshotChain::SnapshotChain() : store(open_store(folder.path(), chain.genesis())) {
  EXPECT_TRUE(store->commit(chain.next_evidence(300)).has_value());  // more than a tile
  plant_and_redeem();
  allocate();
  change_validators();
  ledger::StateChanges changes = verify_again();
  changes.objects[{"object", "platform/gone"}] = nullptr;
  changes.objects[{"tally", "a"}] = shared("second");
  EXPECT_TRUE(store->commit(chain.fabricate(changes, {}, 3)).has_value());
}

void SnapshotChain::put(const ledger::AttachmentPtr& attachment) {
  attachments.push_back(attachment);
  const std::array packed{pack(attachment)};
  EXPECT_TRUE(store->put_attachments(packed).has_value());
}

void SnapshotChain::plant_and_redeem() {
  put(plant_leaves(kTrees));
  put(redeem_leaves(kUnits));
  ledger::State state(chain.model);
  ledger::BatchObject batch;
  batch.holder = kBatch.org();
  batch.leaves = attachments[0]->announced();
  batch.species.push_back({{"haloxylon"}, {}, 0});
  ledger::TreeCodes trees(state, kBatch, kTrees);
  trees.set(0, kTrees, ledger::TreeCode::available);
  batch.pages_root = trees.commit(state);
  state.put(kBatch.text, batch);
  ledger::RedemptionObject redemption;
  redemption.payload.ref = {"r1"};
  redemption.payload.campaign = {"platform/c"};
  redemption.payload.programme = {"platform/p"};
  redemption.payload.units = kUnits;
  redemption.payload.leaves = attachments[1]->announced();
  redemption.pages_root = ledger::fresh_pages_root(kUnits);
  state.put(kRedemption.text, redemption);
  state.put_object({"tally", "a"}, shared("first"));
  state.put_object({"object", "platform/gone"}, typed_object("campaign", "gone"));
  EXPECT_TRUE(store->commit(chain.fabricate(state.take_changes())).has_value());
}

void SnapshotChain::allocate() {
  const std::vector<ledger::LinkRange> ranges{{kRedemption, 0, kBatch, 5, 10},
                                              {kRedemption, 10, kBatch, 8'190, 4}};
  const std::array runs{ledger::encode(ledger::RunLeaf{kRedemption, kBatch, {"haloxylon"}, 14})};
  put(ledger::Attachment::build(runs));
  chain.model.put_attachment(attachments[0]);
  chain.model.put_attachment(attachments[1]);
  ledger::State state(chain.model);
  const std::uint64_t log_index = chain.model.tip().log.size();
  ledger::AllocationObject allocation;
  allocation.record.log_index = log_index;
  allocation.payload.ref = {"a1"};
  allocation.payload.campaign = {"platform/c"};
  allocation.payload.runs = attachments[2]->announced();
  allocation.payload.links = ledger::links_of(state, ranges).value();
  state.put("platform/a1", allocation);
  auto batch = state.find<ledger::BatchObject>(kBatch).value();
  ledger::TreeCodes trees(state, kBatch, kTrees);
  for (const auto& range : ranges) {
    trees.set(range.tree_from, range.count, ledger::TreeCode::allocated);
  }
  batch.pages_root = trees.commit(state);
  ledger::note_links(state, kBatch, ranges);
  std::vector<ledger::AllocationLinks> links{{{"platform/a1"}, ranges}};
  replace(state, links, log_index + 1);
  correct(state, batch, log_index + 2);
  state.put(kBatch.text, batch);
  EXPECT_TRUE(store->commit(chain.fabricate(state.take_changes(), links, 3)).has_value());
}

// Of units that the allocate gave other trees.
void SnapshotChain::replace(ledger::State& state, std::vector<ledger::AllocationLinks>& links,
                            std::uint64_t log_index) {
  const std::vector<ledger::LinkRange> ranges{{kRedemption, 3, kBatch, 100, 2}};
  const std::array runs{ledger::encode(ledger::ReplaceLeaf{kBatch, 8, kBatch, 100, 2})};
  put(ledger::Attachment::build(runs));
  ledger::ReplacementObject replacement;
  replacement.record.log_index = log_index;
  replacement.payload.ref = {"s1"};
  replacement.payload.campaign = ledger::ObjectId{"platform/c"};
  replacement.payload.runs = attachments[3]->announced();
  replacement.payload.links = ledger::links_of(state, ranges).value();
  replacement.payload.verifier = {"verifier"};
  state.put("desert-ngo/s1", replacement);
  ledger::note_links(state, kBatch, ranges);
  links.push_back({{"desert-ngo/s1"}, ranges});
}

// In the same block, of a tree of each.
void SnapshotChain::correct(ledger::State& state, ledger::BatchObject& batch,
                            std::uint64_t log_index) {
  const ledger::ObjectId id{"desert-ngo/fix"};
  ledger::Recorded<ledger::Correct> record;
  record.record.log_index = log_index;
  record.payload.ref = {"fix"};
  record.payload.target = kBatch;
  record.payload.verifier = {"verifier"};
  state.put(id.text, record);
  for (const std::uint64_t leaf : {6u, 101u}) {
    ledger::note_override(state, kBatch, {leaf, 0, 400'000'001, 1'000'000'001, id});
    ++batch.corrected;
  }
}

// In a later block: then all trees are visited.
ledger::StateChanges SnapshotChain::verify_again() {
  ledger::State state(chain.model);
  ledger::VerifyObject verify;
  verify.record.log_index = chain.model.tip().log.size();
  verify.payload.ref = {"v1"};
  verify.payload.plant = kBatch;
  verify.payload.method = ledger::VerifyMethod::full;
  verify.payload.visited = {{0, kTrees}};
  state.put("verifier/v1", verify);
  auto batch = state.find<ledger::BatchObject>(kBatch).value();
  batch.verification = ledger::ObjectId{"verifier/v1"};
  state.put(kBatch.text, batch);
  return state.take_changes();
}

void SnapshotChain::change_validators() {
  const auto all = chain.model.tip().validators->all();
  chain.announce(ValidatorSet::make({all.begin(), all.begin() + 3}).value());
  EXPECT_TRUE(store->commit(chain.fabricate({})).has_value());
  EXPECT_TRUE(store->commit(chain.fabricate({})).has_value());
}

proofs::Trust SnapshotChain::trust() const {
  return {chain.consortium.chain_id(),
          chain.genesis().file_hash,
          Height{1},
          std::nullopt,
          ledger::genesis_validators(chain.genesis()),
          std::nullopt};
}

crypto::Bytes SnapshotChain::snapshot(SnapshotContent content) const {
  crypto::Bytes all;
  const auto written =
      store->write_snapshot(*store->latest(), content, [&](crypto::ByteSpan bytes) {
        all.insert(all.end(), bytes.begin(), bytes.end());
        return std::expected<void, std::string>{};
      });
  EXPECT_TRUE(written.has_value()) << written.error();
  return all;
}

std::optional<RestoreFailure> restore(const std::filesystem::path& folder,
                                      const ledger::Genesis& genesis, const proofs::Trust& trust,
                                      crypto::ByteSpan snapshot) {
  const auto empty = open_store(folder, genesis);
  auto restoration = Restoration::begin(folder, *empty, trust);
  if (!restoration) return restoration.error();
  for (std::size_t at = 0; at < snapshot.size(); at += kChunk) {
    const auto part = snapshot.subspan(at, std::min(kChunk, snapshot.size() - at));
    if (auto taken = (*restoration)->take(part); !taken) return taken.error();
  }
  auto done = (*restoration)->end();
  if (done) done = (*restoration)->finish();
  return done ? std::nullopt : std::optional(done.error());
}

std::vector<replica::SnapshotRecord> records_of(crypto::ByteSpan snapshot) {
  std::vector<replica::SnapshotRecord> records;
  while (!snapshot.empty()) {
    const std::size_t length = crypto::read_u32be(snapshot);
    const auto content = snapshot.subspan(replica::kSnapshotLengthBytes, length);
    records.push_back(replica::decode_snapshot_record(content).value());
    snapshot = snapshot.subspan(replica::kSnapshotLengthBytes + length);
  }
  return records;
}

crypto::Bytes snapshot_of(const std::vector<replica::SnapshotRecord>& records) {
  crypto::Bytes all;
  for (const auto& record : records) replica::append_snapshot_record(all, record);
  return all;
}

}  // namespace treeproof::store
