#include "rpc/certificate_builder.h"

#include <gtest/gtest.h>

#include "consensus/ledger/statement.h"
#include "consensus/proofs/verify.h"
#include "rpc/trust_json.h"
#include "tests/unit/rpc/season.h"

namespace treeproof::rpc {
namespace {

class Certificates : public testing::Test {
 protected:
  Certificates() : chain_(season_chain()), services_{.records = chain_, .chain = chain_} {
    services_.chain_id = chain_.chain_id();
  }

  proofs::TreeCertificate certificate(StatusPart status = StatusPart::left_out) {
    auto built = build_certificate(services_, *chain_.latest(),
                                   {{std::string(kGrown) + "#7"}, status, Height{1}});
    EXPECT_TRUE(built.has_value()) << built.error().message;
    return *std::move(built);
  }
  proofs::Verdict verdict(const proofs::TreeCertificate& certificate) {
    return proofs::verify(proofs::encode(certificate), trust_of(chain_.genesis()));
  }
  proofs::CheckState state_of(const proofs::Verdict& verdict, proofs::CheckName check) {
    return verdict.checks[static_cast<std::size_t>(check)].state;
  }

  TestChain& chain_;
  Services services_;
};

TEST_F(Certificates, VerifyOffline) {
  const auto found = verdict(certificate());
  ASSERT_TRUE(found.valid);
  EXPECT_EQ(found.facts->link.tree.text, "desert-ngo/grown#7");
  EXPECT_EQ(found.facts->link.commitments.front(), proofs::commitment_of(opening_of_unit(7)));
  EXPECT_EQ(found.facts->bind.height, chain_.latest()->height().value);
  EXPECT_EQ(state_of(found, proofs::CheckName::issuer_signature), proofs::CheckState::not_made);
}

TEST_F(Certificates, ProveTheIssuerWithTheirStatus) {
  const auto found = verdict(certificate(StatusPart::included));
  ASSERT_TRUE(found.valid);
  EXPECT_EQ(found.facts->status->entries.size(), 3u);
  EXPECT_EQ(state_of(found, proofs::CheckName::status), proofs::CheckState::passed);
  EXPECT_EQ(state_of(found, proofs::CheckName::issuer_signature), proofs::CheckState::passed);
  EXPECT_TRUE(found.facts->time.has_value());
}

TEST_F(Certificates, TakeTheOpeningOfTheirOwner) {
  auto own = certificate();
  own.opening = opening_of_unit(7);
  EXPECT_EQ(verdict(own).facts->user_reference, own.opening->reference);
  own.opening = opening_of_unit(8);
  EXPECT_FALSE(verdict(own).valid);
}

TEST_F(Certificates, AreRefusedWhenTamperedWith) {
  const auto good = certificate(StatusPart::included);
  const auto refused = [&](auto change) {
    auto bad = good;
    change(bad);
    return !verdict(bad).valid;
  };
  EXPECT_TRUE(refused([](auto& c) { c.statement.back() ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { ++c.log_path.index; }));
  EXPECT_TRUE(refused([](auto& c) { c.log_path.hashes.pop_back(); }));
  EXPECT_TRUE(refused([](auto& c) { c.log_path.hashes[0][0] ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { ++c.bind.height; }));
  EXPECT_TRUE(refused([](auto& c) { ++c.bind.round; }));
  EXPECT_TRUE(refused([](auto& c) { c.receipts.pop_back(); }));
  EXPECT_TRUE(refused([](auto& c) { c.receipts[0].signature[3] ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { c.link.back() ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { ++c.link_path.index; }));
  EXPECT_TRUE(refused([](auto& c) { c.link_path.hashes[0][0] ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { c.status->entries[0].proof.back() ^= 1; }));
  EXPECT_TRUE(refused([](auto& c) { c.status->header.back() ^= 1; }));
}

TEST_F(Certificates, OpenEveryLinkOfTheAllocation) {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto built = build_certificate(
        services_, *chain_.latest(),
        {ledger::MemberId::of({std::string(kGrown)}, i), StatusPart::left_out, Height{1}});
    ASSERT_TRUE(built.has_value());
    EXPECT_TRUE(verdict(*built).valid) << i;
  }
}

TEST_F(Certificates, AreNotFoundForTreesOfNobody) {
  for (const char* tree : {"desert-ngo/grown#20", "desert-ngo/grown#100", "desert-ngo/none#0"}) {
    const auto built =
        build_certificate(services_, *chain_.latest(), {{tree}, StatusPart::left_out, Height{1}});
    ASSERT_FALSE(built.has_value());
    EXPECT_EQ(built.error().code, ErrorCode::not_found);
  }
}

TEST_F(Certificates, AreCompact) { EXPECT_LT(proofs::encode(certificate()).size(), 2'200u); }

TEST_F(Certificates, CarryNoSetChangesWhereThereAreNone) {
  EXPECT_TRUE(set_changes(*chain_.latest(), Height{1})->empty());
}

// A season, then two validators change their node keys, with blocks between and after.
class RotatedCertificates : public Certificates {
 protected:
  RotatedCertificates() : services_own_{.records = own_, .chain = own_} {
    play_season(own_);
    rotate("desert-ngo");
    for (int i = 0; i < 5; ++i) own_.empty_block();
    rotate("platform");
    for (int i = 0; i < 3; ++i) own_.empty_block();
  }
  void rotate(const std::string& org) {
    const auto key = secret_key(org + "/node+").public_key().bytes();
    own_.must(org, ledger::KeyPut{{"next-key"}, key, {ledger::KeyRole::node}});
  }
  proofs::TreeCertificate certificate_from(Height from) {
    auto built = build_certificate(services_own_, *own_.latest(),
                                   {{std::string(kGrown) + "#7"}, StatusPart::included, from});
    EXPECT_TRUE(built.has_value()) << built.error().message;
    return *std::move(built);
  }

  TestChain own_;
  Services services_own_;
};

TEST_F(RotatedCertificates, CarryEveryChangeSinceTheTrustFile) {
  const auto certificate = certificate_from(Height{1});
  EXPECT_EQ(certificate.set_changes.size(), 2u);
  const auto verdict = proofs::verify(proofs::encode(certificate), trust_of(own_.genesis()));
  EXPECT_TRUE(verdict.valid);
  auto without = certificate;
  without.set_changes.pop_back();
  EXPECT_FALSE(proofs::verify(proofs::encode(without), trust_of(own_.genesis())).valid);
}

TEST_F(RotatedCertificates, NeedNoneForATrustFileOfToday) {
  const Height now = own_.latest()->height();
  const auto certificate = certificate_from(now);
  EXPECT_TRUE(certificate.set_changes.empty());
  auto trust = trust_of(own_.genesis());
  trust.from_height = now;
  trust.validators = *own_.latest()->validators(now);
  EXPECT_TRUE(proofs::verify(proofs::encode(certificate), trust).valid);
}

}  // namespace
}  // namespace treeproof::rpc
