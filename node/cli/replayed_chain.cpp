#include "node/cli/replayed_chain.h"

#include <set>

namespace treeproof::cli {

namespace {

using Finding = std::unexpected<std::string>;

Finding finding(const ledger::Header& header, const std::string& what) {
  return Finding("height " + std::to_string(header.height.value) + ": " + what);
}

}  // namespace

ReplayedChain::ReplayedChain(const ledger::Genesis& genesis)
    : view_(std::make_unique<ReplayedView>(genesis)),
      chain_(ledger::chain_id(genesis), *view_, view_->build_state_map(), view_->genesis_tip()) {}

std::vector<ledger::AttachmentRef> ReplayedChain::wanted(const LoggedBlock& block) const {
  std::vector<ledger::AttachmentRef> refs;
  std::set<crypto::Hash> seen;
  for (const crypto::Bytes& bytes : block.block.statements) {
    const auto parsed = ledger::parse_statement(bytes, chain_id());
    if (!parsed) continue;
    const ledger::AttachmentRef* ref = ledger::attachment_of((*parsed)->payload);
    if (ref == nullptr || view_->attachment(ref->root)) continue;
    if (seen.insert(ref->root).second) refs.push_back(*ref);
  }
  return refs;
}

std::expected<void, std::string> ReplayedChain::check_certificates(
    const LoggedBlock& block, const ledger::Header& header) const {
  const bft::CommitCertificate& certificate = block.certificate;
  const bft::BlockId id{ledger::header_hash(block.block.header_bytes), header.log_size,
                        header.log_root};
  const bool names_block = certificate.height == header.height && certificate.block == id;
  if (!names_block) return finding(header, "the certificate is for another block");
  if (auto held = bft::verify(certificate, chain_id(), *tip().validators); !held) {
    return finding(header,
                   "the certificate does not hold: " + std::string(bft::to_string(held.error())));
  }
  const bool is_first = tip().height.value == 0;
  if (is_first) {
    const bool is_null = block.block.previous_commit == ledger::Block{}.previous_commit;
    if (!is_null) return finding(header, "the first block carries a commit");
    return {};
  }
  const auto previous = bft::decode_commit_certificate(block.block.previous_commit);
  const bool names_previous = previous && previous->height == tip().height &&
                              previous->block.header_hash == tip().header_hash;
  if (!names_previous) return finding(header, "its commit is not that of the block before");
  if (auto held = bft::verify(*previous, chain_id(), *tip().previous_validators); !held) {
    return finding(header, "the commit of the block before does not hold: " +
                               std::string(bft::to_string(held.error())));
  }
  return {};
}

std::expected<std::vector<ledger::VerifiedStatement>, std::string> ReplayedChain::verify_statements(
    const ledger::Block& block) {
  std::vector<ledger::VerifiedStatement> verified;
  for (const crypto::Bytes& bytes : block.statements) {
    const auto parsed = ledger::parse_statement(bytes, chain_id());
    if (!parsed) return Finding("a statement is malformed: " + to_string(parsed.error()));
    const std::string object = (*parsed)->object().text;
    const auto key = chain_.key_of((*parsed)->issuer, (*parsed)->kid);
    if (!key) return Finding("the key of the statement " + object + " is not registered");
    auto statement = ledger::VerifiedStatement::verify(*parsed, *key);
    if (!statement) return Finding("the signature of the statement " + object + " is not valid");
    verified.push_back(*std::move(statement));
  }
  return verified;
}

std::expected<void, std::string> ReplayedChain::add(LoggedBlock block) {
  const auto header = ledger::decode_header(block.block.header_bytes);
  if (!header)
    return Finding("the header after height " + std::to_string(tip().height.value) +
                   " is malformed");
  if (header->height != tip().height.next()) {
    return finding(*header, "it does not follow height " + std::to_string(tip().height.value));
  }
  if (auto held = check_certificates(block, *header); !held) return held;
  auto statements = verify_statements(block.block);
  if (!statements) return finding(*header, statements.error());
  const std::size_t count = statements->size();
  const auto claims = chain_.claims_of(block.block);
  if (!claims) return finding(*header, std::string(to_string(claims.error())));
  const auto evidence = replica::verify_all(*claims, chain_id());
  if (!evidence) return finding(*header, "its evidence against a validator does not hold");
  auto executed = chain_.execute(std::make_shared<const ledger::Block>(std::move(block.block)),
                                 *std::move(statements), *evidence);
  if (!executed) {
    return finding(*header, "recomputing it gives " + std::string(to_string(executed.error())));
  }
  view_->commit(**executed, block.certificate);
  chain_.commit(*executed, block.certificate);
  statements_ += count;
  return {};
}

}  // namespace treeproof::cli
