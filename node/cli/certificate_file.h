// Certificates on disk, in either of their forms, and what can be made from one without any node:
// the standard Transparent Statement and a QR code.
// Owns no judgement (consensus/proofs/verify.h). Callers: certificate commands, demo. Any thread.
// Source: docs/protocol.md section 8; RFC 9942; RFC 9943.
#pragma once

#include <filesystem>
#include <string>

#include "consensus/proofs/certificate.h"
#include "node/cli/outcome.h"

namespace treeproof::cli {

// The CBOR of a certificate; "TP1:" text is turned into it. Its form is not looked at.
Result<crypto::Bytes> read_certificate_file(const std::filesystem::path& file);
// {"salt": hex, "reference": text}.
Result<proofs::Opening> read_opening_file(const std::filesystem::path& file);

// The statement with its receipts in the unprotected header {394: [receipt, ...]}, each receipt
// with the inclusion proof {396: {-1: [<<[log size, index, path]>>]}}. Signatures are not checked.
Result<crypto::Bytes> transparent_statement(const proofs::TreeCertificate& certificate);

// Refuses what does not fit one code (version 40-L).
struct QrCode {
  int size = 0;                    // modules on a side, without the quiet zone
  std::vector<std::uint8_t> dark;  // row by row, 1 where dark
  bool is_dark(int x, int y) const noexcept;
};
Result<QrCode> qr_code(crypto::ByteSpan certificate);
// Two rows of modules per line, light on dark, with the quiet zone of four modules.
std::string qr_text(const QrCode& code);
std::string qr_svg(const QrCode& code);

}  // namespace treeproof::cli
