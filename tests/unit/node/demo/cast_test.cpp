#include "node/demo/cast.h"

#include <gtest/gtest.h>

#include <set>

#include "node/config.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::demo {
namespace {

constexpr TimeMs kNow{1'700'000'000'000};

TEST(Cast, HasAsManyValidatorsAsWantedAndOneObserver) {
  for (const std::size_t validators : {4u, 5u, 6u, 7u}) {
    const cli::Scratch scratch;
    const auto cast = Cast::write({scratch.path("home"), 8650, 8640, validators}, kNow);
    ASSERT_TRUE(cast.has_value()) << cast.error().what;
    EXPECT_EQ(cast->orgs().size(), validators + 1);
    EXPECT_EQ(cast->genesis().validators.size(), validators);
    EXPECT_EQ(cast->orgs()[4], kRegulator);
    for (const auto& validator : cast->genesis().validators) {
      EXPECT_NE(validator.text, kRegulator);
    }
  }
}

TEST(Cast, GivesEachNodePortsOfItsOwnAndAllOthersAsPeers) {
  const cli::Scratch scratch;
  const auto cast = Cast::write({scratch.path("home"), 8650, 8640, 7}, kNow);
  ASSERT_TRUE(cast.has_value()) << cast.error().what;
  std::set<std::uint16_t> ports;
  for (const std::string& org : cast->orgs()) {
    const auto config = node::read_config(cast->config(org));
    ASSERT_TRUE(config.has_value()) << config.error();
    EXPECT_EQ(config->peers.size(), 7u);
    ports.insert(config->peer_listen.port);
    ports.insert(config->rpc_listen.port);
  }
  EXPECT_EQ(ports.size(), 16u);
  EXPECT_EQ(*ports.begin(), 8640);
  EXPECT_EQ(*ports.rbegin(), 8657);
  EXPECT_EQ(cast->rpc_url(kRegulator), "http://127.0.0.1:8644");
}

TEST(Cast, RefusesOtherNumbersOfValidators) {
  for (const std::size_t validators : {0u, 3u, 8u}) {
    const cli::Scratch scratch;
    const auto cast = Cast::write({scratch.path("home"), 8650, 8640, validators}, kNow);
    ASSERT_FALSE(cast.has_value());
    EXPECT_EQ(cast.error().what,
              "The demo has 4 to 7 validators, not " + std::to_string(validators) + ".");
    EXPECT_FALSE(std::filesystem::exists(scratch.path("home")));
  }
}

TEST(Cast, RefusesPortsThatOverlapOrDoNotExist) {
  const cli::Scratch scratch;
  EXPECT_FALSE(Cast::write({scratch.path("home"), 8644, 8640}, kNow).has_value());
  EXPECT_FALSE(Cast::write({scratch.path("home"), 8650, 65'532}, kNow).has_value());
  EXPECT_FALSE(Cast::write({scratch.path("home"), 0, 8640}, kNow).has_value());
  EXPECT_TRUE(Cast::write({scratch.path("home"), 8645, 8640}, kNow).has_value());
}

}  // namespace
}  // namespace treeproof::demo
