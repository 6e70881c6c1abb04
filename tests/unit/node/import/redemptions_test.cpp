#include <gtest/gtest.h>

#include <sstream>

#include "consensus/ledger/cbor_decoder.h"
#include "node/import/redemption_batches.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

constexpr const char* kCampaign = "platform/forest";

RedemptionTerms terms_of(ledger::Mode mode = ledger::Mode::plant_first) {
  RedemptionTerms terms;
  terms.mapping.id = "order";
  terms.mapping.user = "user";
  terms.mapping.units = "units";
  terms.mapping.pledge = "pledge";
  terms.mapping.species.code = "species";
  terms.campaign = {kCampaign, mode, {{"saxaul", 17'900}, {"poplar", 20'000}}};
  terms.units_max = 10;
  terms.find_pledge = [](const std::string& id) -> cli::Result<std::optional<PledgeTerms>> {
    if (id == "ngo/saxauls") return PledgeTerms{kCampaign, "saxaul"};
    if (id == "ngo/elsewhere") return PledgeTerms{"platform/other", "saxaul"};
    return std::nullopt;
  };
  return terms;
}

Redemptions read(const std::string& rows, Refusals& refusals, RedemptionTerms terms = terms_of(),
                 const RedemptionVault* vault = nullptr) {
  RedemptionIntake intake(std::move(terms), vault, refusals);
  std::istringstream in("order,user,units,species,pledge,address\n" + rows);
  EXPECT_TRUE(intake.read(in, "orders.csv").has_value());
  return std::move(intake).finish();
}

std::vector<SealedBatch> batches(const Redemptions& rows, std::uint64_t first_number = 1) {
  return batches_of(rows.fresh, terms_of().campaign,
                    {"platform/points", "redeem", first_number, 10});
}

// A vault of the folder under this key, which is made where there is none.
cli::Result<RedemptionVault> open(const TestFolder& folder, const std::string& key = "vault.key") {
  if (!std::filesystem::exists(folder.path(key))) {
    EXPECT_TRUE(VaultKey::make(folder.path(key)).has_value());
  }
  return RedemptionVault::open(folder.path("vault"), *VaultKey::read(folder.path(key)));
}

TEST(Redemptions, RefuseRowsByReason) {
  const std::pair<const char*, const char*> cases[] = {
      {",u,1,saxaul,,\n", "id_missing"},
      {"1,,1,saxaul,,\n", "user_missing"},
      {"1,u,0,saxaul,,\n", "units_malformed"},
      {"1,u,1.5,saxaul,,\n", "units_malformed"},
      {"1,u,11,saxaul,,\n", "units_too_many"},
      {"1,u,1,,,\n", "species_missing"},
      {"1,u,1,Sax Aul,,\n", "species_invalid"},
      {"1,u,1,oak,,\n", "species_not_in_campaign"},
      {"1,u,1\n", "row_malformed"},
  };
  const std::string too_long = "1," + std::string(257, 'u') + ",1,saxaul,,\n";
  Refusals long_ones;
  EXPECT_TRUE(read(too_long, long_ones).fresh.empty());
  EXPECT_EQ(long_ones.count_of("user_too_long"), 1u);
  for (const auto& [row, reason] : cases) {
    Refusals refusals;
    EXPECT_TRUE(read(row, refusals).fresh.empty()) << row;
    EXPECT_EQ(refusals.count_of(reason), 1u) << row;
  }
}

TEST(Redemptions, DrawOnPledgesOfTheCampaignOnly) {
  const std::pair<const char*, const char*> cases[] = {
      {"1,u,1,saxaul,,\n", "pledge_missing"},
      {"1,u,1,saxaul,ngo/nothing,\n", "pledge_unknown"},
      {"1,u,1,saxaul,ngo/elsewhere,\n", "pledge_unknown"},
      {"1,u,1,poplar,ngo/saxauls,\n", "pledge_species_mismatch"},
  };
  for (const auto& [row, reason] : cases) {
    Refusals refusals;
    EXPECT_TRUE(read(row, refusals, terms_of(ledger::Mode::pledge_first)).fresh.empty()) << row;
    EXPECT_EQ(refusals.count_of(reason), 1u) << row;
  }
}

TEST(Redemptions, AreCutByUnitsSpeciesAndPledge) {
  Refusals refusals;
  const Redemptions rows =
      read("1,u,6,saxaul,,\n2,v,5,saxaul,,\n3,u,4,poplar,,\n3,u,4,poplar,,\n", refusals);
  EXPECT_EQ(refusals.count_of("id_repeated"), 1u);
  EXPECT_EQ(rows.fresh_grams, 11 * 17'900u + 4 * 20'000u);
  const auto made = batches(rows);
  ASSERT_EQ(made.size(), 3u);
  EXPECT_EQ(made[1].ref, "redeem-2");
  EXPECT_EQ(made[1].unit_count(), 5u);
  const auto built = build(made[0]);
  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->payload.grams, 6 * 17'900u);
  EXPECT_EQ(built->payload.leaves, built->leaves->announced());
  EXPECT_EQ(build(made[0])->payload, built->payload);
}

TEST(Redemptions, GoOnWithTheSaltsOfTheVault) {
  const TestFolder folder;
  const char* file = "1,u,6,saxaul,,\n2,v,5,saxaul,,\n";
  Refusals refusals;
  auto vault = open(folder);
  ASSERT_TRUE(vault.has_value()) << vault.error().what;
  const auto made = batches(read(file, refusals));
  ASSERT_TRUE(vault->put(made[0]).has_value());
  const Redemptions again = read(file, refusals, terms_of(), &*vault);
  EXPECT_EQ(again.sealed_refs, std::set<std::string>{"redeem-1"});
  ASSERT_EQ(again.fresh.size(), 1u);
  EXPECT_EQ(again.fresh[0].id, "2");
  EXPECT_EQ(next_number(*vault, "redeem"), 2u);
  read("1,somebody else,6,saxaul,,\n1,u,6,poplar,,\n", refusals, terms_of(), &*vault);
  EXPECT_EQ(refusals.count_of("sealed_otherwise"), 1u);
  EXPECT_EQ(refusals.count_of("id_repeated"), 1u);
}

TEST(RedemptionVault, KeepsWhatOpensEachCommitment) {
  const TestFolder folder;
  Refusals refusals;
  const auto made = batches(read("1,secret-user,3,saxaul,,\n", refusals));
  {
    auto vault = open(folder);
    ASSERT_TRUE(vault.has_value());
    ASSERT_TRUE(vault->put(made[0]).has_value());
    EXPECT_FALSE(open(folder).has_value()) << "locked";
  }
  EXPECT_EQ(folder.read("vault/redeem-1.vault").find("secret-user"), std::string::npos);
  EXPECT_FALSE(open(folder, "another.key").has_value());
  const auto vault = open(folder);
  ASSERT_TRUE(vault.has_value()) << vault.error().what;
  EXPECT_EQ(vault->batches().at("redeem-1"), made[0]);
  const auto openings = openings_of(vault->find("1"));
  const auto built = build(made[0]);
  ASSERT_EQ(openings.size(), 3u);
  for (const UnitOpening& unit : openings) {
    const ledger::MemberId id{unit.unit};
    const auto leaf = ledger::decode<ledger::RedeemLeaf>(built->leaves->leaf(id.index()));
    ASSERT_TRUE(leaf.has_value());
    EXPECT_EQ(leaf->front().commitment, proofs::commitment_of(unit.opening));
  }
}

TEST(RedemptionVault, NoIdStandsInTwoFiles) {
  const TestFolder folder;
  Refusals refusals;
  const Redemptions rows = read("1,u,3,saxaul,,\n", refusals);
  {
    auto vault = open(folder);
    ASSERT_TRUE(vault->put(batches(rows)[0]).has_value());
  }
  std::filesystem::rename(folder.path("vault"), folder.path("aside"));
  {
    auto vault = open(folder);
    ASSERT_TRUE(vault->put(batches(rows, 2)[0]).has_value());
  }
  ASSERT_TRUE(open(folder).has_value());
  std::filesystem::rename(folder.path("aside/redeem-1.vault"), folder.path("vault/redeem-1.vault"));
  EXPECT_FALSE(open(folder).has_value());
}

TEST(RedemptionVault, FilesAndKeysAreTheirOwnersOnly) {
  using std::filesystem::perms;
  const TestFolder folder;
  Refusals refusals;
  auto vault = open(folder);
  ASSERT_TRUE(vault->put(batches(read("1,u,3,saxaul,,\n", refusals))[0]).has_value());
  const auto mode = [&](const char* name) {
    return std::filesystem::status(folder.path(name)).permissions();
  };
  EXPECT_EQ(mode("vault"), perms::owner_all);
  EXPECT_EQ(mode("vault/redeem-1.vault"), perms::owner_read | perms::owner_write);
  EXPECT_EQ(mode("vault.key"), perms::owner_read | perms::owner_write);
  EXPECT_FALSE(VaultKey::make(folder.path("vault.key")).has_value()) << "a key is not replaced";
  std::filesystem::permissions(folder.path("vault.key"), perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_FALSE(VaultKey::read(folder.path("vault.key")).has_value());
}

TEST(RedemptionVault, HalfAFileThatWasNeverSentIsPassedOver) {
  const TestFolder folder;
  Refusals refusals;
  {
    ASSERT_TRUE(open(folder).has_value());
  }
  folder.write("vault/redeem-1.vault.new", "treeproof vau");
  auto vault = open(folder);
  ASSERT_TRUE(vault.has_value()) << vault.error().what;
  EXPECT_EQ(next_number(*vault, "redeem"), 1u);
  EXPECT_TRUE(vault->put(batches(read("1,u,3,saxaul,,\n", refusals))[0]).has_value());
}

TEST(RedemptionVault, RefusesFilesThatWereChangedOrRenamed) {
  const TestFolder folder;
  Refusals refusals;
  {
    auto vault = open(folder);
    ASSERT_TRUE(vault->put(batches(read("1,u,3,saxaul,,\n", refusals))[0]).has_value());
  }
  ASSERT_TRUE(open(folder).has_value());
  std::string changed = folder.read("vault/redeem-1.vault");
  std::filesystem::rename(folder.path("vault/redeem-1.vault"), folder.path("vault/redeem-2.vault"));
  EXPECT_FALSE(open(folder).has_value());
  std::filesystem::remove(folder.path("vault/redeem-2.vault"));
  changed.back() = static_cast<char>(changed.back() ^ 1);
  folder.write("vault/redeem-1.vault", changed);
  EXPECT_FALSE(open(folder).has_value());
  folder.write("vault/redeem-1.vault", "treeproof vault 1\n");
  EXPECT_FALSE(open(folder).has_value());
}

}  // namespace
}  // namespace treeproof::import
