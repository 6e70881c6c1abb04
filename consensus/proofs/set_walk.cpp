#include "consensus/proofs/set_walk.h"

namespace treeproof::proofs {

namespace {

std::unexpected<std::string> fail(std::string why) { return std::unexpected(std::move(why)); }

}  // namespace

std::expected<ledger::Header, std::string> certified_header(
    crypto::ByteSpan header_bytes, const bft::CommitCertificate& certificate,
    std::string_view chain_id, const ValidatorSet& validators) {
  auto header = ledger::decode_header(header_bytes);
  if (!header) return fail("a header is malformed");
  const std::string which = "the header of height " + std::to_string(header->height.value);
  if (header->chain_id != chain_id) return fail(which + " is of another chain");
  const bft::BlockId id{ledger::header_hash(header_bytes), header->log_size, header->log_root};
  const bool is_named = certificate.height == header->height && certificate.block == id;
  if (!is_named) return fail(which + " is not the one that was signed");
  if (header->validators_hash != validators.hash()) {
    return fail(which + " names another validator set");
  }
  if (const auto holds = bft::verify(certificate, chain_id, validators); !holds) {
    return fail(which + " is not certified: " + std::string(bft::to_string(holds.error())));
  }
  return *std::move(header);
}

std::expected<void, std::string> SetWalk::take(crypto::ByteSpan header_bytes,
                                               const bft::CommitCertificate& certificate,
                                               crypto::ByteSpan next_set) {
  const auto header = certified_header(header_bytes, certificate, chain_id_, set_);
  if (!header) return fail(header.error());
  if (header->height < since_) return fail("changes of validators do not ascend");
  auto next = ValidatorSet::decode(next_set);
  if (!next) return fail("a validator set is malformed");
  const bool is_change = *next != set_ && header->next_validators_hash == next->hash();
  if (!is_change) return fail("a header announces another validator set");
  set_ = *std::move(next);
  since_ = header->height.next();
  return {};
}

}  // namespace treeproof::proofs
