#include "consensus/replica/messages.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/offender.h"

namespace treeproof::replica {
namespace {

constexpr std::string_view kChain = "test-1";

template <class T>
T again(const T& message) {
  const Message wrapped = message;
  const auto bytes = encode(wrapped, kChain);
  auto decoded = decode(kind_of(wrapped), bytes, kChain);
  EXPECT_TRUE(decoded.has_value());
  return std::get<T>(*decoded);
}

TEST(Messages, SmallOnesComeBackAsTheyWere) {
  EXPECT_EQ(again(Status{Height{7}}).decided, Height{7});
  EXPECT_EQ(again(DecidedWanted{Height{3}, 16}).count, 16u);
  const crypto::Hash root = crypto::sha256({});
  EXPECT_EQ(again(BodyWanted{root}).header_hash, root);
  EXPECT_EQ(again(AttachmentsHeld{{root, root}}).roots.size(), 2u);
  EXPECT_EQ(again(AttachmentWanted{root, 9}).offset, 9u);
  EXPECT_EQ(again(AttachmentPart{root, 4, {1, 2, 3}}).bytes, (crypto::Bytes{1, 2, 3}));
}

TEST(Messages, OfSnapshotsComeBackAsTheyWere) {
  const crypto::Hash root = crypto::sha256({});
  const SnapshotPartId id{root, kSnapshotPartsMax - 1};
  EXPECT_FALSE(again(SnapshotWanted{}).part.has_value());
  EXPECT_EQ(again(SnapshotWanted{id}).part, id);
  EXPECT_FALSE(again(SnapshotOffered{}).offer.has_value());
  const SnapshotOffer offer{Height{7}, kSnapshotPartsMax * kSnapshotPartBytes, root};
  EXPECT_EQ(again(SnapshotOffered{offer}).offer, offer);
  const std::vector<crypto::Hash> path(kSnapshotPathMax, root);
  const SnapshotPart part = again(SnapshotPart{id, path, crypto::Bytes(kSnapshotPartBytes)});
  EXPECT_EQ(part.id, id);
  EXPECT_EQ(part.path, path);
  EXPECT_EQ(part.bytes.size(), kSnapshotPartBytes);
  for (const Message& message : {Message(SnapshotWanted{}), {SnapshotOffered{}}, {part}}) {
    EXPECT_TRUE(serves_catch_up(kind_of(message)));
  }
  EXPECT_EQ(kind_of(SnapshotWanted{}), 17);
  EXPECT_EQ(kind_of(part), 19);
}

TEST(Messages, OfSnapshotsBeyondTheirBoundsAreRefused) {
  const crypto::Hash root = crypto::sha256({});
  const SnapshotPart part{{root, 0}, {root}, {1}};
  const auto refused = [](const Message& message) {
    const auto bytes = encode(message, kChain);
    return !decode(kind_of(message), bytes, kChain).has_value();
  };
  EXPECT_FALSE(refused(part));
  EXPECT_TRUE(refused(SnapshotWanted{SnapshotPartId{root, kSnapshotPartsMax}}));
  EXPECT_TRUE(refused(SnapshotOffered{SnapshotOffer{Height{0}, 1, root}}));
  EXPECT_TRUE(refused(SnapshotOffered{SnapshotOffer{Height{1}, 0, root}}));
  const std::uint64_t most = kSnapshotPartsMax * kSnapshotPartBytes;
  EXPECT_TRUE(refused(SnapshotOffered{SnapshotOffer{Height{1}, most + 1, root}}));
  EXPECT_TRUE(refused(SnapshotPart{part.id, part.path, {}}));
  EXPECT_TRUE(refused(SnapshotPart{part.id, part.path, crypto::Bytes(kSnapshotPartBytes + 1)}));
  const std::vector<crypto::Hash> path(kSnapshotPathMax + 1, root);
  EXPECT_TRUE(refused(SnapshotPart{part.id, path, part.bytes}));
}

TEST(Messages, AnOwnMessageComesBackAsItWasSigned) {
  const bft::Proposal proposal{Height{5}, Round{1}, {}, Round{0}, "desert-ngo", {7}, {1, 2}};
  bft::Vote prevote{bft::VoteType::prevote, Height{5}, Round{1}, {}, kNoRound, "platform", {}, {}};
  bft::Vote precommit = prevote;
  precommit.type = bft::VoteType::precommit;
  precommit.value = bft::BlockId{crypto::sha256({}), 7, {}};
  for (const SignedMessage& message : {SignedMessage(proposal), {prevote}, {precommit}}) {
    EXPECT_EQ(again(OwnVoteHeld{Height{4}, message}).message, message);
  }
  const OwnVoteHeld nothing = again(OwnVoteHeld{Height{4}, {}});
  EXPECT_EQ(nothing.decided, Height{4});
  EXPECT_FALSE(nothing.message.has_value());
}

TEST(Messages, AnOwnMessageIsAProposalOrAVoteAndNothingElse) {
  const bft::Proposal proposal{Height{5}, Round{1}, {}, Round{0}, "desert-ngo", {}, {}};
  const Message message = OwnVoteHeld{Height{4}, proposal};
  const auto bytes = encode(message, kChain);
  auto other = bytes;
  ASSERT_EQ(other[3], kind_of(Message(proposal)));  // [4, [2, proposal]]
  other[3] = kind_of(Message(bft::Vote{}));
  EXPECT_FALSE(decode(kind_of(message), other, kChain).has_value());
  other[3] = kind_of(Message(Status{}));
  EXPECT_EQ(decode(kind_of(message), other, kChain).error(), "frame_kind_unknown");
  EXPECT_FALSE(decode(kind_of(message), bytes, "another-chain").has_value());
}

TEST(Messages, EvidenceTravelsAsABlockCarriesIt) {
  const simulation::Consortium consortium(4);
  const simulation::Offender offender(consortium, "verifier");
  const bft::Evidence evidence = offender.double_vote({1});
  const Message shown = EvidenceShown{evidence};
  const auto bytes = encode(shown, consortium.chain_id());
  EXPECT_EQ(bytes, bft::encode(evidence, consortium.chain_id()));
  EXPECT_EQ(kind_of(shown), 16);
  EXPECT_FALSE(serves_catch_up(kind_of(shown)));
  const auto back = decode(kind_of(shown), bytes, consortium.chain_id());
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(encode(*back, consortium.chain_id()), bytes);
  EXPECT_FALSE(decode(kind_of(shown), bytes, kChain).has_value());
}

TEST(Messages, ABodyIsNamedByTheHashOfItsHeader) {
  ledger::Block block;
  block.header_bytes = {1, 2, 3};
  block.statements = {{4, 5}};
  const auto body = again(Body{std::make_shared<const ledger::Block>(block), {}});
  EXPECT_EQ(*body.block, block);
  EXPECT_EQ(body.header_hash, ledger::header_hash(block.header_bytes));
}

TEST(Messages, StatementsOfAnotherChainSpoilTheirFrame) {
  const simulation::Consortium consortium(4);
  ledger::Evidence evidence;
  evidence.ref = {"a"};
  const Statements message{{consortium.sign("desert-ngo", evidence, 1)}};
  const auto bytes = encode(Message(message), consortium.chain_id());
  EXPECT_TRUE(decode(kind_of(Message(message)), bytes, consortium.chain_id()).has_value());
  EXPECT_FALSE(decode(kind_of(Message(message)), bytes, kChain).has_value());
}

TEST(Messages, UnknownKindsAndOversizeFramesAreRefused) {
  EXPECT_EQ(decode(0, {}, kChain).error(), "frame_kind_unknown");
  EXPECT_EQ(decode(kKindLast + 1, {}, kChain).error(), "frame_kind_unknown");
  const crypto::Bytes large(payload_bytes_max(kKindFirst) + 1);
  EXPECT_EQ(decode(kKindFirst, large, kChain).error(), "frame_too_large");
}

TEST(Messages, EveryTruncationIsRefused) {
  const crypto::Hash root = crypto::sha256({});
  for (const Message& message : {Message(DecidedWanted{Height{300}, 16}),
                                 {SnapshotWanted{SnapshotPartId{root, 300}}},
                                 {SnapshotOffered{SnapshotOffer{Height{300}, 300, root}}},
                                 {SnapshotPart{{root, 1}, {root}, {1, 2, 3}}}}) {
    const auto bytes = encode(message, kChain);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const crypto::ByteSpan part(bytes.data(), size);
      EXPECT_FALSE(decode(kind_of(message), part, kChain).has_value()) << size;
    }
  }
}

TEST(Messages, NoKindMayExceedAFrame) {
  for (std::uint8_t kind = kKindFirst; kind <= kKindLast; ++kind) {
    EXPECT_LE(payload_bytes_max(kind), kFrameBytesMax) << int{kind};
  }
}

}  // namespace
}  // namespace treeproof::replica
