// Golden bytes of what a user keeps: certificate, trust file, text for a QR code, Transparent
// Statement; and of the log's checkpoint.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/proofs/verify.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "node/cli/certificate_file.h"
#include "rpc/log_tiles.h"
#include "rpc/trust_json.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

constexpr std::uint64_t kLink = 1;

std::vector<crypto::Hash> leaf_hashes(const std::vector<crypto::Bytes>& leaves) {
  std::vector<crypto::Hash> hashes;
  for (const crypto::Bytes& leaf : leaves) hashes.push_back(crypto::leaf_hash(leaf));
  return hashes;
}

proofs::Path path_in(const std::vector<crypto::Bytes>& leaves, std::uint64_t index) {
  return {index, crypto::inclusion_path(index, leaf_hashes(leaves))};
}

// As of a block at or after the allocate's.
proofs::TreeCertificate certificate_of(const DecidedBlock& decided) {
  const Story& story = Story::told();
  const bft::CommitCertificate& commit = decided.commit;
  const std::vector<crypto::Bytes> log(
      story.log().begin(),
      story.log().begin() + static_cast<std::ptrdiff_t>(commit.block.log_size));
  const auto place = std::ranges::find(story.statements(), "allocate-1", [](const SignedBy& said) {
    return ledger::ref_of(said.statement->payload).text;
  });
  const auto index = static_cast<std::uint64_t>(place - story.statements().begin()) + 2;
  proofs::TreeCertificate certificate;
  certificate.statement = log[index];
  certificate.log_path = path_in(log, index);
  certificate.bind = {commit.height.value, static_cast<std::uint32_t>(commit.round.value),
                      commit.block.log_size, commit.block.header_hash};
  certificate.receipts = commit.signatures;
  certificate.link = story.link_leaves()[kLink];
  certificate.link_path = path_in(story.link_leaves(), kLink);
  return certificate;
}

proofs::TreeCertificate public_certificate() { return certificate_of(Story::told().blocks()[1]); }

proofs::StatusEntry present(const ledger::ObjectKey& object) {
  const Story& story = Story::told();
  const crypto::Bytes& value = *story.object(object);
  const crypto::Hash key = crypto::state_key(object.name_space, object.id);
  return {object.name_space, object.id, value, story.state_map().prove_existence(key, value)};
}

// With everything there is: the owner's opening, the status of batch and issuer, and the change of
// validators since the genesis.
proofs::TreeCertificate private_certificate() {
  const Story& story = Story::told();
  const DecidedBlock& change = story.blocks()[1];
  const DecidedBlock& last = story.blocks().back();
  proofs::TreeCertificate certificate = certificate_of(last);
  certificate.opening = story.openings()[kLink + 1];  // the unit before has two commitments
  certificate.status = proofs::Status{
      last.block().header_bytes,
      {present({"object", "desert-ngo/plant-1"}), present({"org", std::string(kPlatform)})}};
  const proofs::TreeCertificate at_change = certificate_of(change);
  certificate.set_changes = {
      {change.block().header_bytes, at_change.bind, at_change.receipts, last.validators.encode()}};
  return certificate;
}

Json verdict_json(const proofs::TreeCertificate& certificate) {
  const crypto::Bytes bytes = proofs::encode(certificate);
  const auto trust = rpc::parse_trust(rpc::trust_to_text(rpc::trust_of(Story::told().genesis())));
  const proofs::Verdict verdict = proofs::verify(bytes, trust.value());
  EXPECT_TRUE(verdict.valid);
  Json checks = Json::object();
  for (const proofs::Check& check : verdict.checks) {
    EXPECT_NE(check.state, proofs::CheckState::failed) << check.detail;
    checks[std::string(proofs::name(check.name))] = check.state == proofs::CheckState::passed;
  }
  return {{"value", readable(bytes)},
          {"bytes", crypto::to_hex(bytes)},
          {"text", proofs::to_text(bytes)},
          {"valid", verdict.valid},
          {"checks_made", std::move(checks)}};
}

// The one view that a checkpoint asks for; everything else of a store is out of its reach.
class LastHeight final : public rpc::ChainView {
 public:
  Height height() const override { return last().header().height; }
  const ledger::Header& header() const override { return last().header(); }
  const crypto::Hash& header_hash() const override { return last().header_hash(); }
  std::optional<bft::CommitCertificate> certificate(Height) const override { return last().commit; }
  replica::ValidatorsPtr validators(Height) const override {
    return std::make_shared<const ValidatorSet>(last().validators);
  }
  ledger::SharedBytes object(const ledger::ObjectKey&) const override { return {}; }
  ledger::SharedBytes page(const ledger::PageKey&) const override { return {}; }
  ledger::AttachmentPtr attachment(const crypto::Hash&) const override { return {}; }
  ledger::SharedBytes object_at(const ledger::ObjectKey&, Height) const override { return {}; }
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects(std::string_view,
                                                                   std::string_view,
                                                                   std::string_view,
                                                                   std::size_t) const override {
    return {};
  }
  std::vector<std::pair<std::string, ledger::SharedBytes>> objects_of_type(
      std::string_view, std::string_view, std::size_t) const override {
    return {};
  }
  std::shared_ptr<const ledger::Block> block(Height) const override { return {}; }
  std::optional<Height> height_of_log_index(std::uint64_t) const override { return {}; }
  std::optional<crypto::Bytes> log_entry(std::uint64_t) const override { return {}; }
  crypto::Hash log_subtree(std::uint32_t, std::uint64_t) const override { return {}; }
  std::vector<ledger::LinkRange> links(const ledger::ObjectId&) const override { return {}; }
  std::optional<rpc::LinkPosition> link_of_tree(const ledger::ObjectId&,
                                                std::uint64_t) const override {
    return {};
  }
  std::optional<rpc::LinkPosition> link_of_unit(const ledger::ObjectId&,
                                                std::uint64_t) const override {
    return {};
  }
  std::optional<std::pair<ledger::ObjectId, std::uint64_t>> find_commitment(
      const crypto::Hash&) const override {
    return {};
  }

 private:
  static const DecidedBlock& last() { return Story::told().blocks().back(); }
};

TEST(Golden, TrustFile) {
  expect_golden("trust.json", rpc::trust_to_text(rpc::trust_of(Story::told().genesis())));
}

TEST(Golden, Certificates) {
  const auto transparent = cli::transparent_statement(public_certificate());
  ASSERT_TRUE(transparent.has_value());
  expect_golden("certificates.json", Json{{"trust_file", "trust.json"},
                                          {"public", verdict_json(public_certificate())},
                                          {"private", verdict_json(private_certificate())},
                                          {"transparent_statement", crypto::to_hex(*transparent)},
                                          {"checkpoint", rpc::checkpoint(LastHeight{}).value()}});
}

}  // namespace
}  // namespace treeproof::vectors
