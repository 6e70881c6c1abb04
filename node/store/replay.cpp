#include "node/store/replay.h"

#include <future>
#include <thread>

namespace treeproof::store {

namespace {

using Verified = std::vector<ledger::VerifiedStatement>;

struct Unverified {
  ledger::StatementPtr statement;
  crypto::PublicKey key;
};

constexpr std::size_t kPartMin = 16;  // fewer are not worth a thread

std::expected<std::vector<Unverified>, std::string> parse(replica::Chain& chain,
                                                          const ledger::Block& block) {
  std::vector<Unverified> parsed;
  for (const crypto::Bytes& bytes : block.statements) {
    auto statement = ledger::parse_statement(bytes, chain.chain_id());
    if (!statement) return std::unexpected(ledger::to_string(statement.error()));
    const auto key = chain.key_of((*statement)->issuer, (*statement)->kid);
    if (!key)
      return std::unexpected("a statement of " + (*statement)->issuer.text +
                             " is signed with an unknown key");
    parsed.push_back({*std::move(statement), *key});
  }
  return parsed;
}

// Fewer than given where a signature does not hold.
Verified verify_part(std::span<const Unverified> part) {
  Verified verified;
  for (const Unverified& item : part) {
    auto checked = ledger::VerifiedStatement::verify(item.statement, item.key);
    if (!checked) break;
    verified.push_back(*std::move(checked));
  }
  return verified;
}

std::expected<Verified, std::string> verify_all(std::span<const Unverified> statements) {
  const std::size_t threads = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t part = std::max(kPartMin, (statements.size() + threads - 1) / threads);
  std::vector<std::future<Verified>> parts;
  for (std::size_t at = 0; at < statements.size(); at += part) {
    const auto some = statements.subspan(at, std::min(part, statements.size() - at));
    const auto policy = statements.size() > part ? std::launch::async : std::launch::deferred;
    parts.push_back(std::async(policy, verify_part, some));
  }
  Verified verified;
  for (auto& ready : parts) std::ranges::move(ready.get(), std::back_inserter(verified));
  if (verified.size() != statements.size()) return std::unexpected("a signature does not hold");
  return verified;
}

// The block names the commit of the one before; any quorum's is as good as the stored one.
bool previous_commit_holds(const replica::Chain& chain, const ledger::Block& block) {
  const replica::Tip& tip = chain.tip();
  if (block.previous_commit == tip.commit) return true;
  const auto commit = bft::decode_commit_certificate(block.previous_commit);
  return commit && commit->height == tip.height && commit->block.header_hash == tip.header_hash &&
         bft::verify(*commit, chain.chain_id(), *tip.previous_validators).has_value();
}

}  // namespace

std::expected<replica::Commit, std::string> execute_again(replica::Chain& chain,
                                                          const StoredBlock& stored) {
  const replica::Tip& tip = chain.tip();
  const auto& certificate = stored.certificate;
  if (certificate.height != tip.height.next()) {
    return std::unexpected("its certificate is of another height");
  }
  if (auto holds = bft::verify(certificate, chain.chain_id(), *tip.validators); !holds) {
    return std::unexpected("its certificate: " + std::string(to_string(holds.error())));
  }
  if (!previous_commit_holds(chain, *stored.block)) {
    return std::unexpected("its commit of the height before does not hold");
  }
  const auto parsed = parse(chain, *stored.block);
  if (!parsed) return std::unexpected(parsed.error());
  auto verified = verify_all(*parsed);
  if (!verified) return std::unexpected(verified.error());
  const auto claims = chain.claims_of(*stored.block);
  if (!claims) return std::unexpected(std::string(to_string(claims.error())));
  const auto evidence = replica::verify_all(*claims, chain.chain_id());
  if (!evidence) return std::unexpected("evidence in it does not verify");
  auto executed = chain.execute(stored.block, *std::move(verified), *evidence);
  if (!executed) return std::unexpected(std::string(to_string(executed.error())));
  if (certificate.block != (*executed)->id()) {
    return std::unexpected("its certificate is of another block");
  }
  return replica::Commit{*std::move(executed), certificate};
}

}  // namespace treeproof::store
