#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "consensus/types/limits.h"
#include "node/import/points_command.h"
#include "node/import/points_vault.h"
#include "node/import/redemption_vault.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

constexpr const char* kIssue = "platform/points-1";

Mapping mapping() {
  Mapping mapping;
  mapping.user = "holder";
  mapping.grams = "points";
  return mapping;
}

cli::Result<Accounts> read(const std::string& rows, Refusals& refusals) {
  AccountIntake intake(mapping(), refusals);
  std::istringstream in("holder,points,phone\n" + rows);
  if (auto done = intake.read(in, "accounts.csv"); !done) return std::unexpected(done.error());
  return std::move(intake).finish();
}

cli::Result<SealedFolder> open(const TestFolder& folder) {
  if (!std::filesystem::exists(folder.path("vault.key"))) {
    EXPECT_TRUE(VaultKey::make(folder.path("vault.key")).has_value());
  }
  return SealedFolder::open(folder.path("vault"), *VaultKey::read(folder.path("vault.key")));
}

TEST(Accounts, RefuseRowsByReason) {
  const std::pair<std::string, const char*> cases[] = {
      {",5,\n", "user_missing"},
      {std::string(257, 'u') + ",5,\n", "user_too_long"},
      {"ann,,\n", "grams_malformed"},
      {"ann,-5,\n", "grams_malformed"},
      {"ann,1.5,\n", "grams_malformed"},
      {"ann,18446744073709551616,\n", "grams_malformed"},
      {"ann,5\n", "row_malformed"},
      {"ann,5,\nann,5,\n", "user_repeated"},
      {"ann,0,\nann,5,\n", "user_repeated"},
  };
  for (const auto& [rows, reason] : cases) {
    Refusals refusals;
    EXPECT_TRUE(read(rows, refusals).has_value());
    EXPECT_EQ(refusals.count_of(reason), 1u) << rows;
    EXPECT_EQ(refusals.count(), 1u) << rows;
  }
}

TEST(Accounts, WithoutPointsAreCountedAndLeftOut) {
  Refusals refusals;
  const auto accounts = read("ann,70,555\nbob,0,\ncid,30,\n", refusals);
  ASSERT_TRUE(accounts.has_value());
  EXPECT_EQ(accounts->accounts, (std::vector<Account>{{"ann", 70}, {"cid", 30}}));
  EXPECT_EQ(accounts->rows, 3u);
  EXPECT_EQ(accounts->without_points, 1u);
  EXPECT_EQ(accounts->grams, 100u);
}

TEST(Accounts, HaveNoMoreGramsThanAStatementCanIssue) {
  Refusals refusals;
  const std::string most = std::to_string(kQuantityMax - 1);
  EXPECT_TRUE(read("ann," + most + ",\nbob,1,\n", refusals).has_value());
  EXPECT_FALSE(read("ann," + most + ",\nbob,2,\n", refusals).has_value());
  EXPECT_FALSE(read("ann,18446744073709551615,\n", refusals).has_value());
}

TEST(PointsVault, KeepsWhatProvesEachAccount) {
  const TestFolder folder;
  const SealedIssue issue = with_fresh_salts(kIssue, {{"secret-user", 70}, {"bob", 30}});
  EXPECT_NE(issue.accounts[0].salt, issue.accounts[1].salt);
  {
    const auto vault = open(folder);
    ASSERT_TRUE(vault.has_value()) << vault.error().what;
    ASSERT_TRUE(put_issue(*vault, issue).has_value());
    EXPECT_FALSE(open(folder).has_value()) << "locked";
  }
  EXPECT_EQ(folder.read("vault/points-1.points").find("secret-user"), std::string::npos);
  const auto vault = open(folder);
  const auto found = find_issue(*vault, kIssue);
  ASSERT_TRUE(found.has_value()) << found.error().what;
  EXPECT_EQ(*found, issue);
  const auto tree = tree_of(issue);
  ledger::IssuePoints record;
  record.accounts = 2;
  record.grams = 100;
  record.root = tree->root().hash;
  for (const char* user : {"secret-user", "bob"}) {
    const auto proof = proof_of(issue, *tree, user);
    ASSERT_TRUE(proof.has_value());
    EXPECT_TRUE(proofs::check_points(proofs::claim_of(*proof), record).holds);
  }
  EXPECT_FALSE(proof_of(issue, *tree, "cid").has_value());
}

TEST(PointsVault, IsOfOneOrganisationAndOneName) {
  const TestFolder folder;
  const auto vault = open(folder);
  ASSERT_TRUE(put_issue(*vault, with_fresh_salts(kIssue, {{"ann", 1}})).has_value());
  EXPECT_EQ(*find_issue(*vault, "platform/points-2"), std::nullopt);
  EXPECT_FALSE(find_issue(*vault, "partner/points-1").has_value());
  std::filesystem::rename(folder.path("vault/points-1.points"),
                          folder.path("vault/points-2.points"));
  EXPECT_FALSE(find_issue(*vault, "platform/points-2").has_value()) << "bound to its name";
}

TEST(PointsVault, LiesBesideRedemptionsInOneFolder) {
  const TestFolder folder;
  {
    const auto vault = open(folder);
    ASSERT_TRUE(put_issue(*vault, with_fresh_salts(kIssue, {{"ann", 1}})).has_value());
  }
  const auto redemptions =
      RedemptionVault::open(folder.path("vault"), *VaultKey::read(folder.path("vault.key")));
  ASSERT_TRUE(redemptions.has_value()) << redemptions.error().what;
  EXPECT_TRUE(redemptions->batches().empty());
}

class PointsCommands : public testing::Test {
 protected:
  PointsCommands() {
    EXPECT_TRUE(VaultKey::make(folder_.path("vault.key")).has_value());
    folder_.write("map.toml", "user = \"holder\"\ngrams = \"points\"\n");
    options_.files = {folder_.write("accounts.csv", "holder,points\nann,70\nbob,30\n")};
    options_.map = folder_.path("map.toml");
    options_.issue = kIssue;
    options_.vault = folder_.path("vault");
    options_.vault_key = folder_.path("vault.key");
  }
  cli::ExitCode root() {
    out_.str({});
    err_.str({});
    return points_root(options_, console_);
  }
  rpc::Json answer() const { return rpc::Json::parse(out_.str()); }
  cli::ExitCode prove(const std::string& user, const std::string& file) {
    return points_prove({user, kIssue, options_.vault, options_.vault_key, folder_.path(file)},
                        console_);
  }

  TestFolder folder_;
  PointsRootOptions options_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  cli::Console console_{in_, out_, err_, false};
};

TEST_F(PointsCommands, TheRootStaysWhileTheAccountsDo) {
  console_.set_format(cli::Format::json);
  ASSERT_EQ(root(), cli::ExitCode::ok) << err_.str();
  const rpc::Json first = answer();
  EXPECT_EQ(first["accounts"], "2");
  EXPECT_EQ(first["grams"], "100");
  EXPECT_EQ(first["salts"], "fresh");
  folder_.write("accounts.csv", "holder,points\nbob,30\ncid,0\nann,70\n");
  ASSERT_EQ(root(), cli::ExitCode::ok) << err_.str();
  EXPECT_EQ(answer()["root"], first["root"]);
  EXPECT_EQ(answer()["salts"], "sealed");
  EXPECT_EQ(answer()["without_points"], "1");
  folder_.write("accounts.csv", "holder,points\nbob,31\nann,70\n");
  EXPECT_EQ(root(), cli::ExitCode::negative) << "a record has one root";
}

TEST_F(PointsCommands, NothingIsSealedWhereARowIsRefused) {
  folder_.write("accounts.csv", "holder,points\nann,70\nann,30\n,5\n");
  options_.refused = folder_.path("refused.csv");
  EXPECT_EQ(root(), cli::ExitCode::negative);
  EXPECT_NE(err_.str().find("user_missing 1, user_repeated 1"), std::string::npos) << err_.str();
  EXPECT_FALSE(std::filesystem::exists(folder_.path("vault")));
  EXPECT_EQ(folder_.read("refused.csv"),
            "row,id,reason\naccounts.csv:3,,user_repeated\naccounts.csv:4,,user_missing\n");
  folder_.write("accounts.csv", "holder,points\nann,0\n");
  EXPECT_EQ(root(), cli::ExitCode::negative) << "no account has points";
}

TEST_F(PointsCommands, AProofLeadsToTheRoot) {
  console_.set_format(cli::Format::json);
  ASSERT_EQ(root(), cli::ExitCode::ok) << err_.str();
  const rpc::Json shown = answer();
  ASSERT_EQ(prove("ann", "ann.points"), cli::ExitCode::ok) << err_.str();
  const auto proof = proofs::decode_points_proof(crypto::as_bytes(folder_.read("ann.points")));
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->reference, "ann");
  EXPECT_EQ(proof->grams, 70u);
  ledger::IssuePoints record;
  record.accounts = 2;
  record.grams = 100;
  record.root = *crypto::hash_from_hex(shown["root"].get<std::string>());
  EXPECT_TRUE(proofs::check_points(proofs::claim_of(*proof), record).holds);
  EXPECT_EQ(prove("ann", "ann.points"), cli::ExitCode::failed) << "a file is not replaced";
  EXPECT_EQ(prove("cid", "cid.points"), cli::ExitCode::negative);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("cid.points")));
}

TEST_F(PointsCommands, AFileThatIsNoProofIsRefusedUnasked) {
  const std::string file = folder_.write("not.points", "points");
  EXPECT_EQ(points_verify({file, "http://127.0.0.1:1"}, console_), cli::ExitCode::negative);
  EXPECT_NE(err_.str().find("is no proof of points"), std::string::npos) << err_.str();
}

}  // namespace
}  // namespace treeproof::import
