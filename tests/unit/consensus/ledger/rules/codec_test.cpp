#include <gtest/gtest.h>

#include "consensus/ledger/batch_lists.h"
#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/chunked_list.h"
#include "consensus/ledger/conviction.h"
#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/overrides.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/plot_overlaps.h"
#include "consensus/ledger/points_objects.h"
#include "consensus/ledger/redaction.h"
#include "consensus/ledger/statement.h"
#include "tests/unit/consensus/ledger/rules/sample_filler.h"

namespace treeproof::ledger {
namespace {

constexpr std::uint64_t kSamples = 40;

template <class T>
class Codec : public testing::Test {};

using Structures = testing::Types<
    Propose, Approve, Consent, KeyPut, KeyRevoke, Programme, IssuePoints, Campaign, Plot, Pledge,
    Evidence, Plant, Inventory, Verify, Redeem, Allocate, PledgeRelease, CampaignRevise,
    CloseCampaign, Refund, ExpirePoints, Observe, Mortality, Dispute, Replace, ReplaceLeaf, Revive,
    Correct, Assign, PlotRevision, PlotClose, Handover, DisputeObject, TargetObject, DisputeById,
    RegulatorsObject, Chunk<SuccessorRun>, Chunk<PredecessorRun>, Chunk<LeafOverride>,
    Chunk<PlotOverlap>, Chunk<RedactedRange>, Chunk<AttachmentUse>, ObservationObject,
    Chunk<LinkRun>, Chunk<DeathRun>, Chunk<ServingBatch>, YearDaysObject, Payload, Change, Species,
    AttachmentRef, LinksRef, RedeemLeaf, PlantLeaf, RunLeaf, LinkLeaf, Parameters, RecordInfo,
    OrgObject, KeyOwner, ProposalObject, ConsentObject, Recorded<Approve>, VerifyObject,
    Recorded<Evidence>, ProgrammeObject, SeriesObject, SentinelObject, BeaconObject, PlotById,
    CampaignObject, CampaignTally, RedemptionObject, PlotObject, PledgeObject, PhotoUse,
    BatchObject, ConvictionObject, SentenceObject, OffenderObject>;

struct StructureName {
  template <class T>
  static std::string GetName(int index) {
    if constexpr (Structure<T>) {
      std::string name(T::kName);
      std::ranges::replace(name, '-', '_');
      return name;
    } else {
      return "unnamed" + std::to_string(index);
    }
  }
};
TYPED_TEST_SUITE(Codec, Structures, StructureName);

TYPED_TEST(Codec, DecodesWhatItEncodes) {
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
    const TypeParam item = sample<TypeParam>(seed);
    const auto decoded = decode<TypeParam>(encode(item));
    ASSERT_TRUE(decoded.has_value()) << "seed " << seed << ": " << to_string(decoded.error());
    EXPECT_EQ(*decoded, item) << "seed " << seed;
  }
}

TYPED_TEST(Codec, WritesCanonicalCbor) {
  for (std::uint64_t seed = 0; seed < kSamples; ++seed) {
    EXPECT_TRUE(crypto::check_canonical(encode(sample<TypeParam>(seed))).has_value()) << seed;
  }
}

TYPED_TEST(Codec, RefusesEveryPrefixAndATrailingByte) {
  crypto::Bytes bytes = encode(sample<TypeParam>(1));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode<TypeParam>(crypto::ByteSpan(bytes).first(size)).has_value()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(decode<TypeParam>(bytes).has_value());
}

// A changed byte is refused, or it is another value with this very encoding: one form per value.
TYPED_TEST(Codec, HasOneEncodingPerValue) {
  const crypto::Bytes bytes = encode(sample<TypeParam>(2));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const auto flip : crypto::Bytes{0x01, 0x20, 0x80}) {
      crypto::Bytes changed = bytes;
      changed[at] ^= flip;
      const auto decoded = decode<TypeParam>(changed);
      EXPECT_TRUE(!decoded || encode(*decoded) == changed) << "at " << at;
    }
  }
}

TEST(Encoding, OfConsentIsAsDocumented) {
  Consent consent{{"c-1"}, {}};
  consent.statement.fill(0xAB);
  EXPECT_EQ(crypto::to_hex(encode(consent)),
            "a3"  // map of 3
            "63726566"
            "63632d31"  // ref: "c-1"
            "6474797065"
            "67636f6e73656e74"  // type: "consent"
            "6973746174656d656e74"
            "5820"  // statement: 32 bytes
            "abababababababababababababababababababababababababababababababab");
}

TEST(Encoding, OfALeafIsAnArray) {
  PlantLeaf leaf;
  leaf.lat = 401'234'567;
  leaf.lon = -1'051'234'567;
  leaf.day = 20'454;
  EXPECT_EQ(crypto::to_hex(encode(leaf)), "861a17ea5a873a3ea8910600194fe6f6f6");
}

TEST(Decoding, RefusesAnUnknownTypeOfStatement) {
  crypto::CborWriter out;
  out.map(2).text("ref").text("r").text("type").text("teleport");
  const auto decoded = decode<Payload>(out.finish());
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error(), crypto::CborError::unknown_field);
}

TEST(Decoding, RefusesAnAdditionalField) {
  crypto::CborWriter out;
  out.map(4).text("ref").text("r").text("type").text("approve").text("extra").uint(1);
  out.text("proposal").text("org/p");
  const auto decoded = decode<Payload>(out.finish());
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error(), crypto::CborError::unknown_field);
}

TEST(Decoding, RefusesANameOutsideItsAlphabet) {
  for (const std::string_view text : {"Org/p", "org", "org/", "/p", "org/p/q", "org/p p"}) {
    crypto::CborWriter out;
    out.map(3).text("ref").text("r").text("type").text("approve").text("proposal").text(text);
    EXPECT_FALSE(decode<Approve>(out.finish()).has_value()) << text;
  }
}

TEST(MemberIds, NameAMemberOfABatch) {
  const MemberId id = MemberId::of({"desert-ngo/batch"}, 17);
  EXPECT_EQ(id.text, "desert-ngo/batch#17");
  EXPECT_EQ(id.batch().text, "desert-ngo/batch");
  EXPECT_EQ(id.index(), 17u);
  EXPECT_TRUE(MemberId::check("a/b#0"));
  EXPECT_TRUE(MemberId::check("a/b#262143"));
  for (const std::string_view text : {"a/b", "a/b#", "a/b#01", "a/b#262144", "a/b#-1", "a#1"}) {
    EXPECT_FALSE(MemberId::check(text)) << text;
  }
}

}  // namespace
}  // namespace treeproof::ledger
