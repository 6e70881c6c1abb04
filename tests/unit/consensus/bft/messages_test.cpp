#include "consensus/bft/messages.h"

#include <gtest/gtest.h>

#include <set>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "crypto/cose.h"
#include "tests/unit/consensus/bft/fixture.h"

namespace treeproof::bft {
namespace {

using testing::block;
using testing::four;
using testing::kChain;
using testing::kHeight;
using testing::precommit;
using testing::prevote;
using testing::proposal;
using testing::refusal_of;
using testing::sign;

const BlockId kRed = block("red");

std::vector<Vote> signed_votes() {
  return {sign(prevote("v1", 0, kRed)), sign(prevote("v2", 5, kRed, 3)),
          sign(prevote("v3", 1, std::nullopt)), sign(precommit("v4", 2, kRed)),
          sign(precommit("v1", kRoundMax, std::nullopt))};
}

TEST(Messages, VotesAndProposalsComeBackFromTheirBytes) {
  for (const Vote& vote : signed_votes()) {
    const auto back = decode_vote(encode(vote, kChain), kChain);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, vote);
    EXPECT_TRUE(verify(*back, kChain, four()).has_value());
  }
  const Proposal sent = sign(proposal(3, kRed, 1));
  const auto back = decode_proposal(encode(sent, kChain), kChain);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, sent);
  EXPECT_TRUE(verify(*back, kChain, four()).has_value());
}

TEST(Messages, APrecommitForABlockIsAReceiptSignatureOverTheLogRoot) {
  const Vote vote = sign(precommit("v1", 2, kRed));
  crypto::ProtectedHeader header;
  header.kid = vote.kid;
  header.issuer = "v1";
  header.audience = kChain;
  header.typ = "application/treeproof-receipt+cose";
  header.bind = crypto::ReceiptBind{kHeight.value, 2, kRed.log_size, kRed.header_hash};
  const crypto::Hash digest = crypto::sig_structure_hash(crypto::encode(header), kRed.log_root);
  EXPECT_EQ(sign_digest(vote, kChain), digest);
}

TEST(Messages, SignBytesBindEveryField) {
  const Vote vote = prevote("v1", 4, kRed, 2);
  const auto differs = [&](auto change) {
    Vote other = vote;
    change(other);
    return sign_digest(other, kChain) != sign_digest(vote, kChain);
  };
  EXPECT_TRUE(differs([](Vote& v) { v.height.value += 1; }));
  EXPECT_TRUE(differs([](Vote& v) { v.round.value += 1; }));
  EXPECT_TRUE(differs([](Vote& v) { v.valid_round.value -= 1; }));
  EXPECT_TRUE(differs([](Vote& v) { v.value->header_hash[0] ^= 1; }));
  EXPECT_TRUE(differs([](Vote& v) { v.org = "v2"; }));
  EXPECT_TRUE(differs([](Vote& v) { v.kid[0] ^= 1; }));
  EXPECT_TRUE(differs([](Vote& v) { v.type = VoteType::precommit; }));
  EXPECT_NE(sign_digest(vote, "another-chain"), sign_digest(vote, kChain));
}

TEST(Messages, NilVotesOfBothTypesAndProposalsNeverShareSignBytes) {
  const crypto::Hash prevoted = sign_digest(prevote("v4", 0, std::nullopt), kChain);
  const crypto::Hash precommitted = sign_digest(precommit("v4", 0, std::nullopt), kChain);
  EXPECT_NE(prevoted, precommitted);
  EXPECT_NE(sign_digest(prevote("v4", 0, kRed), kChain), sign_digest(proposal(0, kRed), kChain));
}

TEST(Messages, APrecommitBindsSizeAndRoot) {
  Vote vote = precommit("v1", 0, kRed);
  const crypto::Hash digest = sign_digest(vote, kChain);
  vote.value->log_size += 1;
  EXPECT_NE(sign_digest(vote, kChain), digest);
  vote = precommit("v1", 0, kRed);
  vote.value->log_root[31] ^= 1;
  EXPECT_NE(sign_digest(vote, kChain), digest);
}

TEST(Messages, RefusesAnotherChainAndAnotherType) {
  const Vote vote = sign(prevote("v1", 0, kRed));
  EXPECT_EQ(refusal_of(decode_vote(encode(vote, kChain), "another")), Refusal::wrong_chain);
  const Proposal sent = sign(proposal(0, kRed));
  EXPECT_EQ(refusal_of(decode_vote(encode(sent, kChain), kChain)), Refusal::wrong_type);
  EXPECT_EQ(refusal_of(decode_proposal(encode(vote, kChain), kChain)), Refusal::wrong_type);
}

TEST(Messages, RefusesAPrevoteOfferedAsAReceipt) {
  const crypto::Bytes prevote_bytes = encode(sign(prevote("v1", 0, kRed)), kChain);
  crypto::CborWriter frame;
  frame.array(2).raw(prevote_bytes).bytes(kRed.log_root);
  EXPECT_EQ(refusal_of(decode_vote(frame.finish(), kChain)), Refusal::wrong_type);
}

TEST(Messages, RefusesAProtectedHeaderWithMoreThanItsFields) {
  const Vote vote = sign(prevote("v1", 0, std::nullopt));
  crypto::ProtectedHeader header;
  header.kid = vote.kid;
  header.issuer = "v1";
  header.audience = kChain;
  header.typ = "application/treeproof-prevote+cose";
  crypto::CborWriter payload;
  payload.array(4).uint(kHeight.value).uint(0).null().integer(-1);
  const crypto::Bytes body = payload.finish();
  const auto bytes = [&] {
    return crypto::encode_sign1(crypto::encode(header), body, vote.signature);
  };
  EXPECT_EQ(decode_vote(bytes(), kChain), vote);
  header.subject = "v1/more";
  EXPECT_EQ(refusal_of(decode_vote(bytes(), kChain)), Refusal::malformed);
}

TEST(Messages, RefusesEveryCutAndEveryAppendedByte) {
  for (const Vote& vote : signed_votes()) {
    crypto::Bytes bytes = encode(vote, kChain);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_vote(crypto::ByteSpan(bytes).first(size), kChain).has_value());
    }
    bytes.push_back(0);
    EXPECT_FALSE(decode_vote(bytes, kChain).has_value());
  }
}

TEST(Messages, NoChangedByteIsAcceptedWithItsSignature) {
  for (const Vote& vote : signed_votes()) {
    const crypto::Bytes bytes = encode(vote, kChain);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
      crypto::Bytes changed = bytes;
      changed[at] ^= 0x01;
      const auto back = decode_vote(changed, kChain);
      EXPECT_FALSE(back && verify(*back, kChain, four()).has_value()) << at;
    }
  }
}

TEST(Messages, RefusesWhatIsTooLong) {
  crypto::Bytes bytes = encode(sign(prevote("v1", 0, kRed)), kChain);
  bytes.resize(kMessageBytesMax + 1);
  EXPECT_EQ(refusal_of(decode_vote(bytes, kChain)), Refusal::malformed);
  EXPECT_EQ(refusal_of(decode_proposal(bytes, kChain)), Refusal::malformed);
}

TEST(Messages, RefusesValuesThatCannotBe) {
  const auto refused = [](const Vote& vote) {
    const bool decoded = decode_vote(encode(sign(vote), kChain), kChain).has_value();
    return !decoded && !verify(sign(vote), kChain, four()).has_value();
  };
  EXPECT_TRUE(refused(prevote("v1", 3, kRed, 3)));  // a valid round that is not before
  Vote nil = prevote("v1", 3, std::nullopt);
  nil.valid_round = {1};
  EXPECT_TRUE(refused(nil));
  Vote genesis = prevote("v1", 3, kRed);
  genesis.height = {0};
  EXPECT_TRUE(refused(genesis));
  for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{1} << 63, UINT64_MAX}) {
    BlockId odd = kRed;
    odd.log_size = size;
    EXPECT_TRUE(refused(precommit("v1", 3, odd)));
  }
}

TEST(Messages, VerifyRefusesWrongSigners) {
  const Vote vote = sign(prevote("v1", 0, kRed));
  Vote stranger = sign(prevote("nobody", 0, kRed));
  EXPECT_EQ(refusal_of(verify(stranger, kChain, four())), Refusal::unknown_validator);
  Vote other_key = vote;
  other_key.kid[0] ^= 1;
  EXPECT_EQ(refusal_of(verify(other_key, kChain, four())), Refusal::wrong_key);
  Vote other_org = sign(prevote("v2", 0, kRed));
  other_org.signature = vote.signature;
  EXPECT_EQ(refusal_of(verify(other_org, kChain, four())), Refusal::bad_signature);
  EXPECT_EQ(refusal_of(verify(vote, "another", four())), Refusal::bad_signature);
}

TEST(Messages, VerifyRefusesAProposalOfAnotherThanTheProposer) {
  Proposal sent = proposal(0, kRed);
  sent.org = "v1";
  EXPECT_EQ(refusal_of(verify(sign(sent), kChain, four())), Refusal::wrong_proposer);
}

TEST(Messages, EveryRefusalHasItsOwnText) {
  std::set<std::string_view> texts;
  for (int i = 0; i <= static_cast<int>(Refusal::bad_checksum); ++i) {
    texts.insert(to_string(static_cast<Refusal>(i)));
  }
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(Refusal::bad_checksum) + 1);
}

}  // namespace
}  // namespace treeproof::bft
