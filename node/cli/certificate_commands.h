// `treeproof certificate get|show|verify|refresh|expand|qr`. Only `get` and `refresh` ask a node.
// Own no judgement (consensus/proofs/verify.h). Called by main; tests.
// Source: docs/running.md "Certificates"; docs/protocol.md section 8.
#pragma once

#include <optional>
#include <string>

#include "consensus/proofs/verify.h"
#include "node/cli/console.h"

namespace treeproof::cli {

struct CertificateGetOptions {
  std::string tree;  // "org/ref#index"
  std::string rpc;
  std::string out;  // empty: named after the tree
  bool with_status = false;
};
ExitCode certificate_get(const CertificateGetOptions& options, Console& console);

struct CertificateShowOptions {
  std::string file;
};
// What the file says, believed or not.
ExitCode certificate_show(const CertificateShowOptions& options, Console& console);

struct CertificateVerifyOptions {
  std::string file;
  std::string trust;
  std::optional<std::string> opening;
};
// Offline. 0: valid; 1: not valid; 2: could not check.
ExitCode certificate_verify(const CertificateVerifyOptions& options, Console& console);

struct CertificateRefreshOptions {
  std::string file;
  std::string rpc;
};
// The same tree as of now, with its status; an opening in the file stays in it.
ExitCode certificate_refresh(const CertificateRefreshOptions& options, Console& console);

struct CertificateExpandOptions {
  std::string file;
  std::string out;
};
// The Transparent Statement of RFC 9943, for tools that know nothing of certificates.
ExitCode certificate_expand(const CertificateExpandOptions& options, Console& console);

struct CertificateQrOptions {
  std::string file;
  std::optional<std::string> svg;
};
ExitCode certificate_qr(const CertificateQrOptions& options, Console& console);

// Every check with its outcome, then what the checks prove, in words for a citizen.
void print_verdict(const proofs::Verdict& verdict, Console& console);

}  // namespace treeproof::cli
