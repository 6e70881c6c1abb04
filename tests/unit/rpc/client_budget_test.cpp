#include "rpc/client_budget.h"

#include <gtest/gtest.h>

namespace treeproof::rpc {
namespace {

TEST(ClientBudget, BoundsConnectionsOfOneClientAndOfAll) {
  ClientBudget budget({.connections_max = 3, .connections_per_client_max = 2});
  EXPECT_TRUE(budget.open("a", 0));
  EXPECT_TRUE(budget.open("a", 0));
  EXPECT_FALSE(budget.open("a", 0));
  EXPECT_TRUE(budget.open("b", 0));
  EXPECT_FALSE(budget.open("c", 0));
  budget.close("a");
  EXPECT_TRUE(budget.open("c", 0));
  EXPECT_EQ(budget.connections(), 3u);
}

TEST(ClientBudget, LetsAClientSaveASecond) {
  ClientBudget budget({.units_per_s = 10});
  ASSERT_TRUE(budget.open("a", 0));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.spend("a", 0, 0)) << i;
  EXPECT_FALSE(budget.spend("a", 0, 0));
  EXPECT_TRUE(budget.spend("a", 0, 100));
  EXPECT_FALSE(budget.spend("a", 0, 100));
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(budget.spend("a", 0, 100'000)) << i;
  EXPECT_FALSE(budget.spend("a", 0, 100'000));
}

TEST(ClientBudget, ChargesForBytes) {
  ClientBudget budget({.units_per_s = 10});
  ASSERT_TRUE(budget.open("a", 0));
  EXPECT_FALSE(budget.spend("a", 256 * 20, 0));
  EXPECT_TRUE(budget.spend("a", 256 * 19, 0));
  EXPECT_FALSE(budget.spend("a", 0, 0));
}

TEST(ClientBudget, RemembersWhoReconnects) {
  ClientBudget budget({.units_per_s = 1});
  ASSERT_TRUE(budget.open("a", 0));
  EXPECT_TRUE(budget.spend("a", 256, 0));
  budget.close("a");
  ASSERT_TRUE(budget.open("a", 0));
  EXPECT_FALSE(budget.spend("a", 0, 0));
}

TEST(ClientBudget, KeepsClientsApart) {
  ClientBudget budget({.units_per_s = 1});
  ASSERT_TRUE(budget.open("a", 0) && budget.open("b", 0));
  EXPECT_TRUE(budget.spend("a", 256, 0));
  EXPECT_FALSE(budget.spend("a", 0, 0));
  EXPECT_TRUE(budget.spend("b", 0, 0));
}

}  // namespace
}  // namespace treeproof::rpc
