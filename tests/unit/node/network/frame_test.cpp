#include "node/network/frame.h"

#include <gtest/gtest.h>

namespace treeproof::network {
namespace {

using Frames = std::vector<std::pair<std::uint8_t, crypto::Bytes>>;

const FrameRules kRules = {{1, {100, PeerLevel::full}}, {2, {0, PeerLevel::full}}};

SharedBytes payload_of(std::size_t size, std::uint8_t value) {
  return std::make_shared<const crypto::Bytes>(size, value);
}

TEST(FrameAssembler, RestoresFramesHoweverTheStreamIsCut) {
  const Frames sent = {{1, crypto::Bytes(100, 7)}, {2, {}}, {1, {}}, {1, {1, 2, 3}}};
  FrameQueue queue(1'000, 10);
  for (const auto& [kind, payload] : sent) {
    ASSERT_TRUE(queue.push(kind, std::make_shared<const crypto::Bytes>(payload)));
  }
  crypto::Bytes stream;
  queue.take(stream, 1'000);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameAssembler assembler(kRules);
    Frames got;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const auto part = crypto::ByteSpan(stream).subspan(at, std::min(piece, stream.size() - at));
      ASSERT_TRUE(assembler.take(part, [&](std::uint8_t kind, crypto::Bytes payload) {
        got.emplace_back(kind, std::move(payload));
        return true;
      }));
    }
    EXPECT_EQ(got, sent) << "pieces of " << piece;
  }
}

TEST(FrameAssembler, RefusesALengthAboveTheRuleBeforeThePayloadComes) {
  FrameAssembler assembler(kRules);
  crypto::Bytes header;
  append_frame_header(header, {101, 1});
  const auto taken = assembler.take(header, [](auto, auto) { return true; });
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error(), Reason::oversize_frame);
}

TEST(FrameAssembler, RefusesAKindWithoutARule) {
  for (const std::uint8_t kind : {kHelloKind, std::uint8_t{3}, kRefusalKind}) {
    FrameAssembler assembler(kRules);
    crypto::Bytes header;
    append_frame_header(header, {0, kind});
    const auto taken = assembler.take(header, [](auto, auto) { return true; });
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error(), Reason::unknown_kind);
  }
}

TEST(FrameAssembler, StopsWhenTheReceiverSaysSo) {
  FrameAssembler assembler(kRules);
  crypto::Bytes stream;
  append_frame_header(stream, {0, 2});
  append_frame_header(stream, {0, 2});
  int frames = 0;
  ASSERT_TRUE(assembler.take(stream, [&](auto, auto) { return ++frames > 1; }));
  EXPECT_EQ(frames, 1);
}

TEST(FrameQueue, IsBoundedInBytes) {
  FrameQueue queue(20, 10);
  EXPECT_TRUE(queue.push(1, payload_of(10, 1)));
  EXPECT_EQ(queue.bytes(), 15u);
  EXPECT_FALSE(queue.push(1, payload_of(1, 1)));
  EXPECT_TRUE(queue.push(2, payload_of(0, 1)));
  EXPECT_EQ(queue.bytes(), 20u);
}

TEST(FrameQueue, IsBoundedInFrames) {
  FrameQueue queue(1'000, 2);
  EXPECT_TRUE(queue.push(2, payload_of(0, 0)));
  EXPECT_TRUE(queue.push(2, payload_of(0, 0)));
  EXPECT_FALSE(queue.push(2, payload_of(0, 0)));
}

TEST(FrameQueue, GivesTheSameBytesInAnyPortions) {
  crypto::Bytes whole;
  for (const std::size_t portion : {1u, 4u, 5u, 6u, 17u, 64u, 1'000u}) {
    FrameQueue queue(1'000, 10);
    for (std::uint8_t i = 0; i < 5; ++i) ASSERT_TRUE(queue.push(1, payload_of(i * 9u, i)));
    crypto::Bytes all;
    while (!queue.empty()) {
      crypto::Bytes part;
      queue.take(part, portion);
      ASSERT_GE(part.size(), 1u);
      ASSERT_LT(part.size(), portion + kFrameHeaderBytes);
      all.insert(all.end(), part.begin(), part.end());
    }
    EXPECT_EQ(queue.bytes(), 0u);
    if (whole.empty()) whole = all;
    EXPECT_EQ(all, whole) << "portions of " << portion;
  }
  EXPECT_EQ(whole.size(), 5 * kFrameHeaderBytes + 90);
}

TEST(Reason, EveryNameLeadsBackToItsReason) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    ASSERT_FALSE(to_string(reason).empty());
    EXPECT_EQ(reason_from(to_string(reason)), reason);
  }
  EXPECT_EQ(reason_from("because"), std::nullopt);
}

}  // namespace
}  // namespace treeproof::network
