#include "node/cli/certificate_commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "consensus/ledger/statement.h"
#include "node/cli/certificate_file.h"
#include "node/cli/files.h"
#include "node/cli/rpc_client.h"
#include "node/cli/trust_file.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

std::string file_name_of(const std::string& tree) {
  std::string name = tree;
  std::ranges::replace_if(name, [](char c) { return c == '/' || c == '#'; }, '-');
  return name + ".treecert";
}

Result<proofs::TreeCertificate> read_certificate(const std::string& file) {
  const auto bytes = read_certificate_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  auto certificate = proofs::decode_certificate(*bytes);
  if (certificate) return *std::move(certificate);
  return fail("\"" + file + "\" is no tree certificate: " +
                  std::string(crypto::to_string(certificate.error())) + ".",
              "Fetch it again with `treeproof certificate get`.");
}

Result<crypto::Bytes> fetch(const CertificateGetOptions& options) {
  if (!ledger::MemberId::check(options.tree)) {
    return fail("\"" + options.tree + "\" is no tree.", "Name it as org/ref#index.");
  }
  auto client = RpcClient::open(options.rpc);
  if (!client) return std::unexpected(client.error());
  const std::string query = options.with_status ? "?status=1" : "";
  auto bytes = client->get("/certificate/" + percent_encoded(options.tree) + ".treecert" + query,
                           proofs::kCertificateBytesMax);
  const bool is_unknown = !bytes && bytes.error().code == ExitCode::negative;
  if (!is_unknown) return bytes;
  return deny("There is no certificate of " + options.tree + ": no unit holds this tree.",
              "See `treeproof record show` for its batch; trees are given away by allocate.");
}

Result<crypto::Bytes> with_opening(crypto::Bytes certificate, const std::string& opening_file) {
  const auto opening = read_opening_file(opening_file);
  if (!opening) return std::unexpected(opening.error());
  auto decoded = proofs::decode_certificate(certificate);
  if (!decoded) return certificate;  // the verdict says so
  decoded->opening = *opening;
  return proofs::encode(*decoded);
}

}  // namespace

ExitCode certificate_get(const CertificateGetOptions& options, Console& console) {
  const auto bytes = fetch(options);
  if (!bytes) return console.report(bytes.error());
  const std::string file = options.out.empty() ? file_name_of(options.tree) : options.out;
  if (auto written = write_file(file, *bytes); !written) return console.report(written.error());
  if (console.wants_json()) {
    console.print_json({{"tree", options.tree}, {"file", file}, {"bytes", bytes->size()}});
  } else {
    console.out() << file << ": " << bytes->size() << " bytes\n"
                  << "Check it offline: treeproof certificate verify " << file
                  << " --trust TRUST.json\n";
  }
  return ExitCode::ok;
}

ExitCode certificate_show(const CertificateShowOptions& options, Console& console) {
  const auto certificate = read_certificate(options.file);
  if (!certificate) return console.report(certificate.error());
  std::string receipts;
  Json signers = Json::array();
  for (const auto& receipt : certificate->receipts) {
    receipts += (receipts.empty() ? "" : ", ") + receipt.org;
    signers.push_back(receipt.org);
  }
  const auto link = ledger::decode<ledger::LinkLeaf>(certificate->link);
  const crypto::ReceiptBind& bind = certificate->bind;
  const std::size_t entries = certificate->status ? certificate->status->entries.size() : 0;
  if (console.wants_json()) {
    console.print_json({{"tree", link ? Json(link->tree.text) : Json()},
                        {"height", std::to_string(bind.height)},
                        {"round", bind.round},
                        {"log_size", std::to_string(bind.log_size)},
                        {"log_index", std::to_string(certificate->log_path.index)},
                        {"header_hash", crypto::to_hex(bind.header_hash)},
                        {"receipts", signers},
                        {"status_entries", entries},
                        {"set_changes", certificate->set_changes.size()},
                        {"has_opening", certificate->opening.has_value()},
                        {"text", proofs::to_text(proofs::encode(*certificate))}});
    return ExitCode::ok;
  }
  print_facts(console.out(),
              {{"tree", link ? link->tree.text : "(its link is malformed)"},
               {"species", link ? link->species.text : ""},
               {"height", std::to_string(bind.height) + ", round " + std::to_string(bind.round)},
               {"log", "entry " + std::to_string(certificate->log_path.index) + " of " +
                           std::to_string(bind.log_size)},
               {"header", crypto::to_hex(bind.header_hash)},
               {"receipts", receipts},
               {"status", std::to_string(entries) + " state proofs"},
               {"set changes", std::to_string(certificate->set_changes.size())},
               {"opening", certificate->opening ? "yes: a private copy" : "no"},
               {"statement", std::to_string(certificate->statement.size()) + " bytes"}});
  console.out() << "Nothing of this was checked: see `treeproof certificate verify`.\n";
  return ExitCode::ok;
}

ExitCode certificate_verify(const CertificateVerifyOptions& options, Console& console) {
  const auto trust = read_trust_file(options.trust);
  if (!trust) return console.report(trust.error());
  auto certificate = read_certificate_file(options.file);
  if (certificate && options.opening) {
    certificate = with_opening(*std::move(certificate), *options.opening);
  }
  if (!certificate) return console.report(certificate.error());
  const proofs::Verdict verdict = proofs::verify(*certificate, *trust);
  print_verdict(verdict, console);
  return verdict.valid ? ExitCode::ok : ExitCode::negative;
}

ExitCode certificate_refresh(const CertificateRefreshOptions& options, Console& console) {
  const auto held = read_certificate(options.file);
  if (!held) return console.report(held.error());
  const auto link = ledger::decode<ledger::LinkLeaf>(held->link);
  if (!link) {
    return console.report({"\"" + options.file + "\" does not say which tree it is of.",
                           "Fetch it again with `treeproof certificate get`."});
  }
  auto bytes = fetch({link->tree.text, options.rpc, {}, true});
  if (!bytes) return console.report(bytes.error());
  auto fresh = proofs::decode_certificate(*bytes);
  if (!fresh) {
    return console.report({"The node's answer is no tree certificate: " +
                               std::string(crypto::to_string(fresh.error())) + ".",
                           "Ask another node, by --rpc."});
  }
  fresh->opening = held->opening;
  const crypto::Bytes whole = proofs::encode(*fresh);
  if (auto written = write_file(options.file, whole, Replace::always); !written) {
    return console.report(written.error());
  }
  if (console.wants_json()) {
    console.print_json(
        {{"tree", link->tree.text}, {"file", options.file}, {"bytes", whole.size()}});
  } else {
    console.out() << options.file << ": " << whole.size() << " bytes, of " << link->tree.text
                  << " as it is now\n";
  }
  return ExitCode::ok;
}

ExitCode certificate_expand(const CertificateExpandOptions& options, Console& console) {
  const auto certificate = read_certificate(options.file);
  if (!certificate) return console.report(certificate.error());
  const auto statement = transparent_statement(*certificate);
  if (!statement) return console.report(statement.error());
  if (auto written = write_file(options.out, *statement); !written) {
    return console.report(written.error());
  }
  if (console.wants_json()) {
    console.print_json({{"file", options.out},
                        {"bytes", statement->size()},
                        {"receipts", certificate->receipts.size()}});
  } else {
    console.out() << options.out << ": a Transparent Statement of " << statement->size()
                  << " bytes with " << certificate->receipts.size() << " receipts\n";
  }
  return ExitCode::ok;
}

ExitCode certificate_qr(const CertificateQrOptions& options, Console& console) {
  const auto bytes = read_certificate_file(options.file);
  if (!bytes) return console.report(bytes.error());
  const auto code = qr_code(*bytes);
  if (!code) return console.report(code.error());
  if (options.svg) {
    const std::string svg = qr_svg(*code);
    if (auto written = write_file(*options.svg, crypto::as_bytes(svg)); !written) {
      return console.report(written.error());
    }
  }
  const std::string text = proofs::to_text(*bytes);
  if (console.wants_json()) {
    console.print_json({{"text", text},
                        {"characters", text.size()},
                        {"modules", code->size},
                        {"svg", options.svg ? Json(*options.svg) : Json()}});
  } else if (options.svg) {
    console.out() << *options.svg << ": " << code->size << " x " << code->size << " modules, "
                  << text.size() << " characters\n";
  } else {
    console.out() << qr_text(*code);
  }
  return ExitCode::ok;
}

}  // namespace treeproof::cli
