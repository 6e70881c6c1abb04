#include "consensus/proofs/verify.h"

#include <algorithm>
#include <functional>

#include "consensus/ledger/block.h"
#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/objects.h"
#include "consensus/ledger/statement.h"
#include "consensus/proofs/set_walk.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/state_map.h"

namespace treeproof::proofs {

namespace {

// What a check found: a sentence either way.
using Found = std::expected<std::string, std::string>;
std::unexpected<std::string> fail(std::string why) { return std::unexpected(std::move(why)); }

constexpr std::string_view kNotReached = "not made: an earlier check failed";

bool is_required(CheckName check) {
  using enum CheckName;
  return check == encoding || check == path_lengths || check == statement || check == receipts ||
         check == quorum || check == height || check == link_path;
}

// A header's hash and fields agree with what the receipts signed.
Found check_header(crypto::ByteSpan bytes, const ledger::Header& header,
                   const crypto::ReceiptBind& bind, const crypto::Hash& log_root,
                   const std::string& chain_id) {
  if (ledger::header_hash(bytes) != bind.header_hash) {
    return fail("the header is not the one that was signed");
  }
  if (header.chain_id != chain_id) return fail("the header is of another chain");
  const bool same = header.height.value == bind.height && header.log_size == bind.log_size &&
                    header.log_root == log_root;
  if (!same) return fail("the header is of another height, log size or log root");
  return "";
}

// Each receipt is a distinct validator's signature over this root and bind. [protocol.md 7]
Found check_receipts(const std::vector<bft::CertificateSignature>& receipts,
                     const crypto::ReceiptBind& bind, const crypto::Hash& log_root,
                     const std::string& chain_id, const ValidatorSet& validators) {
  std::string previous;
  for (const auto& receipt : receipts) {
    if (receipt.org <= previous) return fail("receipts do not ascend by organisation");
    previous = receipt.org;
    const Validator* validator = validators.find(receipt.org);
    if (validator == nullptr) return fail(receipt.org + " is not a validator of this set");
    if (validator->key.kid() != receipt.kid) {
      return fail("the receipt of " + receipt.org + " names another key");
    }
    bft::Vote vote;
    vote.type = bft::VoteType::precommit;
    vote.height = {bind.height};
    vote.round = {static_cast<std::int32_t>(bind.round)};
    vote.value = bft::BlockId{bind.header_hash, bind.log_size, log_root};
    vote.org = receipt.org;
    vote.kid = receipt.kid;
    if (!validator->key.verify(bft::sign_digest(vote, chain_id), receipt.signature)) {
      return fail("the signature of " + receipt.org + " does not hold for this log root");
    }
  }
  return std::to_string(receipts.size()) + " receipts over one log root";
}

// Requires: check_receipts held, so that signers are distinct validators.
Found check_quorum(const std::vector<bft::CertificateSignature>& receipts,
                   const ValidatorSet& validators) {
  std::uint64_t power = 0;
  for (const auto& receipt : receipts) power += validators.find(receipt.org)->power;
  const std::string says = std::to_string(power) + " of " +
                           std::to_string(validators.total_power()) + " in power signed";
  if (!validators.is_quorum(power)) return fail(says + ", not more than two thirds");
  return says + ", more than two thirds";
}

// A statement that is well formed and not the one that a certificate of this chain needs.
bool is_of_another_kind(ledger::Reason reason) {
  using enum ledger::Reason;
  return reason == header_typ_wrong || reason == header_content_type_wrong ||
         reason == wrong_chain || reason == header_subject_mismatch;
}

class Verification {
 public:
  Verification(crypto::ByteSpan bytes, const Trust& trust, Verdict& verdict)
      : bytes_(bytes),
        trust_(trust),
        verdict_(verdict),
        walk_(trust.chain_id, trust.validators, trust.from_height) {}

  void run() {
    using enum CheckName;
    make(encoding, [this] { return decode(); });
    if (failed_) return;
    make(path_lengths, [this] { return lengths(); });
    make(statement, [this] { return judge_statement(); });
    certificate_.set_changes.empty()
        ? skip(set_changes, "signed by the trust file's own validators")
        : make(set_changes, [this] { return walk_set_changes(); });
    make(receipts, [this] { return count_receipts(); });
    make(quorum, [this] { return weigh(); });
    make(height, [this] { return reach_height(); });
    make(link_path, [this] { return find_link(); });
    certificate_.opening ? make(opening, [this] { return open(); })
                         : skip(opening, "this copy does not carry the owner's opening");
    certificate_.status ? make(status, [this] { return prove_status(); })
                        : skip(status, "this certificate carries no status");
    if (!failed_) check_issuer();
  }

  bool failed() const noexcept { return failed_; }
  Facts facts() const {
    Facts facts;
    facts.link = link_;
    facts.issuer = statement().issuer.text;
    facts.statement_ref = ledger::ref_of(statement().payload).text;
    facts.statement_id = statement().id;
    facts.issued_at_s = statement().issued_at_s;
    facts.log_index = certificate_.log_path.index;
    facts.bind = certificate_.bind;
    for (const auto& receipt : certificate_.receipts) facts.signers.push_back(receipt.org);
    if (certificate_.opening) facts.user_reference = certificate_.opening->reference;
    facts.status = certificate_.status;
    if (header_) facts.time = header_->time;
    return facts;
  }

 private:
  void make(CheckName check, const std::function<Found()>& judge) {
    if (failed_) return;
    Found found = judge();
    Check& entry = verdict_.checks[static_cast<std::size_t>(check)];
    failed_ = !found;
    entry.state = found ? CheckState::passed : CheckState::failed;
    entry.detail = found ? *std::move(found) : std::move(found).error();
  }
  void skip(CheckName check, std::string_view why) {
    if (!failed_)
      verdict_.checks[static_cast<std::size_t>(check)].detail = "not made: " + std::string(why);
  }

  // The certificate and all that it carries encoded. [protocol.md 1]
  Found decode() {
    auto decoded = decode_certificate(bytes_);
    if (!decoded) return malformed("certificate", decoded.error());
    certificate_ = *std::move(decoded);
    statement_ = ledger::parse_statement(certificate_.statement, trust_.chain_id);
    if (!statement_ && !is_of_another_kind(statement_.error().reason)) {
      return fail("statement: " + ledger::to_string(statement_.error()));
    }
    if (statement_ && !crypto::is_low_s((*statement_)->signature)) {
      return fail("statement: " + std::string(ledger::name(ledger::Reason::signature_invalid)));
    }
    auto link = ledger::decode<ledger::LinkLeaf>(certificate_.link);
    if (!link) return malformed("link leaf", link.error());
    link_ = *std::move(link);
    return decode_headers();
  }
  Found decode_headers() {
    if (certificate_.status) {
      auto header = ledger::decode_header(certificate_.status->header);
      if (!header) return malformed("header", header.error());
      header_ = *std::move(header);
    }
    for (const SetChange& change : certificate_.set_changes) {
      auto header = ledger::decode_header(change.header);
      if (!header) return malformed("header", header.error());
      const auto next = ValidatorSet::decode(change.validators);
      if (!next) return malformed("validator set", next.error());
      changes_.push_back(*std::move(header));
    }
    return "canonical, every field known";
  }
  static Found malformed(std::string_view part, crypto::CborError error) {
    return fail(std::string(part) + ": " + std::string(to_string(error)));
  }
  Found lengths() {
    const Path& log = certificate_.log_path;
    if (log.index >= certificate_.bind.log_size) return fail("the log index is not in the log");
    const auto expected = crypto::inclusion_path_length(log.index, certificate_.bind.log_size);
    if (log.hashes.size() != expected) return fail("the log path is not of its exact length");
    const Path& path = certificate_.link_path;
    const ledger::LinksRef* const links = links_of_statement();
    if (links == nullptr) return "the log path is exact";  // the next check says why
    if (path.index >= links->count) return fail("the link index is not among the links");
    const auto among_links = crypto::inclusion_path_length(path.index, links->count);
    if (path.hashes.size() != among_links) return fail("the link path is not of its exact length");
    return "both paths are exact";
  }
  const ledger::LinksRef* links_of_statement() const {
    return statement_ ? ledger::links_of((*statement_)->payload) : nullptr;
  }
  Found judge_statement() {
    if (!statement_) return fail(ledger::to_string(statement_.error()));
    if (links_of_statement() == nullptr) return fail("a statement that links no trees");
    return std::string(ledger::type_of(statement().payload)) + " of " + statement().issuer.text;
  }
  // Requires: the check of the statement passed.
  const ledger::SignedStatement& statement() const { return **statement_; }
  Found walk_set_changes() {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const SetChange& change = certificate_.set_changes[i];
      if (i == 0 && !covers(changes_[i].height)) {
        return fail("set changes that the trust file does not reach");
      }
      const bft::CommitCertificate certificate{
          {change.bind.height},
          {static_cast<std::int32_t>(change.bind.round)},
          {change.bind.header_hash, change.bind.log_size, changes_[i].log_root},
          change.receipts};
      auto taken = walk_.take(change.header, certificate, change.validators);
      if (!taken) return fail("a set change does not hold: " + taken.error());
    }
    return std::to_string(changes_.size()) + " changes, each certified by the set before it";
  }
  Found count_receipts() {
    const auto root = crypto::root_from_inclusion(
        crypto::leaf_hash(certificate_.statement), certificate_.log_path.index,
        certificate_.bind.log_size, certificate_.log_path.hashes);
    if (!root) return fail("the log path leads nowhere");
    log_root_ = *root;
    return check_receipts(certificate_.receipts, certificate_.bind, log_root_, trust_.chain_id,
                          walk_.set());
  }
  Found weigh() {
    Found found = check_quorum(certificate_.receipts, walk_.set());
    if (!found || !trust_.policy) return found;
    const auto satisfied = check_policy(*trust_.policy, certificate_.receipts);
    if (!satisfied) return fail(satisfied.error());
    return found;
  }
  bool covers(Height height) const {
    return height >= trust_.from_height && (!trust_.to_height || height <= *trust_.to_height);
  }
  Found reach_height() {
    const Height height{certificate_.bind.height};
    const bool reached =
        certificate_.set_changes.empty()
            ? covers(height)
            : certificate_.set_changes.back().bind.height < certificate_.bind.height;
    if (!reached)
      return fail("the trust file does not cover height " + std::to_string(height.value));
    return "as of height " + std::to_string(height.value);
  }
  Found find_link() {
    const ledger::LinksRef& links = *links_of_statement();
    const auto root = crypto::root_from_inclusion(crypto::leaf_hash(certificate_.link),
                                                  certificate_.link_path.index, links.count,
                                                  certificate_.link_path.hashes);
    if (root != links.root) return fail("the link is not one of the statement's links");
    return "tree " + link_.tree.text;
  }
  Found open() {
    const crypto::Hash commitment = commitment_of(*certificate_.opening);
    const bool opens = std::ranges::count(link_.commitments, commitment) != 0;
    if (!opens) return fail("the salt and reference open no commitment of this tree");
    return "the reference opens a commitment of this tree";
  }
  Found prove_status() {
    const Status& status = *certificate_.status;
    auto held =
        check_header(status.header, *header_, certificate_.bind, log_root_, trust_.chain_id);
    if (!held) return held;
    for (const StatusEntry& entry : status.entries) {
      const crypto::Hash key = crypto::state_key(entry.name_space, entry.id);
      const bool proven =
          entry.value
              ? crypto::verify_existence(entry.proof, header_->state_root, key, *entry.value)
              : crypto::verify_absence(entry.proof, header_->state_root, key);
      if (!proven) return fail("no proof of " + entry.name_space + " " + entry.id);
    }
    return std::to_string(status.entries.size()) + " state proofs as of this height";
  }
  void check_issuer() {
    const auto key = issuer_key();
    if (!key) return skip(CheckName::issuer_signature, "nothing trusted here holds its key");
    make(CheckName::issuer_signature, [&]() -> Found {
      if (!ledger::VerifiedStatement::verify(*statement_, *key)) {
        return fail("the issuer's signature does not hold");
      }
      return "signed by " + statement().issuer.text;
    });
  }
  // From the validator set, or from the organisation's object where the status proves it.
  std::optional<crypto::PublicKey> issuer_key() const {
    const std::string& issuer = statement().issuer.text;
    const Validator* validator = walk_.set().find(issuer);
    if (validator != nullptr && validator->key.kid() == statement().kid) return validator->key;
    if (!certificate_.status) return std::nullopt;
    for (const StatusEntry& entry : certificate_.status->entries) {
      if (entry.name_space != "org" || entry.id != issuer || !entry.value) continue;
      const auto org = ledger::decode<ledger::OrgObject>(*entry.value);
      const auto* held = org ? org->key(statement().kid) : nullptr;
      return held ? crypto::PublicKey::parse(held->public_key) : std::nullopt;
    }
    return std::nullopt;
  }

  crypto::ByteSpan bytes_;
  const Trust& trust_;
  Verdict& verdict_;
  SetWalk walk_;  // from the trust file's set through each set change
  bool failed_ = false;
  TreeCertificate certificate_;
  std::expected<ledger::StatementPtr, ledger::Refusal> statement_;
  ledger::LinkLeaf link_;
  std::optional<ledger::Header> header_;  // of the status
  std::vector<ledger::Header> changes_;
  crypto::Hash log_root_{};
};

}  // namespace

std::string_view name(CheckName check) noexcept {
  static constexpr std::array<std::string_view, kCheckCount> kNames{
      "encoding",  "path_lengths", "statement", "receipts",    "quorum",          "height",
      "link_path", "opening",      "status",    "set_changes", "issuer_signature"};
  return kNames[static_cast<std::size_t>(check)];
}

std::string_view name(CheckState state) noexcept {
  static constexpr std::array<std::string_view, 3> kNames{"passed", "failed", "not_made"};
  return kNames[static_cast<std::size_t>(state)];
}

std::expected<void, std::string> check_policy(
    const Policy& policy, const std::vector<bft::CertificateSignature>& signatures) {
  if (signatures.size() < policy.minimum_signers) return fail("the policy asks for more signers");
  for (const std::string& org : policy.required_orgs) {
    const bool signs = std::ranges::count(signatures, org, &bft::CertificateSignature::org) != 0;
    if (!signs) return fail("the policy asks for the receipt of " + org);
  }
  return {};
}

Verdict verify(crypto::ByteSpan bytes, const Trust& trust) {
  Verdict verdict;
  for (std::size_t i = 0; i < kCheckCount; ++i) {
    verdict.checks.push_back(
        {static_cast<CheckName>(i), CheckState::not_made, std::string(kNotReached)});
  }
  Verification verification(bytes, trust, verdict);
  verification.run();
  const auto required_passed = [](const Check& check) {
    return !is_required(check.name) || check.state == CheckState::passed;
  };
  verdict.valid = !verification.failed() && std::ranges::all_of(verdict.checks, required_passed);
  if (verdict.valid) verdict.facts = verification.facts();
  return verdict;
}

}  // namespace treeproof::proofs
