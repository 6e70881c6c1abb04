#include "tests/unit/node/store/snapshot_fixture.h"

#include <gtest/gtest.h>

#include "consensus/ledger/links.h"
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
  ledger::StateChanges changes;
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
  ledger::AllocationObject allocation;
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
  state.put(kBatch.text, batch);
  const std::vector<ledger::AllocationLinks> links{{{"platform/a1"}, ranges}};
  EXPECT_TRUE(store->commit(chain.fabricate(state.take_changes(), links)).has_value());
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
