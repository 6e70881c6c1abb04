#include "consensus/ledger/block.h"

#include <gtest/gtest.h>

#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::ledger {
namespace {

Header header() {
  Header header;
  header.chain_id = "test-chain";
  header.height = {7};
  header.time = {1'767'225'600'123};
  header.previous.fill(1);
  header.proposer = {"desert-ngo"};
  header.log_size = 42;
  header.log_root.fill(2);
  header.state_root.fill(3);
  header.validators_hash.fill(4);
  header.next_validators_hash.fill(5);
  header.evidence_hash.fill(6);
  return header;
}

TEST(Header, DecodesWhatItEncodes) {
  const auto decoded = decode_header(encode_header(header()));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, header());
}

TEST(Header, IsAMapOfTwelveIntegerKeys) {
  const crypto::Bytes bytes = encode_header(header());
  EXPECT_EQ(crypto::to_hex(crypto::ByteSpan(bytes).first(14)), "ac016a746573742d636861696e02");
  EXPECT_TRUE(crypto::check_canonical(bytes).has_value());
}

TEST(Header, HashHasItsOwnDomain) {
  const crypto::Bytes bytes = encode_header(header());
  crypto::Bytes input = crypto::to_bytes(crypto::as_bytes("treeproof/header/v1"));
  input.push_back(0);
  input.insert(input.end(), bytes.begin(), bytes.end());
  EXPECT_EQ(header_hash(bytes), crypto::sha256(input));
}

TEST(Header, RefusesEveryPrefixATrailingByteAndAForeignKey) {
  crypto::Bytes bytes = encode_header(header());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_header(crypto::ByteSpan(bytes).first(size)).has_value());
  }
  crypto::Bytes foreign = bytes;
  foreign[1] = 0;
  EXPECT_EQ(decode_header(foreign).error(), crypto::CborError::unknown_field);
  bytes.push_back(0);
  EXPECT_EQ(decode_header(bytes).error(), crypto::CborError::trailing_bytes);
}

TEST(Header, RefusesAProposerThatIsNoName) {
  Header odd = header();
  odd.proposer = {"Desert NGO"};
  EXPECT_EQ(decode_header(encode_header(odd)).error(), crypto::CborError::out_of_range);
}

TEST(Block, DecodesWhatItEncodes) {
  Block block;
  block.header_bytes = encode_header(header());
  block.statements = {{1, 2, 3}, {4}, {}};
  block.evidence = {0x81, 0x01};
  block.previous_commit = {0x82, 0x01, 0x02};
  const auto decoded = decode_block(encode_block(block));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, block);
}

TEST(Block, WithoutStatementsHasEmptyEvidenceAndNoCommit) {
  Block block;
  block.header_bytes = encode_header(header());
  const auto decoded = decode_block(encode_block(block));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(evidence_hash(block), crypto::sha256(crypto::Bytes{0x82, 0x80, 0xf6}));
}

TEST(Block, RefusesMoreStatementBytesThanABlockHolds) {
  Block block;
  block.header_bytes = encode_header(header());
  block.statements.assign(kBlockStatementBytesMax / kStatementBytesMax + 1,
                          crypto::Bytes(kStatementBytesMax));
  EXPECT_EQ(decode_block(encode_block(block)).error(), crypto::CborError::too_long);
}

TEST(Block, RefusesEvidenceThatIsNoArray) {
  Block block;
  block.header_bytes = encode_header(header());
  block.evidence = {0xf6};
  EXPECT_EQ(decode_block(encode_block(block)).error(), crypto::CborError::wrong_type);
}

}  // namespace
}  // namespace treeproof::ledger
