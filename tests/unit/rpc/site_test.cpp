#include "rpc/site.h"

#include <gtest/gtest.h>

#include <future>

#include "consensus/proofs/verify.h"
#include "crypto/hash.h"
#include "rpc/trust_json.h"
#include "tests/unit/rpc/call.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

constexpr std::array<std::uint8_t, 4> kPage{1, 2, 3, 4};
constexpr std::array<std::uint8_t, 2> kScript{5, 6};
constexpr std::array kAssets{Asset{"/", "text/html; charset=utf-8", kPage},
                             Asset{"/assets/a-1.js", "text/javascript", kScript}};

class Sites : public testing::Test {
 protected:
  Sites() : chain_(season_chain()), caller_(chain_, config()) {}
  ServerConfig config() {
    ServerConfig given = test_config(chain_);
    given.explorer = kAssets;
    return given;
  }
  static std::string header_of(const HttpResponse& response, std::string_view name) {
    for (const auto& header : response.headers) {
      if (header.name == name) return header.value;
    }
    return "";
  }

  TestChain& chain_;
  Caller caller_;
};

TEST_F(Sites, ServeACertificateThatVerifies) {
  const auto response = caller_.request("GET", "/certificate/desert-ngo%2Fgrown%234.treecert");
  ASSERT_EQ(response.status, 200u);
  const auto trust = parse_trust(caller_.request("GET", "/trust.json").body);
  ASSERT_TRUE(trust.has_value());
  const auto verdict = proofs::verify(crypto::as_bytes(response.body), *trust);
  ASSERT_TRUE(verdict.valid);
  EXPECT_EQ(verdict.facts->link.tree.text, "desert-ngo/grown#4");
  const auto full = caller_.request("GET", "/certificate/desert-ngo/grown%234.treecert?status=1");
  EXPECT_TRUE(proofs::verify(crypto::as_bytes(full.body), *trust).facts->status.has_value());
}

TEST_F(Sites, KnowNoCertificateOfOtherThings) {
  for (const char* path : {"desert-ngo%2Fgrown%2399.treecert", "desert-ngo%2Fnone%230.treecert",
                           "x.treecert", "desert-ngo%2Fgrown%234", "%", "%zz.treecert", ""}) {
    EXPECT_EQ(caller_.request("GET", "/certificate/" + std::string(path)).status, 404u) << path;
  }
}

TEST_F(Sites, ServeGenesisTilesAndCheckpoint) {
  EXPECT_EQ(crypto::as_text(caller_.request("GET", "/genesis.json").file), chain_.genesis_text());
  const auto size = chain_.latest()->header().log_size;
  const std::string width = std::to_string(size);
  EXPECT_EQ(caller_.request("GET", "/tile/0/000.p/" + width).body.size(), size * 32);
  EXPECT_EQ(caller_.request("GET", "/tile/entries/000.p/" + width).status, 200u);
  EXPECT_EQ(caller_.request("GET", "/tile/0/000").status, 404u);
  EXPECT_TRUE(caller_.request("GET", "/checkpoint").body.starts_with(chain_.chain_id()));
}

TEST_F(Sites, ServeTheExplorerWithEntityTags) {
  const auto page = caller_.request("GET", "/");
  EXPECT_EQ(page.file.size(), kPage.size());
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header_of(page, "Content-Encoding"), "gzip");
  EXPECT_EQ(header_of(page, "Cache-Control"), "no-cache");
  EXPECT_EQ(caller_.request("GET", "/some/where").file.size(), kPage.size());
  const auto script = caller_.request("GET", "/assets/a-1.js");
  EXPECT_EQ(script.file.size(), kScript.size());
  EXPECT_TRUE(header_of(script, "Cache-Control").ends_with("immutable"));
  EXPECT_EQ(caller_.request("GET", "/assets/other.js").status, 404u);
  std::promise<HttpResponse> done;
  caller_.site().handle({"GET", "/", header_of(page, "ETag"), ""},
                        {[&](HttpResponse given) { done.set_value(std::move(given)); }, {}});
  const auto again = done.get_future().get();
  EXPECT_EQ(again.status, 304u);
  EXPECT_TRUE(again.file.empty());
}

TEST_F(Sites, TellTheirHealth) {
  EXPECT_EQ(caller_.request("GET", "/healthz").status, 200u);
  EXPECT_EQ(caller_.request("GET", "/readyz").status, 200u);
}

TEST_F(Sites, CountCallsInPrometheusForm) {
  caller_.result("chain_status");
  caller_.error("tree_get", Json::object());
  const std::string text = caller_.request("GET", "/metrics").body;
  EXPECT_NE(text.find("treeproof_rpc_calls_total{method=\"chain_status\",outcome=\"answered\"} 1"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("treeproof_rpc_calls_total{method=\"tree_get\",outcome=\"failed\"} 1"),
            std::string::npos);
  EXPECT_NE(text.find("treeproof_height "), std::string::npos);
}

TEST_F(Sites, RefuseOtherMethods) {
  EXPECT_EQ(caller_.request("DELETE", "/rpc").status, 405u);
  EXPECT_EQ(caller_.request("POST", "/").status, 405u);
  EXPECT_EQ(caller_.request("PUT", "/rpc").status, 405u);
  EXPECT_EQ(caller_.request("OPTIONS", "/rpc").status, 204u);
}

TEST_F(Sites, TellTheEventsAfterAHeight) {
  const auto events_after = [&](std::optional<Height> after) {
    std::promise<Site::Events> done;
    caller_.site().events_after(after, [&](Site::Events e) { done.set_value(std::move(e)); });
    return done.get_future().get();
  };
  const Height latest = chain_.latest()->height();
  const auto last = events_after(Height{latest.value - 2});
  EXPECT_EQ(last.reached, latest);
  EXPECT_EQ(std::count(last.text.begin(), last.text.end(), '\n'), 8);
  EXPECT_TRUE(
      last.text.starts_with("id: " + std::to_string(latest.value - 1) + "\nevent: block\n"));
  EXPECT_NE(last.text.find(crypto::to_hex(chain_.latest()->header_hash())), std::string::npos);
  EXPECT_EQ(events_after(std::nullopt).text, "");
  EXPECT_EQ(events_after(Height{UINT64_MAX - 1}).text, "");
  EXPECT_EQ(events_after(Height{UINT64_MAX - 1}).reached, latest);
}

}  // namespace
}  // namespace treeproof::rpc
