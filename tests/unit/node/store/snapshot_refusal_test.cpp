// Snapshots that lie, each refused by its name; and crashes while one is taken in.
#include <gtest/gtest.h>

#include "tests/unit/node/store/snapshot_fixture.h"

namespace treeproof::store {
namespace {

using replica::SnapshotRefusal;
using Records = std::vector<replica::SnapshotRecord>;

template <class T>
std::size_t first_of(const Records& records, std::size_t from = 0) {
  while (!std::holds_alternative<T>(records.at(from))) ++from;
  return from;
}

class SnapshotRefusalTest : public testing::Test {
 protected:
  static const SnapshotChain& made() {
    static const SnapshotChain kMade;
    return kMade;
  }
  static Records records() {
    return records_of(made().snapshot(SnapshotContent::with_attachments));
  }

  // What the snapshot is refused for; nothing where it is taken.
  std::optional<SnapshotRefusal> refusal(crypto::ByteSpan snapshot, const proofs::Trust& trust) {
    const auto failure = restore(folder_.path(), made().chain.genesis(), trust, snapshot);
    if (!failure) return std::nullopt;
    EXPECT_TRUE(failure->refused.has_value()) << failure->why;
    if (failure->refused) {
      EXPECT_TRUE(failure->why.starts_with(to_string(*failure->refused))) << failure->why;
    }
    EXPECT_EQ(open_store(folder_.path(), made().chain.genesis())->tip().height, Height{0});
    return failure->refused;
  }
  std::optional<SnapshotRefusal> refusal(const Records& records) {
    return refusal(snapshot_of(records), made().trust());
  }

  TemporaryFolder folder_;
};

TEST_F(SnapshotRefusalTest, AnyByteThatChanges) {
  const auto whole = made().snapshot(SnapshotContent::with_attachments);
  std::size_t tried = 0;
  for (std::size_t at = 3; at < whole.size(); at += at < 30'000 ? 1'013 : 40'009) {
    auto changed = whole;
    changed[at] ^= 0x10;
    EXPECT_NE(refusal(changed, made().trust()), std::nullopt) << at;
    ++tried;
  }
  EXPECT_GT(tried, 30u);
  EXPECT_EQ(refusal(whole, made().trust()), std::nullopt);
}

TEST_F(SnapshotRefusalTest, AnEndThatIsMissingOrNone) {
  const auto whole = made().snapshot(SnapshotContent::with_attachments);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{3}, whole.size() / 2, whole.size() - 1}) {
    EXPECT_EQ(refusal(crypto::ByteSpan(whole).first(size), made().trust()),
              SnapshotRefusal::cut_short);
  }
  auto longer = whole;
  longer.push_back(0);
  EXPECT_EQ(refusal(longer, made().trust()), SnapshotRefusal::record_out_of_order);
}

TEST_F(SnapshotRefusalTest, AnotherChainOrOtherValidators) {
  const auto whole = made().snapshot(SnapshotContent::with_attachments);
  proofs::Trust trust = made().trust();
  trust.chain_id = "another";
  EXPECT_EQ(refusal(whole, trust), SnapshotRefusal::wrong_chain);
  trust = made().trust();
  trust.genesis = hash_of("another file");
  EXPECT_EQ(refusal(whole, trust), SnapshotRefusal::wrong_chain);
  trust = made().trust();
  trust.validators = *made().chain.model.tip().validators;  // those of later
  EXPECT_EQ(refusal(whole, trust), SnapshotRefusal::foreign_validators);
  trust.from_height = {5};
  EXPECT_EQ(refusal(whole, trust), std::nullopt);
}

TEST_F(SnapshotRefusalTest, ATrustThatItDoesNotReach) {
  const auto whole = made().snapshot(SnapshotContent::with_attachments);
  proofs::Trust trust = made().trust();
  trust.validators = *made().chain.model.tip().validators;
  trust.from_height = {7};
  EXPECT_EQ(refusal(whole, trust), SnapshotRefusal::too_old);
  trust.from_height = {6};
  trust.policy = proofs::Policy{{"verifier"}, 0};  // it left the set
  EXPECT_EQ(refusal(whole, trust), SnapshotRefusal::policy_unmet);
  trust.policy = proofs::Policy{{"platform"}, 3};
  EXPECT_EQ(refusal(whole, trust), std::nullopt);
}

TEST_F(SnapshotRefusalTest, ACertificateOfTooFewOrOfAForeignSet) {
  Records changed = records();
  auto& block =
      std::get<replica::SnapshotBlock>(changed[first_of<replica::SnapshotBlock>(changed)]);
  const auto signatures = block.certificate.signatures;
  block.certificate.signatures.pop_back();
  EXPECT_EQ(refusal(changed), SnapshotRefusal::not_certified);
  block.certificate.signatures = signatures;
  std::swap(block.certificate.signatures[0].signature, block.certificate.signatures[1].signature);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::not_certified);
  // Signed by all, but by keys that are in no set.
  block.certificate.signatures = signatures;
  for (auto& entry : block.certificate.signatures) {
    const auto key = crypto::SecretKey::from_bytes(hash_of("foreign " + entry.org)).value();
    entry.kid = key.public_key().kid();
    bft::Vote vote;
    vote.type = bft::VoteType::precommit;
    vote.height = block.certificate.height;
    vote.round = block.certificate.round;
    vote.value = block.certificate.block;
    vote.org = entry.org;
    vote.kid = entry.kid;
    entry.signature = key.sign(bft::sign_digest(vote, made().chain.consortium.chain_id()));
  }
  EXPECT_EQ(refusal(changed), SnapshotRefusal::not_certified);
}

TEST_F(SnapshotRefusalTest, AChangeOfValidatorsThatNobodyCertified) {
  Records changed = records();
  const std::size_t at = first_of<replica::SnapshotSetChange>(changed);
  auto& change = std::get<replica::SnapshotSetChange>(changed[at]);
  const auto validators = change.validators;
  const auto all = made().chain.model.tip().validators->all();
  change.validators = ValidatorSet::make({all.begin(), all.begin() + 1})->encode();
  EXPECT_EQ(refusal(changed), SnapshotRefusal::set_change_invalid);
  change.validators = validators;
  change.certificate.signatures.resize(2);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::set_change_invalid);
  changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at));
  EXPECT_EQ(refusal(changed), SnapshotRefusal::not_certified);
}

TEST_F(SnapshotRefusalTest, ABodyOrALogThatIsNotThatOfTheHeader) {
  Records changed = records();
  auto& block =
      std::get<replica::SnapshotBlock>(changed[first_of<replica::SnapshotBlock>(changed)]);
  block.block.statements.back().push_back(0);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_block);
  block.block.statements.back().pop_back();
  block.block.previous_commit = {0xf6};
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_block);
  changed = records();
  auto& log = std::get<replica::SnapshotLog>(changed[first_of<replica::SnapshotLog>(changed)]);
  std::swap(log.leaf_hashes[5], log.leaf_hashes[6]);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_log);
  log.leaf_hashes.pop_back();
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_block);  // the last ones moved
  std::swap(log.leaf_hashes[0], log.leaf_hashes[7]);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_chain);
}

TEST_F(SnapshotRefusalTest, AnObjectThatIsMissingAddedOrChanged) {
  const Records whole = records();
  const std::size_t at = first_of<replica::SnapshotObject>(whole) + 20;
  Records changed = whole;
  changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at));
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_state);
  changed = whole;
  auto added = std::get<replica::SnapshotObject>(whole[at]);
  added.key.id += "!";
  changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at) + 1, added);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_state);
  changed = whole;
  auto& value = std::get<replica::SnapshotObject>(changed[at]).value;
  value = shared("\x61x");
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_state);
  changed = whole;
  changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(at), whole[at]);  // twice
  EXPECT_EQ(refusal(changed), SnapshotRefusal::record_out_of_order);
}

replica::SnapshotObject& object_of(Records& records, const std::string& id) {
  for (auto& record : records) {
    auto* object = std::get_if<replica::SnapshotObject>(&record);
    if (object != nullptr && object->key.id == id) return *object;
  }
  std::abort();
}

TEST_F(SnapshotRefusalTest, PagesOfAnotherState) {
  Records changed = records();
  auto& pages = object_of(changed, "desert-ngo/b1").pages;
  std::swap(pages[0].second, pages[1].second);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_pages);
  pages.pop_back();
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_pages);
  changed = records();
  auto page = object_of(changed, "desert-ngo/b1").pages[0];
  object_of(changed, "desert-ngo/photo-7").pages.push_back(page);
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_pages);
}

TEST_F(SnapshotRefusalTest, LinksThatTheAllocationDidNotCommitTo) {
  Records changed = records();
  auto& links = object_of(changed, "platform/a1").links;
  const auto whole = *links;
  (*links)[0].tree_from = 6;
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_links);
  *links = whole;
  (*links)[1].tree_from = 10'000;  // beyond the batch
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_links);
  *links = whole;
  (*links)[0].plant = {"platform/a1"};  // no batch
  EXPECT_EQ(refusal(changed), SnapshotRefusal::wrong_links);
  links.reset();
  EXPECT_EQ(refusal(changed), SnapshotRefusal::links_missing);
}

TEST_F(SnapshotRefusalTest, AnAttachmentThatIsMissingOrAnother) {
  Records changed = records();
  changed.erase(changed.begin() +
                static_cast<std::ptrdiff_t>(first_of<replica::SnapshotAttachment>(changed)));
  EXPECT_EQ(refusal(changed), SnapshotRefusal::attachment_missing);
}

// A crash at any moment leaves an empty store or the whole one.
class SnapshotCrashTest : public SnapshotRefusalTest {
 protected:
  void SetUp() override {
    const auto failure = restore(folder_.path(), made().chain.genesis(), made().trust(),
                                 made().snapshot(SnapshotContent::with_attachments));
    ASSERT_FALSE(failure.has_value()) << failure->why;
  }
  std::filesystem::path path(std::string_view name) const { return folder_.path() / name; }
  void expect_whole() {
    const auto store = open_store(folder_.path(), made().chain.genesis());
    expect_equal(*store, made().chain.model);
    EXPECT_TRUE(store->latest()->find_commitment(hash_of("unit 3")).has_value());
    EXPECT_FALSE(std::filesystem::exists(path("restored")));
    EXPECT_FALSE(std::filesystem::exists(path("restoring")));
  }
};

TEST_F(SnapshotCrashTest, BeforeItWasWhole) {
  std::filesystem::rename(path("restored"), path("restoring"));
  EXPECT_EQ(open_store(folder_.path(), made().chain.genesis())->tip().height, Height{0});
  EXPECT_FALSE(std::filesystem::exists(path("restoring")));
}

TEST_F(SnapshotCrashTest, BeforeTheFirstMove) { expect_whole(); }

TEST_F(SnapshotCrashTest, WhileTheEmptyLedgerWasRemoved) {
  std::filesystem::remove(path("ledger") / "CURRENT");
  expect_whole();
}

TEST_F(SnapshotCrashTest, BetweenTheTwoMoves) {
  std::filesystem::remove_all(path("ledger"));
  std::filesystem::rename(path("restored") / "ledger", path("ledger"));
  expect_whole();
}

TEST_F(SnapshotCrashTest, AfterTheMoves) {
  for (const std::string name : {"ledger", "blocks"}) {
    std::filesystem::remove_all(path(name));
    std::filesystem::rename(path("restored") / name, path(name));
  }
  expect_whole();
}

TEST_F(SnapshotRefusalTest, AFullDiskIsNotTheSnapshotsFault) {
  const auto whole = made().snapshot(SnapshotContent::with_attachments);
  std::optional<RestoreFailure> failure;
  {
    const FullDisk full(60'000);
    failure = restore(folder_.path(), made().chain.genesis(), made().trust(), whole);
  }
  ASSERT_TRUE(failure.has_value());
  EXPECT_FALSE(failure->refused.has_value()) << failure->why;
  EXPECT_EQ(open_store(folder_.path(), made().chain.genesis())->tip().height, Height{0});
  EXPECT_EQ(refusal(whole, made().trust()), std::nullopt);
}

}  // namespace
}  // namespace treeproof::store
