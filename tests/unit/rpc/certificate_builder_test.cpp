#include "rpc/certificate_builder.h"

#include <gtest/gtest.h>

#include "consensus/ledger/statement.h"
#include "consensus/proofs/verify.h"
#include "rpc/allocation_plan.h"
#include "rpc/audit.h"
#include "rpc/member_views.h"
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

// A season, then 20 more units get trees, one of which is corrected later in the same block.
class CorrectedCertificates : public testing::Test {
 protected:
  CorrectedCertificates() {
    play_season(chain_);
    const auto fix = correction("fix", 25);
    const std::array statements{chain_.sign("platform", allocate("more")), fix};
    chain_.record_together(statements);
  }
  ledger::Allocate allocate(const std::string& ref) {
    const auto plan = plan_allocation(
        *chain_.latest(), {{{std::string(kUnits)}, {std::string(kGrown)}, {"haloxylon"}, 20}});
    ledger::Allocate allocate;
    allocate.ref = {ref};
    allocate.campaign = {std::string(kPlanted)};
    allocate.runs = chain_.attach(plan->attachment);
    allocate.links = plan->links;
    return allocate;
  }
  // Of the units, by governance.
  void redact(ledger::Ranges ranges) {
    const auto units =
        ledger::find<ledger::RedemptionObject>(*chain_.latest(), {std::string(kUnits)});
    const ledger::Redact change{units->payload.leaves.root, std::move(ranges)};
    chain_.must("platform", ledger::Propose{{"forget"}, change});
    for (const std::string_view org : {"platform", "desert-ngo", "coast-ngo"}) {
      chain_.must(org, ledger::Approve{{"forget-it"}, {"platform/forget"}});
    }
  }
  // Moves a tree to where no other stands; with the verifier's consent.
  ledger::StatementPtr correction(const std::string& ref, std::uint64_t tree) {
    const ledger::CorrectPosition there{tree, 400'001'000, 1'000'000'000 + 7 * int(tree)};
    const auto statement = chain_.sign(
        "desert-ngo", ledger::Correct{{ref}, {std::string(kGrown)}, there, {}, {"verifier"}});
    chain_.must("verifier", ledger::Consent{{"agree-" + ref}, statement->id});
    return statement;
  }
  // What its certificate proves; nothing where none is given.
  std::optional<proofs::Facts> proven(std::uint64_t tree) {
    Services services{.records = chain_, .chain = chain_};
    const auto built = build_certificate(
        services, *chain_.latest(),
        {ledger::MemberId::of({std::string(kGrown)}, tree), StatusPart::included, Height{1}});
    if (!built) return std::nullopt;
    return proofs::verify(proofs::encode(*built), trust_of(chain_.genesis())).facts;
  }
  TestChain chain_;
};

TEST_F(CorrectedCertificates, ShowTheTreeAsItWasWhenItWasAllocated) {
  ASSERT_TRUE(chain_.record(correction("again", 7)).has_value());
  for (const std::uint64_t tree : {7u, 8u, 24u, 25u, 39u}) {
    const auto facts = proven(tree);
    ASSERT_TRUE(facts.has_value()) << tree;
    EXPECT_EQ(facts->link.lat, 400'000'000 + 300 * std::int32_t(tree / 10 + 1)) << tree;
  }
}

TEST_F(CorrectedCertificates, AreRecomputedFromALaterBase) {
  ASSERT_TRUE(chain_.record(correction("again", 7)).has_value());
  chain_.base = chain_.latest()->height().value;
  const AuditReport report = audit_allocations(*chain_.latest(), std::nullopt);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.rows.size(), 2u);
}

TEST_F(CorrectedCertificates, OfOthersAreGivenWhereAUnitWasRedacted) {
  chain_.must("platform", allocate("rest"));
  redact({{7, 1}});
  EXPECT_EQ(proven(7), std::nullopt);
  for (const std::uint64_t tree : {6u, 8u, 25u, 59u}) EXPECT_TRUE(proven(tree)) << tree;
  const auto view = chain_.latest();
  const auto tree = view_tree(*view, ledger::MemberId::of({std::string(kGrown)}, 7));
  ASSERT_TRUE(tree.has_value());  // it stands there all the same
  EXPECT_TRUE(tree->commitments.empty());
  const auto unit = view_unit(*view, ledger::MemberId::of({std::string(kUnits)}, 7));
  EXPECT_EQ(unit.error().code, ErrorCode::pruned);
  const AuditReport report = audit_allocations(*view, std::nullopt);
  EXPECT_TRUE(report.findings.empty());
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
