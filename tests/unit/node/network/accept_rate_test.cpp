#include "node/network/accept_rate.h"

#include <gtest/gtest.h>

namespace treeproof::network {
namespace {

AddressKey address(std::uint32_t number) {
  AddressKey key{};
  for (std::size_t i = 0; i < 4; ++i) key[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return key;
}

TEST(AcceptRate, AdmitsABurstThenSoManyPerSecond) {
  AcceptRate rate(3, 2);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rate.admit(address(1), 1'000));
  EXPECT_FALSE(rate.admit(address(1), 1'000));
  EXPECT_FALSE(rate.admit(address(1), 1'499));
  EXPECT_TRUE(rate.admit(address(1), 1'500));
  EXPECT_FALSE(rate.admit(address(1), 1'999));
  EXPECT_TRUE(rate.admit(address(1), 2'000));
}

TEST(AcceptRate, RegainsNoMoreThanTheBurst) {
  AcceptRate rate(2, 1);
  EXPECT_TRUE(rate.admit(address(1), 0));
  EXPECT_TRUE(rate.admit(address(1), 1'000'000'000'000));
  EXPECT_TRUE(rate.admit(address(1), 1'000'000'000'000));
  EXPECT_FALSE(rate.admit(address(1), 1'000'000'000'000));
}

TEST(AcceptRate, CountsEachAddressForItself) {
  AcceptRate rate(1, 1);
  EXPECT_TRUE(rate.admit(address(1), 0));
  EXPECT_FALSE(rate.admit(address(1), 0));
  EXPECT_TRUE(rate.admit(address(2), 0));
}

TEST(AcceptRate, ForgetsQuietAddressesInsteadOfGrowing) {
  AcceptRate rate(1, 1);
  std::uint32_t admitted = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) admitted += rate.admit(address(i), 0) ? 1 : 0;
  EXPECT_EQ(admitted, 4'096u);
  EXPECT_EQ(rate.addresses(), 4'096u);
  EXPECT_TRUE(rate.admit(address(20'000), 1'000));
  EXPECT_EQ(rate.addresses(), 1u);
}

}  // namespace
}  // namespace treeproof::network
