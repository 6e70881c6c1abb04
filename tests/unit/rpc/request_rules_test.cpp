#include "rpc/request_rules.h"

#include <gtest/gtest.h>

namespace treeproof::rpc {
namespace {

RequestHead good_head() {
  RequestHead head;
  head.content_lengths = 1;
  head.hosts = 1;
  head.content_length = 10;
  head.body_bytes_max = 100;
  return head;
}

unsigned status_of(const RequestHead& head) {
  const auto refusal = judge_request(head);
  return refusal ? refusal->status : 200;
}

TEST(RequestRules, TakeAnOrdinaryRequest) { EXPECT_EQ(status_of(good_head()), 200u); }

TEST(RequestRules, RefuseWhateverTwoReadersCouldReadDifferently) {
  auto head = good_head();
  head.content_lengths = 2;
  EXPECT_EQ(status_of(head), 400u);
  head = good_head();
  head.has_length_list = true;
  EXPECT_EQ(status_of(head), 400u);
  head = good_head();
  head.has_transfer_encoding = true;  // "gzip", or "chunked, identity"
  EXPECT_EQ(status_of(head), 400u);
  head.is_chunked = true;
  EXPECT_EQ(status_of(head), 200u);
  head.version = 10;
  EXPECT_EQ(status_of(head), 400u);
  head = good_head();
  head.hosts = 2;
  EXPECT_EQ(status_of(head), 400u);
  head.hosts = 0;
  EXPECT_EQ(status_of(head), 400u);
}

TEST(RequestRules, BoundBodiesBudgetsAndTheNode) {
  auto head = good_head();
  head.content_length = 101;
  EXPECT_EQ(status_of(head), 413u);
  head = good_head();
  head.is_over_budget = true;
  EXPECT_EQ(status_of(head), 429u);
  head = good_head();
  head.is_node_full = true;
  EXPECT_EQ(status_of(head), 503u);
}

TEST(RequestRules, CountAnIpv6NetworkAsOneClient) {
  const crypto::Bytes ipv4{127, 0, 0, 1};
  EXPECT_EQ(client_of(ipv4), "7f000001");
  crypto::Bytes mapped(16);
  mapped[10] = mapped[11] = 0xff;
  std::ranges::copy(ipv4, mapped.begin() + 12);
  EXPECT_EQ(client_of(mapped), client_of(ipv4));
  crypto::Bytes ipv6{0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
  const std::string client = client_of(ipv6);
  ipv6[15] = 9;
  EXPECT_EQ(client_of(ipv6), client);
  ipv6[7] = 2;
  EXPECT_NE(client_of(ipv6), client);
}

TEST(RequestRules, ReadEventIdsStrictly) {
  EXPECT_EQ(last_event_id("17"), Height{17});
  for (const char* text : {"", "x", "17x", "-1", "18446744073709551616", " 1"}) {
    EXPECT_EQ(last_event_id(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace treeproof::rpc
