#include "consensus/ledger/block.h"

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

constexpr std::size_t kHeaderFields = 12;
// A statement carries a signature of 64 bytes, so a block never holds more.
constexpr std::size_t kStatementsPerBlockMax = kBlockStatementBytesMax / 64;

}  // namespace

crypto::Bytes encode_header(const Header& header) {
  crypto::CborWriter out(512);
  out.map(kHeaderFields);
  out.uint(1).text(header.chain_id);
  out.uint(2).uint(header.height.value);
  out.uint(3).uint(header.time.value);
  out.uint(4).bytes(header.previous);
  out.uint(5).text(header.proposer.text);
  out.uint(6).uint(header.log_size);
  out.uint(7).bytes(header.log_root);
  out.uint(8).bytes(header.state_root);
  out.uint(9).bytes(header.validators_hash);
  out.uint(10).bytes(header.next_validators_hash);
  out.uint(11).uint(header.rules_version);
  out.uint(12).bytes(header.evidence_hash);
  return out.finish();
}

std::expected<Header, crypto::CborError> decode_header(crypto::ByteSpan bytes) {
  using crypto::CborError;
  crypto::CborReader in(bytes);
  const auto key = [&in](std::uint64_t number) {
    if (in.uint() != number) in.fail(CborError::unknown_field);
  };
  Header header;
  if (in.map(kHeaderFields) != kHeaderFields) in.fail(CborError::unknown_field);
  key(1);
  header.chain_id = in.text(kChainIdCharsMax);
  key(2);
  header.height.value = in.uint();
  key(3);
  header.time.value = in.uint();
  key(4);
  header.previous = in.hash();
  key(5);
  header.proposer.text = in.text(kOrgIdCharsMax);
  key(6);
  header.log_size = in.uint();
  key(7);
  header.log_root = in.hash();
  key(8);
  header.state_root = in.hash();
  key(9);
  header.validators_hash = in.hash();
  key(10);
  header.next_validators_hash = in.hash();
  key(11);
  header.rules_version = in.uint();
  key(12);
  header.evidence_hash = in.hash();
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  if (!OrgId::check(header.proposer.text)) return std::unexpected(CborError::out_of_range);
  return header;
}

crypto::Hash header_hash(crypto::ByteSpan header_bytes) {
  constexpr std::string_view kDomain{"treeproof/header/v1\0", 20};
  return crypto::sha256({crypto::as_bytes(kDomain), header_bytes});
}

crypto::Bytes encode_block(const Block& block) {
  constexpr std::size_t kHead = 9;  // of a string or an array, at the most
  std::size_t bytes =
      block.header_bytes.size() + block.evidence.size() + block.previous_commit.size() + 3 * kHead;
  for (const crypto::Bytes& statement : block.statements) bytes += statement.size() + kHead;
  crypto::CborWriter out(bytes);
  out.array(4).bytes(block.header_bytes).array(block.statements.size());
  for (const crypto::Bytes& statement : block.statements) out.bytes(statement);
  out.raw(block.evidence).raw(block.previous_commit);
  return out.finish();
}

std::expected<Block, crypto::CborError> decode_block(crypto::ByteSpan bytes) {
  using crypto::CborError;
  if (bytes.size() > kBlockBytesMax) return std::unexpected(CborError::too_long);
  crypto::CborReader in(bytes);
  Block block;
  in.array_exact(4);
  block.header_bytes = crypto::to_bytes(in.bytes(1'024));
  const std::size_t count = in.array(kStatementsPerBlockMax);
  block.statements.reserve(count);
  std::size_t statement_bytes = 0;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    block.statements.push_back(crypto::to_bytes(in.bytes(kStatementBytesMax)));
    statement_bytes += block.statements.back().size();
  }
  if (in.ok() && in.peek() != crypto::CborKind::array) in.fail(CborError::wrong_type);
  block.evidence = crypto::to_bytes(in.item());
  block.previous_commit = crypto::to_bytes(in.item());
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  if (statement_bytes > kBlockStatementBytesMax) return std::unexpected(CborError::too_long);
  return block;
}

std::size_t content_bytes(const Block& block) noexcept {
  std::size_t bytes =
      block.header_bytes.size() + block.evidence.size() + block.previous_commit.size();
  for (const auto& statement : block.statements) bytes += statement.size();
  return bytes;
}

crypto::Hash evidence_hash(const Block& block) {
  crypto::CborWriter out;
  out.array(2).raw(block.evidence).raw(block.previous_commit);
  return crypto::sha256(out.finish());
}

}  // namespace treeproof::ledger
