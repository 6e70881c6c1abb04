// The tour, in two walks. Four replicas agree on one record, from a planter's submission to
// receipts that a stranger can check. Then a whole season of such records ends in one tree's
// certificate, which a stranger checks without asking anybody. Run it alone and read along:
//   build/dev/tests/tour/tour
// Every replica here is the one that a node runs; only network, disk and clock are simulated.
#include <gtest/gtest.h>

#include <iostream>

#include "consensus/bft/certificates.h"
#include "consensus/ledger/links.h"
#include "consensus/ledger/objects.h"
#include "consensus/proofs/verify.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {
namespace {

void say(const std::string& line) { std::cout << "  " << line << "\n"; }

TEST(Tour, OneRecordFromSubmissionToReceipts) {
  // A consortium: a platform, two planting NGOs, a verifier. Each has a node key, which votes, and
  // a work key, which signs records. Genesis names them; its hash is part of the chain's name.
  World world({});
  const Consortium& consortium = world.consortium();
  say("1. the chain is " + consortium.chain_id());

  // An NGO has a photo of a planting. The record holds its fingerprint, never the photo.
  ledger::Evidence photo;
  photo.ref = {"photo-1"};
  photo.sha256 = crypto::sha256(crypto::as_bytes("the bytes of a photo"));
  photo.kind = ledger::EvidenceKind::photo;
  photo.day = consortium.genesis().time.day();
  photo.bytes = 2'000'000;
  const auto statement = consortium.sign("desert-ngo", photo, consortium.genesis().time.seconds());
  say("2. desert-ngo signs evidence " + statement->object().text + ", " +
      std::to_string(statement->bytes.size()) + " bytes, id " + crypto::to_hex(statement->id));

  // It hands the record to any node. That node checks the signature and every rule at once, tells
  // the others, and whoever's turn it is proposes a block. The header says which log root and state
  // root come out; the others execute the block themselves before they vote for it.
  world.submit("river-ngo", statement);
  say("3. it is submitted to the node of river-ngo");
  ASSERT_TRUE(world.run_liveness_phase(1, 10'000));
  ASSERT_EQ(world.violation(), std::nullopt);

  // More than two thirds precommitted: the block is decided, and each store has it on disk.
  const replica::Commit& decided = world.store_of("verifier").blocks().front();
  const ledger::Header& header = decided.block->header;
  ASSERT_EQ(decided.block->statements.size(), 1u);
  ASSERT_EQ(decided.block->statements.front()->id, statement->id);
  say("4. block " + std::to_string(header.height.value) + " of " + header.proposer.text +
      " is decided in round " + std::to_string(decided.certificate.round.value) + " after " +
      std::to_string(world.now_us() / 1'000) + " ms");
  for (const auto& org : consortium.validators()) {
    EXPECT_EQ(world.store_of(org).tip().header_hash, decided.block->header_hash);
    say("   " + org + " stores " + crypto::to_hex(decided.block->header_hash).substr(0, 16));
  }

  // Each precommit is a receipt: a signature over the log's root. Counted together they are a
  // quorum, which anyone can check with the validators' keys alone.
  const ValidatorSet validators = ledger::genesis_validators(consortium.genesis());
  EXPECT_TRUE(bft::verify(decided.certificate, consortium.chain_id(), validators).has_value());
  for (const auto& receipt : decided.certificate.signatures) say("5. receipt of " + receipt.org);

  // And the record is in the log under that root: entry 2, after genesis and the validators.
  std::vector<crypto::Hash> leaves;
  for (const auto& entry : ledger::genesis_log_entries(consortium.genesis())) {
    leaves.push_back(crypto::leaf_hash(entry));
  }
  leaves.push_back(crypto::leaf_hash(statement->bytes));
  const auto path = crypto::inclusion_path(2, leaves);
  EXPECT_TRUE(crypto::verify_inclusion(leaves[2], 2, header.log_size, path, header.log_root));
  say("6. log entry 2 of " + std::to_string(header.log_size) + ", path of " +
      std::to_string(path.size()) + " hashes to root " + crypto::to_hex(header.log_root));

  // Change one bit of the record, and the path leads elsewhere.
  crypto::Bytes forged = statement->bytes;
  forged.back() ^= 1;
  EXPECT_FALSE(crypto::verify_inclusion(crypto::leaf_hash(forged), 2, header.log_size, path,
                                        header.log_root));
  say("7. with one bit changed it is not");
}

// What of a decided season goes into a certificate.
struct Harvest {
  std::vector<crypto::Hash> log;          // leaf hashes of all entries, genesis first
  ledger::StatementPtr allocate;          // the first one
  std::uint64_t log_index = 0;            // its place
  std::vector<ledger::LinkRange> ranges;  // which units it gave which trees
};

Harvest harvest(const World& world) {
  Harvest found;
  for (const auto& entry : ledger::genesis_log_entries(world.consortium().genesis())) {
    found.log.push_back(crypto::leaf_hash(entry));
  }
  for (const replica::Commit& commit : world.store_of("verifier").blocks()) {
    for (const auto& statement : commit.block->statements) {
      say("   height " + std::to_string(commit.block->header.height.value) + ": " +
          std::string(ledger::type_of(statement->payload)) + " " + statement->object().text);
      if (!found.allocate && std::holds_alternative<ledger::Allocate>(statement->payload)) {
        found.allocate = statement.pointer();
        found.log_index = found.log.size();
        found.ranges = commit.block->effects.links.front().ranges;
      }
      found.log.push_back(statement->leaf);
    }
  }
  return found;
}

// The objects of the ledger that say how the tree and the issuer stand, with proofs of each.
proofs::Status status_of(const MemoryStore& store, const std::vector<ledger::ObjectKey>& keys) {
  const crypto::StateMap map = store.build_state_map();
  proofs::Status status;
  status.header = store.blocks().back().block->block->header_bytes;
  for (const ledger::ObjectKey& key : keys) {
    const crypto::Bytes& value = *store.object(key);
    const auto place = crypto::state_key(key.name_space, key.id);
    status.entries.push_back({key.name_space, key.id, value, map.prove_existence(place, value)});
  }
  return status;
}

std::vector<crypto::Hash> hashes_of(const std::vector<crypto::Bytes>& leaves) {
  std::vector<crypto::Hash> hashes;
  for (const crypto::Bytes& leaf : leaves) hashes.push_back(crypto::leaf_hash(leaf));
  return hashes;
}

// The certificate of one link, as of the last block: the statement and its path in the log, the
// receipts over the log's root, the tree's link and its path in the statement's links, and how
// batch and issuer stand, proven under the very header that the receipts name.
proofs::TreeCertificate certificate_of(const MemoryStore& store, const Harvest& season,
                                       const std::vector<crypto::Bytes>& links,
                                       std::uint64_t number) {
  const replica::Commit& last = store.blocks().back();
  const ledger::Header& header = last.block->header;
  proofs::TreeCertificate certificate;
  certificate.statement = season.allocate->bytes;
  certificate.log_path = {season.log_index, crypto::inclusion_path(season.log_index, season.log)};
  certificate.bind = {header.height.value, static_cast<std::uint32_t>(last.certificate.round.value),
                      header.log_size, last.block->header_hash};
  certificate.receipts = last.certificate.signatures;
  certificate.link = links.at(number);
  certificate.link_path = {number, crypto::inclusion_path(number, hashes_of(links))};
  certificate.status =
      status_of(store, {{"object", season.ranges.front().plant.text}, {"org", "platform"}});
  return certificate;
}

TEST(Tour, OneTreeFromPointsToACertificate) {
  // The same four, and a season: points are issued, a campaign is agreed, land is settled; trees
  // are planted and looked at, users redeem points for units, and each unit is given a tree.
  WorldOptions options;
  options.season = true;
  options.statements_per_s = 0;  // nothing beside the season
  World world(options);
  world.run_ms(9'000);
  ASSERT_EQ(world.violation(), std::nullopt);
  say("8. the log of a season");
  const Harvest season = harvest(world);
  ASSERT_NE(season.allocate, nullptr);

  // An allocate names no trees: it says which batch serves which redemption, and the Merkle root of
  // the links that follow from that. Every node derives them; none had to be sent or believed.
  const MemoryStore& store = world.store_of("verifier");
  const auto links = ledger::link_leaves(store, season.ranges);
  ASSERT_TRUE(links.has_value());
  const auto& announced = std::get<ledger::Allocate>(season.allocate->payload).links;
  EXPECT_EQ(crypto::merkle_root(hashes_of(*links)), announced.root);
  say("9. " + season.allocate->object().text + " links " + std::to_string(links->size()) +
      " trees under root " + crypto::to_hex(announced.root).substr(0, 16));

  // The second tree's certificate is one small file.
  const proofs::TreeCertificate certificate = certificate_of(store, season, *links, 1);
  const crypto::Bytes file = proofs::encode(certificate);
  say("10. its certificate is a file of " + std::to_string(file.size()) + " bytes, or the text " +
      proofs::to_text(file).substr(0, 24) + "... in a QR code");

  // The stranger has this file and a trust file: chain, genesis hash, the validators' keys. No
  // node, no network, no clock. Each check says what it found.
  const ledger::Genesis& genesis = world.consortium().genesis();
  const proofs::Trust trust{
      world.consortium().chain_id(),       genesis.file_hash, Height{1}, std::nullopt,
      ledger::genesis_validators(genesis), std::nullopt};
  const proofs::Verdict verdict = proofs::verify(file, trust);
  for (const proofs::Check& check : verdict.checks) {
    say("11. " + std::string(proofs::name(check.name)) + ": " + check.detail);
    EXPECT_NE(check.state, proofs::CheckState::failed);
  }
  ASSERT_TRUE(verdict.valid);
  EXPECT_TRUE(verdict.facts->link.visited);
  say("12. tree " + verdict.facts->link.tree.text + " stands, as of height " +
      std::to_string(verdict.facts->bind.height));

  // Say that nobody visited the tree, and the link is none of the statement's; leave out all
  // receipts but two, and the rest is no quorum of four.
  proofs::TreeCertificate forged = certificate;
  forged.link.back() ^= 1;  // the leaf's last item: visited
  const proofs::Verdict unvisited = proofs::verify(proofs::encode(forged), trust);
  EXPECT_FALSE(unvisited.valid);
  say("13. forged: " + unvisited.checks[6].detail);
  forged = certificate;
  forged.receipts.resize(2);
  const proofs::Verdict too_few = proofs::verify(proofs::encode(forged), trust);
  EXPECT_FALSE(too_few.valid);
  say("14. stripped: " + too_few.checks[4].detail);
}

}  // namespace
}  // namespace treeproof::simulation
