#include "node/peer_directory.h"

#include <gtest/gtest.h>

#include "node/store/store.h"
#include "tests/simulation/history.h"
#include "tests/unit/node/host/temporary_folder.h"

namespace treeproof::node {
namespace {

using network::PeerLevel;

class PeerDirectoryTest : public testing::Test {
 protected:
  // Five organisations with node keys, four of which validate.
  static ledger::Genesis without_regulator(ledger::Genesis genesis) {
    genesis.validators.pop_back();
    return genesis;
  }
  network::PeerDirectory make(const std::vector<std::string>& observers = {}) const {
    return make_directory(*store_->latest(), store_->tip(), observers, "platform");
  }

  TemporaryFolder folder_;
  const simulation::Consortium& consortium_ = simulation::Consortium::of(5);
  std::unique_ptr<store::Store> store_ =
      store::Store::open(folder_.path / "home", without_regulator(consortium_.genesis())).value();
};

TEST_F(PeerDirectoryTest, AdmitsEveryOrganisationOfTheLedgerToCatchUp) {
  const auto directory = make();
  EXPECT_EQ(directory.size(), 4u);  // all but its own
  EXPECT_EQ(directory.at("verifier").level, PeerLevel::full);
  const auto& regulator = directory.at("regulator");
  EXPECT_EQ(regulator.level, PeerLevel::catch_up_only);
  EXPECT_EQ(regulator.key, consortium_.member("regulator").node_key.public_key());
  EXPECT_EQ(make({"regulator"}).at("regulator").level, PeerLevel::full);
}

TEST_F(PeerDirectoryTest, ChangesWithOrganisationsAndWithTheSet) {
  simulation::History history(consortium_);
  const auto changes = [&](std::vector<ledger::StatementPtr> statements) {
    const replica::Tip below = history.store().tip();
    return changes_directory(*history.extend(statements).block, below);
  };
  EXPECT_FALSE(changes({}));
  const crypto::Hash secret = consortium_.empty_store().tip().header_hash;
  const auto key = crypto::SecretKey::from_bytes(secret).value();
  ledger::KeyPut put{{"next-key"}, key.public_key().bytes(), {ledger::KeyRole::node}};
  EXPECT_TRUE(changes({history.sign("verifier", put)}));
  EXPECT_TRUE(changes({}));  // the key is that of a seat: the set before it goes
  EXPECT_FALSE(changes({}));
  ledger::ValidatorsSet four;
  for (const char* org : {"desert-ngo", "platform", "regulator", "river-ngo"}) {
    four.validators.push_back({{org}, 1, consortium_.member(org).node_key.public_key().bytes()});
  }
  std::vector<ledger::StatementPtr> election{
      history.sign("platform", ledger::Propose{{"four"}, four})};
  for (const char* org : {"desert-ngo", "platform", "river-ngo", "verifier"}) {
    election.push_back(history.sign(org, ledger::Approve{{"yes"}, election.front()->object()}));
  }
  EXPECT_TRUE(changes(election));
  EXPECT_TRUE(changes({}));  // those who left are full peers for one more height
  EXPECT_FALSE(changes({}));
}

}  // namespace
}  // namespace treeproof::node
