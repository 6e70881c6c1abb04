#include "node/cli/certificate_file.h"

#include <cassert>
#include <nlohmann/json.hpp>
#include <qrcodegen/QrCode.hpp>

#include "consensus/bft/messages.h"
#include "consensus/types/limits.h"
#include "node/cli/files.h"
#include "rpc/json_input.h"

namespace treeproof::cli {

namespace {

constexpr std::size_t kFileBytesMax = 2 * proofs::kCertificateBytesMax;
constexpr std::size_t kOpeningBytesMax = 4'096;
constexpr std::int64_t kLabelReceipts = 394;
constexpr std::int64_t kLabelProofs = 396;
constexpr std::int64_t kInclusionProof = -1;
constexpr int kQuietModules = 4;

std::unexpected<Failure> no_statement() {
  return fail("The certificate holds no well-formed statement.",
              "Fetch it again with `treeproof certificate get`.");
}

// The protected header of a receipt, rebuilt from what the certificate keeps of it.
crypto::Bytes receipt_header(const proofs::TreeCertificate& certificate,
                             const bft::CertificateSignature& receipt,
                             const std::string& chain_id) {
  bft::Vote vote;
  vote.type = bft::VoteType::precommit;
  vote.height = {certificate.bind.height};
  vote.round = {static_cast<std::int32_t>(certificate.bind.round)};
  vote.value = bft::BlockId{certificate.bind.header_hash, certificate.bind.log_size, {}};
  vote.org = receipt.org;
  vote.kid = receipt.kid;
  vote.signature = receipt.signature;
  const crypto::Bytes encoded = bft::encode(vote, chain_id);
  crypto::CborReader in(encoded);
  in.array_exact(2);
  const auto view = crypto::decode_sign1(in.item(), 0, crypto::Unprotected::any);
  assert(view.has_value());
  return crypto::to_bytes(view->protected_header);
}

crypto::Bytes inclusion_header(const proofs::TreeCertificate& certificate) {
  crypto::CborWriter proof;
  proof.array(3).uint(certificate.bind.log_size).uint(certificate.log_path.index);
  proof.array(certificate.log_path.hashes.size());
  for (const crypto::Hash& hash : certificate.log_path.hashes) proof.bytes(hash);
  const crypto::Bytes encoded = proof.finish();
  crypto::CborWriter out;
  out.map(1).integer(kLabelProofs).map(1).integer(kInclusionProof).array(1).bytes(encoded);
  return out.finish();
}

}  // namespace

Result<crypto::Bytes> read_certificate_file(const std::filesystem::path& file) {
  auto bytes = read_file(file, kFileBytesMax);
  if (!bytes) return bytes;
  const std::string_view text = crypto::as_text(*bytes);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool is_text = start != std::string_view::npos && text.substr(start).starts_with("TP1:");
  if (!is_text) return bytes;
  auto decoded = proofs::from_text(text);
  if (decoded) return *std::move(decoded);
  return fail("\"" + file.string() + "\" begins with TP1: but is not Base45 text.",
              "Scan the code again, or fetch the file with `treeproof certificate get`.");
}

Result<proofs::Opening> read_opening_file(const std::filesystem::path& file) {
  const auto text = read_text(file, kOpeningBytesMax);
  if (!text) return std::unexpected(text.error());
  const auto json = rpc::parse_json(*text);
  proofs::Opening opening;
  std::string problem = json ? "" : rpc::to_string(json.error());
  if (json) {
    rpc::JsonInput in(*json);
    in.object();
    if (in.require("salt")) {
      opening.salt = in.bytes(64);
      in.leave();
    }
    if (in.require("reference")) {
      opening.reference = in.text();
      in.leave();
    }
    in.no_other_keys();
    if (!in.ok()) problem = rpc::to_string(in.fault());
  }
  if (problem.empty()) return opening;
  return fail("\"" + file.string() + "\" is no opening: " + problem + ".",
              "Give the JSON {\"salt\": hex, \"reference\": text} that the platform handed out.");
}

Result<crypto::Bytes> transparent_statement(const proofs::TreeCertificate& certificate) {
  const auto view = crypto::decode_sign1(certificate.statement, kStatementBytesMax,
                                         crypto::Unprotected::must_be_empty);
  if (!view || !view->payload) return no_statement();
  const auto header = crypto::decode_protected(view->protected_header);
  if (!header || certificate.bind.round > kRoundMax) return no_statement();
  const crypto::Bytes proof = inclusion_header(certificate);
  crypto::CborWriter out(certificate.statement.size() + 4'096);
  out.tag(18).array(4).bytes(view->protected_header);
  out.map(1).integer(kLabelReceipts).array(certificate.receipts.size());
  for (const bft::CertificateSignature& receipt : certificate.receipts) {
    const crypto::Bytes protected_header = receipt_header(certificate, receipt, header->audience);
    out.bytes(crypto::encode_sign1_detached(protected_header, proof, receipt.signature));
  }
  out.bytes(*view->payload).bytes(view->signature);
  return out.finish();
}

bool QrCode::is_dark(int x, int y) const noexcept {
  if (x < 0 || y < 0 || x >= size || y >= size) return false;
  return dark[static_cast<std::size_t>(y * size + x)] != 0;
}

Result<QrCode> qr_code(crypto::ByteSpan certificate) {
  const std::string text = proofs::to_text(certificate);
  try {
    const std::vector segments{qrcodegen::QrSegment::makeAlphanumeric(text.c_str())};
    const auto made =
        qrcodegen::QrCode::encodeSegments(segments, qrcodegen::QrCode::Ecc::LOW, 1, 40, -1, false);
    QrCode code{made.getSize(), {}};
    for (int y = 0; y < code.size; ++y) {
      for (int x = 0; x < code.size; ++x) code.dark.push_back(made.getModule(x, y) ? 1 : 0);
    }
    return code;
  } catch (const qrcodegen::data_too_long&) {
    return fail("The certificate is too large for one QR code: " + std::to_string(text.size()) +
                    " characters of at most 4,296.",
                "Fetch it without --with-status, or hand out the file.");
  }
}

std::string qr_text(const QrCode& code) {
  std::string text;
  const int end = code.size + kQuietModules;
  for (int y = -kQuietModules; y < end; y += 2) {
    for (int x = -kQuietModules; x < end; ++x) {
      const bool upper_light = !code.is_dark(x, y);
      const bool lower_light = !code.is_dark(x, y + 1);
      text += upper_light ? (lower_light ? "█" : "▀") : (lower_light ? "▄" : " ");
    }
    text += '\n';
  }
  return text;
}

std::string qr_svg(const QrCode& code) {
  const std::string side = std::to_string(code.size + 2 * kQuietModules);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\">\n<rect width=\"100%\" height=\"100%\" "
                    "fill=\"#fff\"/>\n<path fill=\"#000\" d=\"";
  for (int y = 0; y < code.size; ++y) {
    for (int x = 0; x < code.size; ++x) {
      if (!code.is_dark(x, y)) continue;
      int run = 1;
      while (code.is_dark(x + run, y)) ++run;
      svg += "M" + std::to_string(x + kQuietModules) + "," + std::to_string(y + kQuietModules) +
             "h" + std::to_string(run) + "v1h-" + std::to_string(run) + "z";
      x += run;
    }
  }
  return svg + "\"/>\n</svg>\n";
}

}  // namespace treeproof::cli
