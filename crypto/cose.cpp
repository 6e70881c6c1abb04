#include "crypto/cose.h"

#include <algorithm>

#include "crypto/cbor_head.h"
#include "crypto/hash.h"

namespace treeproof::crypto {

namespace {

constexpr std::uint64_t kTagSign1 = 18;
constexpr std::size_t kProtectedTextBytesMax = 128;
constexpr std::size_t kProtectedBytesMax = 1'024;
constexpr std::size_t kLabelsMax = 7;
constexpr std::size_t kClaimsMax = 4;

constexpr std::int64_t kLabelAlg = 1;
constexpr std::int64_t kLabelContentType = 3;
constexpr std::int64_t kLabelKid = 4;
constexpr std::int64_t kLabelClaims = 15;
constexpr std::int64_t kLabelTyp = 16;
constexpr std::int64_t kLabelVds = 395;

constexpr std::uint64_t kClaimIssuer = 1;
constexpr std::uint64_t kClaimSubject = 2;
constexpr std::uint64_t kClaimAudience = 3;
constexpr std::uint64_t kClaimIssuedAt = 6;

std::size_t claim_count(const ProtectedHeader& header) {
  return static_cast<std::size_t>(!header.issuer.empty()) + !header.subject.empty() +
         !header.audience.empty() + header.issued_at.has_value();
}

void write_claims(CborWriter& out, const ProtectedHeader& header) {
  out.integer(kLabelClaims).map(claim_count(header));
  if (!header.issuer.empty()) out.uint(kClaimIssuer).text(header.issuer);
  if (!header.subject.empty()) out.uint(kClaimSubject).text(header.subject);
  if (!header.audience.empty()) out.uint(kClaimAudience).text(header.audience);
  if (header.issued_at) out.uint(kClaimIssuedAt).uint(*header.issued_at);
}

void write_bind(CborWriter& out, const ReceiptBind& bind) {
  out.integer(kLabelVds).integer(kVdsRfc9162Sha256);
  out.integer(kReceiptBind).array(4);
  out.uint(bind.height).uint(bind.round).uint(bind.log_size).bytes(bind.header_hash);
}

std::string read_text(CborReader& in) {
  const std::string_view text = in.text(kProtectedTextBytesMax);
  if (text.empty()) in.fail(CborError::out_of_range);
  return std::string(text);
}

void read_claims(CborReader& in, ProtectedHeader& header) {
  const std::size_t claims = in.map(kClaimsMax);
  if (claims == 0) in.fail(CborError::unknown_field);
  for (std::size_t i = 0; i < claims && in.ok(); ++i) {
    switch (in.uint()) {
      case kClaimIssuer:
        header.issuer = read_text(in);
        break;
      case kClaimSubject:
        header.subject = read_text(in);
        break;
      case kClaimAudience:
        header.audience = read_text(in);
        break;
      case kClaimIssuedAt:
        header.issued_at = in.uint();
        break;
      default:
        in.fail(CborError::unknown_field);
    }
  }
}

ReceiptBind read_bind(CborReader& in) {
  ReceiptBind bind;
  in.array_exact(4);
  bind.height = in.uint();
  bind.round = static_cast<std::uint32_t>(in.uint(UINT32_MAX));
  bind.log_size = in.uint();
  bind.header_hash = in.hash();
  return bind;
}

struct SeenLabels {
  bool alg = false;
  bool kid = false;
  bool vds = false;
};

void read_label(CborReader& in, ProtectedHeader& header, SeenLabels& seen) {
  switch (in.integer()) {
    case kLabelAlg:
      in.integer(kAlgEs256k, kAlgEs256k);
      seen.alg = true;
      break;
    case kLabelContentType:
      header.content_type = read_text(in);
      break;
    case kLabelKid:
      std::ranges::copy(in.bytes_exact(header.kid.size()), header.kid.begin());
      seen.kid = true;
      break;
    case kLabelClaims:
      read_claims(in, header);
      break;
    case kLabelTyp:
      header.typ = read_text(in);
      break;
    case kLabelVds:
      in.integer(kVdsRfc9162Sha256, kVdsRfc9162Sha256);
      seen.vds = true;
      break;
    case kReceiptBind:
      header.bind = read_bind(in);
      break;
    default:
      in.fail(CborError::unknown_field);
  }
}

}  // namespace

Bytes encode(const ProtectedHeader& header) {
  const bool has_claims = claim_count(header) > 0;
  const std::size_t labels = 2 + std::size_t{!header.content_type.empty()} + has_claims +
                             !header.typ.empty() + (header.bind ? 2 : 0);
  CborWriter out;
  out.map(labels).integer(kLabelAlg).integer(kAlgEs256k);
  if (!header.content_type.empty()) out.integer(kLabelContentType).text(header.content_type);
  out.integer(kLabelKid).bytes(header.kid);
  if (has_claims) write_claims(out, header);
  if (!header.typ.empty()) out.integer(kLabelTyp).text(header.typ);
  if (header.bind) write_bind(out, *header.bind);
  return out.finish();
}

std::expected<ProtectedHeader, CborError> decode_protected(ByteSpan bytes) {
  CborReader in(bytes);
  ProtectedHeader header;
  SeenLabels seen;
  const std::size_t labels = in.map(kLabelsMax);
  for (std::size_t i = 0; i < labels && in.ok(); ++i) read_label(in, header, seen);
  const bool complete = seen.alg && seen.kid && seen.vds == header.bind.has_value();
  if (in.ok() && !complete) in.fail(CborError::unknown_field);
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  return header;
}

Hash sig_structure_hash(ByteSpan protected_header, ByteSpan payload) {
  constexpr std::string_view kContext = "\x84\x6ASignature1";  // array of 4, text of 10
  constexpr std::string_view kNoExternalAad = "\x40";
  constexpr std::uint8_t kByteString = 2;
  const CborHead protected_head(kByteString, protected_header.size());
  const CborHead payload_head(kByteString, payload.size());
  return sha256({as_bytes(kContext), protected_head.bytes(), protected_header,
                 as_bytes(kNoExternalAad), payload_head.bytes(), payload});
}

std::expected<Sign1View, CborError> decode_sign1(ByteSpan bytes, std::size_t payload_bytes_max,
                                                 Unprotected unprotected) {
  CborReader in(bytes);
  Sign1View view;
  in.tag(kTagSign1);
  in.array_exact(4);
  view.protected_header = in.bytes(kProtectedBytesMax);
  if (in.ok() && in.peek() != CborKind::map) in.fail(CborError::wrong_type);
  view.unprotected = in.item();
  if (in.ok() && unprotected == Unprotected::must_be_empty && view.unprotected.size() != 1) {
    in.fail(CborError::unknown_field);
  }
  if (in.next_is_null()) {
    in.null();
  } else {
    view.payload = in.bytes(payload_bytes_max);
  }
  std::ranges::copy(in.bytes_exact(view.signature.size()), view.signature.begin());
  if (auto end = in.finish(); !end) return std::unexpected(end.error());
  return view;
}

Bytes encode_sign1(ByteSpan protected_header, ByteSpan payload, const Signature& signature) {
  CborWriter out(protected_header.size() + payload.size() + signature.size() + 16);
  out.tag(kTagSign1).array(4).bytes(protected_header).map(0).bytes(payload).bytes(signature);
  return out.finish();
}

Bytes encode_sign1_detached(ByteSpan protected_header, ByteSpan unprotected,
                            const Signature& signature) {
  CborWriter out(protected_header.size() + unprotected.size() + signature.size() + 16);
  out.tag(kTagSign1).array(4).bytes(protected_header).raw(unprotected).null().bytes(signature);
  return out.finish();
}

}  // namespace treeproof::crypto
