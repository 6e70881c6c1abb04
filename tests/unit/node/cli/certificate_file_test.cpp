#include "node/cli/certificate_file.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "consensus/bft/messages.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/cli/certificate_commands.h"
#include "node/cli/files.h"
#include "node/cli/payload_template.h"
#include "rpc/trust_json.h"
#include "tests/simulation/consortium.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

// Valid in every part: one statement alone in the log's last place, one link.
class CertificateTest : public testing::Test {
 protected:
  CertificateTest() : consortium_(4) {
    ledger::LinkLeaf link;
    link.tree.text = "desert-ngo/spring#7";
    link.commitments.push_back(proofs::commitment_of(opening_));
    link.species.text = "haloxylon";
    link.lat = -385'000'000;
    link.lon = 1'032'000'000;
    link.planted_day = 20'500;
    certificate_.link = ledger::encode(link);
    ledger::Allocate allocate;
    allocate.ref.text = "gift-1";
    allocate.campaign.text = "platform/one";
    allocate.runs = {crypto::Hash{}, 1, 10};
    allocate.links = {crypto::leaf_hash(certificate_.link), 1};
    certificate_.statement = consortium_.sign("platform", allocate, 1'700'000'000)->bytes;
    sign_log();
  }

  void sign_log() {
    const std::vector<crypto::Hash> leaves = {crypto::Hash{1}, crypto::Hash{2},
                                              crypto::leaf_hash(certificate_.statement)};
    certificate_.log_path = {2, crypto::inclusion_path(2, leaves)};
    certificate_.bind = {9, 0, leaves.size(), crypto::Hash{9}};
    for (const std::string& org : consortium_.validators()) {
      const crypto::SecretKey& key = consortium_.member(org).node_key;
      bft::Vote vote;
      vote.type = bft::VoteType::precommit;
      vote.height = {9};
      vote.value =
          bft::BlockId{certificate_.bind.header_hash, leaves.size(), crypto::merkle_root(leaves)};
      vote.org = org;
      vote.kid = key.public_key().kid();
      vote.signature = key.sign(bft::sign_digest(vote, consortium_.chain_id()));
      certificate_.receipts.push_back({org, vote.kid, vote.signature});
    }
    std::ranges::sort(certificate_.receipts, {}, &bft::CertificateSignature::org);
  }
  std::string write(const std::string& name, const crypto::Bytes& bytes) {
    EXPECT_TRUE(write_file(scratch_.path(name), bytes, Replace::always).has_value());
    return scratch_.path(name);
  }
  std::string write_trust() {
    auto genesis = consortium_.genesis();
    proofs::Trust trust = rpc::trust_of(genesis);
    return write("trust.json", crypto::to_bytes(crypto::as_bytes(rpc::trust_to_text(trust))));
  }

  Scratch scratch_;
  StringConsole console_;
  simulation::Consortium consortium_;
  proofs::Opening opening_{crypto::Bytes(16, 5), "anna"};
  proofs::TreeCertificate certificate_;
};

TEST_F(CertificateTest, VerifiesOfflineFromFileAndTrustFileAlone) {
  const std::string file = write("tree.treecert", proofs::encode(certificate_));
  EXPECT_EQ(certificate_verify({file, write_trust(), std::nullopt}, console_.console),
            ExitCode::ok);
  EXPECT_NE(console_.out.str().find("VALID as of height 9"), std::string::npos);
  EXPECT_NE(console_.out.str().find("38.5000000 S, 103.2000000 E"), std::string::npos);
  EXPECT_EQ(console_.out.str().find("anna"), std::string::npos);
}

TEST_F(CertificateTest, TextFormVerifiesToo) {
  const std::string text = proofs::to_text(proofs::encode(certificate_)) + "\n";
  const std::string file = write("tree.txt", crypto::to_bytes(crypto::as_bytes(text)));
  EXPECT_EQ(certificate_verify({file, write_trust(), std::nullopt}, console_.console),
            ExitCode::ok);
}

TEST_F(CertificateTest, OpeningShowsWhoseTreeItIs) {
  const std::string file = write("tree.treecert", proofs::encode(certificate_));
  const std::string opening =
      R"({"salt": ")" + crypto::to_hex(opening_.salt) + R"(", "reference": "anna"})";
  const std::string mine = write("mine.json", crypto::to_bytes(crypto::as_bytes(opening)));
  EXPECT_EQ(certificate_verify({file, write_trust(), mine}, console_.console), ExitCode::ok);
  EXPECT_NE(console_.out.str().find("anna"), std::string::npos);
  const std::string wrong = R"({"salt": ")" + std::string(32, '0') + R"(", "reference": "anna"})";
  const std::string not_mine = write("other.json", crypto::to_bytes(crypto::as_bytes(wrong)));
  EXPECT_EQ(certificate_verify({file, write_trust(), not_mine}, console_.console),
            ExitCode::negative);
}

TEST_F(CertificateTest, TamperedOnesAreNotValidAndMissingOnesNotChecked) {
  certificate_.receipts.resize(2);
  const std::string file = write("few.treecert", proofs::encode(certificate_));
  const std::string trust = write_trust();
  EXPECT_EQ(certificate_verify({file, trust, std::nullopt}, console_.console), ExitCode::negative);
  EXPECT_NE(console_.out.str().find("NOT VALID"), std::string::npos);
  const std::string garbage = write("garbage", {1, 2, 3});
  EXPECT_EQ(certificate_verify({garbage, trust, std::nullopt}, console_.console),
            ExitCode::negative);
  EXPECT_EQ(certificate_verify({scratch_.path("none"), trust, std::nullopt}, console_.console),
            ExitCode::failed);
  EXPECT_EQ(certificate_verify({file, file, std::nullopt}, console_.console), ExitCode::failed);
}

TEST_F(CertificateTest, ExpandsToAStandardStatementWithReceipts) {
  const auto statement = transparent_statement(certificate_);
  ASSERT_TRUE(statement.has_value());
  const auto view = crypto::decode_sign1(*statement, kStatementBytesMax, crypto::Unprotected::any);
  ASSERT_TRUE(view.has_value());
  crypto::CborReader in(view->unprotected);
  ASSERT_EQ(in.map(1), 1u);
  EXPECT_EQ(in.integer(), 394);
  ASSERT_EQ(in.array(4), 4u);
  for (const auto& expected : certificate_.receipts) {
    const auto receipt = crypto::decode_sign1(in.bytes(1'024), 0, crypto::Unprotected::any);
    ASSERT_TRUE(receipt.has_value());
    EXPECT_FALSE(receipt->payload.has_value());
    EXPECT_EQ(receipt->signature, expected.signature);
    const auto header = crypto::decode_protected(receipt->protected_header);
    ASSERT_TRUE(header.has_value());
    EXPECT_EQ(header->issuer, expected.org);
    EXPECT_EQ(header->bind, certificate_.bind);
    const auto key = consortium_.member(expected.org).node_key.public_key();
    const auto root = crypto::root_from_inclusion(crypto::leaf_hash(certificate_.statement), 2, 3,
                                                  certificate_.log_path.hashes);
    EXPECT_TRUE(key.verify(crypto::sig_structure_hash(receipt->protected_header, *root),
                           receipt->signature));
  }
}

TEST_F(CertificateTest, ReceiptsCarryTheInclusionProof) {
  const auto statement = transparent_statement(certificate_).value();
  const auto view = crypto::decode_sign1(statement, kStatementBytesMax, crypto::Unprotected::any);
  crypto::CborReader in(view->unprotected);
  in.map(1);
  in.integer();
  in.array(4);
  const auto receipt = crypto::decode_sign1(in.bytes(1'024), 0, crypto::Unprotected::any);
  crypto::CborReader proofs(receipt->unprotected);
  ASSERT_EQ(proofs.map(1), 1u);
  EXPECT_EQ(proofs.integer(), 396);
  ASSERT_EQ(proofs.map(1), 1u);
  EXPECT_EQ(proofs.integer(), -1);
  ASSERT_EQ(proofs.array(1), 1u);
  crypto::CborReader proof(proofs.bytes(1'024));
  proof.array_exact(3);
  EXPECT_EQ(proof.uint(), 3u);
  EXPECT_EQ(proof.uint(), 2u);
  ASSERT_EQ(proof.array(63), certificate_.log_path.hashes.size());
  EXPECT_EQ(proof.hash(), certificate_.log_path.hashes.front());
}

TEST_F(CertificateTest, FitsAQrCodeWithFinderPatterns) {
  const auto code = qr_code(proofs::encode(certificate_));
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ((code->size - 17) % 4, 0);
  EXPECT_TRUE(code->is_dark(0, 0) && code->is_dark(code->size - 1, 0) && code->is_dark(0, 6));
  EXPECT_FALSE(code->is_dark(-1, 0) || code->is_dark(1, 1) || code->is_dark(code->size, 0));
  const std::string svg = qr_svg(*code);
  EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
  const std::string text = qr_text(*code);
  EXPECT_EQ(std::ranges::count(text, '\n'), (code->size + 8 + 1) / 2);
  EXPECT_FALSE(qr_code(crypto::Bytes(3'500, 0)).has_value());
}

}  // namespace
}  // namespace treeproof::cli
