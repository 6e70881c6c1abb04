#include "consensus/proofs/certificate.h"

#include <algorithm>

#include "consensus/types/limits.h"
#include "crypto/cbor.h"
#include "crypto/hash.h"

namespace treeproof::proofs {

namespace {

using crypto::Bytes;
using crypto::CborError;
using crypto::CborReader;
using crypto::CborWriter;

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kHeightMax = (std::uint64_t{1} << 63) - 1;
constexpr std::size_t kHeaderBytesMax = 1'024;
constexpr std::size_t kProofBytesMax = 65'536;
constexpr std::string_view kTextPrefix = "TP1:";

void write(CborWriter& out, const std::vector<crypto::Hash>& hashes) {
  out.array(hashes.size());
  for (const auto& hash : hashes) out.bytes(hash);
}

void write(CborWriter& out, const crypto::ReceiptBind& bind) {
  out.array(4).uint(bind.height).uint(bind.round).uint(bind.log_size).bytes(bind.header_hash);
}

void write(CborWriter& out, const std::vector<bft::CertificateSignature>& receipts) {
  out.array(receipts.size());
  for (const auto& receipt : receipts) {
    out.array(3).text(receipt.org).bytes(receipt.kid).bytes(receipt.signature);
  }
}

void write(CborWriter& out, const Status& status) {
  out.array(2).bytes(status.header).array(status.entries.size());
  for (const StatusEntry& entry : status.entries) {
    out.array(4).text(entry.name_space).text(entry.id);
    entry.value ? out.bytes(*entry.value) : out.null();
    out.bytes(entry.proof);
  }
}

void write(CborWriter& out, const SetChange& change) {
  out.array(4).bytes(change.header);
  write(out, change.bind);
  write(out, change.receipts);
  out.bytes(change.validators);
}

std::vector<crypto::Hash> read_hashes(CborReader& in) {
  std::vector<crypto::Hash> hashes;
  const std::size_t count = in.array(kPathHashesMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) hashes.push_back(in.hash());
  return hashes;
}

crypto::ReceiptBind read_bind(CborReader& in) {
  in.array_exact(4);
  crypto::ReceiptBind bind;
  bind.height = in.uint(kHeightMax);
  bind.round = static_cast<std::uint32_t>(in.uint(kRoundMax));
  bind.log_size = in.uint(kHeightMax);
  bind.header_hash = in.hash();
  return bind;
}

template <std::size_t kSize>
std::array<std::uint8_t, kSize> read_array(CborReader& in) {
  std::array<std::uint8_t, kSize> value{};
  const crypto::ByteSpan bytes = in.bytes_exact(kSize);
  if (in.ok()) std::ranges::copy(bytes, value.begin());
  return value;
}

std::vector<bft::CertificateSignature> read_receipts(CborReader& in) {
  std::vector<bft::CertificateSignature> receipts;
  const std::size_t count = in.array(kValidatorsMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.array_exact(3);
    bft::CertificateSignature receipt;
    receipt.org = in.text(kOrgIdCharsMax);
    receipt.kid = read_array<8>(in);
    receipt.signature = read_array<64>(in);
    receipts.push_back(std::move(receipt));
  }
  if (in.ok() && receipts.empty()) in.fail(CborError::out_of_range);
  return receipts;
}

Status read_status(CborReader& in) {
  in.array_exact(2);
  Status status;
  status.header = crypto::to_bytes(in.bytes(kHeaderBytesMax));
  const std::size_t count = in.array(kStatusEntriesMax);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    in.array_exact(4);
    StatusEntry entry;
    entry.name_space = in.text(48);
    entry.id = in.text(kTextBytesMax);
    if (in.next_is_null()) {
      in.null();
    } else {
      entry.value = crypto::to_bytes(in.bytes(kProofBytesMax));
    }
    entry.proof = crypto::to_bytes(in.bytes(kProofBytesMax));
    status.entries.push_back(std::move(entry));
  }
  return status;
}

SetChange read_set_change(CborReader& in) {
  in.array_exact(4);
  SetChange change;
  change.header = crypto::to_bytes(in.bytes(kHeaderBytesMax));
  change.bind = read_bind(in);
  change.receipts = read_receipts(in);
  change.validators = crypto::to_bytes(in.bytes(kProofBytesMax));
  return change;
}

Path read_log_path(CborReader& in) {
  in.array_exact(2);
  const std::uint64_t index = in.uint(kHeightMax);
  return {index, read_hashes(in)};
}

void read_optional_field(CborReader& in, std::uint64_t field, TreeCertificate& certificate) {
  if (field == 7) {
    in.array_exact(2);
    Opening opening{crypto::to_bytes(in.bytes(64)), {}};
    opening.reference = in.text(kTextBytesMax);
    if (in.ok() && opening.salt.size() < 16) in.fail(CborError::out_of_range);
    certificate.opening = std::move(opening);
  } else if (field == 8) {
    certificate.status = read_status(in);
  } else if (field == 9) {
    const std::size_t count = in.array(kSetChangesMax);
    if (in.ok() && count == 0) in.fail(CborError::out_of_range);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      certificate.set_changes.push_back(read_set_change(in));
    }
  } else {
    in.fail(CborError::unknown_field);
  }
}

}  // namespace

crypto::Hash commitment_of(const Opening& opening) {
  CborWriter out;
  out.array(2).bytes(opening.salt).text(opening.reference);
  return crypto::sha256(out.finish());
}

Bytes encode(const TreeCertificate& certificate) {
  const std::size_t optional = std::size_t{certificate.opening.has_value()} +
                               std::size_t{certificate.status.has_value()} +
                               std::size_t{!certificate.set_changes.empty()};
  CborWriter out;
  out.map(6 + optional).uint(1).uint(kVersion).uint(2).bytes(certificate.statement);
  out.uint(3).array(2).uint(certificate.log_path.index);
  write(out, certificate.log_path.hashes);
  out.uint(4);
  write(out, certificate.bind);
  out.uint(5);
  write(out, certificate.receipts);
  out.uint(6).array(3).bytes(certificate.link).uint(certificate.link_path.index);
  write(out, certificate.link_path.hashes);
  if (certificate.opening) {
    out.uint(7).array(2).bytes(certificate.opening->salt).text(certificate.opening->reference);
  }
  if (certificate.status) {
    out.uint(8);
    write(out, *certificate.status);
  }
  if (!certificate.set_changes.empty()) {
    out.uint(9).array(certificate.set_changes.size());
    for (const SetChange& change : certificate.set_changes) write(out, change);
  }
  return out.finish();
}

std::expected<TreeCertificate, CborError> decode_certificate(crypto::ByteSpan bytes) {
  if (bytes.size() > kCertificateBytesMax) return std::unexpected(CborError::too_long);
  CborReader in(bytes);
  TreeCertificate certificate;
  const std::size_t fields = in.map(9);
  const auto expect = [&](std::uint64_t field) {
    if (in.uint() != field) in.fail(CborError::unknown_field);
  };
  if (in.ok() && fields < 6) in.fail(CborError::unknown_field);
  expect(1);
  if (in.uint() != kVersion) in.fail(CborError::out_of_range);
  expect(2);
  certificate.statement = crypto::to_bytes(in.bytes(kStatementBytesMax));
  expect(3);
  certificate.log_path = read_log_path(in);
  expect(4);
  certificate.bind = read_bind(in);
  expect(5);
  certificate.receipts = read_receipts(in);
  expect(6);
  in.array_exact(3);
  certificate.link = crypto::to_bytes(in.bytes(kLeafBytesMax));
  certificate.link_path.index = in.uint(kHeightMax);
  certificate.link_path.hashes = read_hashes(in);
  for (std::size_t i = 6; i < fields && in.ok(); ++i) {
    read_optional_field(in, in.uint(), certificate);
  }
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  return certificate;
}

std::string to_text(crypto::ByteSpan certificate) {
  return std::string(kTextPrefix) + crypto::to_base45(certificate);
}

std::optional<Bytes> from_text(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  if (!text.starts_with(kTextPrefix)) return std::nullopt;
  return crypto::from_base45(text.substr(kTextPrefix.size()));
}

}  // namespace treeproof::proofs
