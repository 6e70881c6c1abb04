// The command line of what is checked: certificates, the whole chain, a node's folder.
#include <CLI/CLI.hpp>

#include "node/cli/audit_commands.h"
#include "node/cli/certificate_commands.h"
#include "node/cli/command_line.h"
#include "node/cli/command_line_options.h"
#include "node/cli/export_commands.h"
#include "node/cli/snapshot_commands.h"
#include "node/cli/store_commands.h"

namespace treeproof::cli {

namespace {

void add_certificate_reading(CommandLine& line, CLI::App& group) {
  auto get = std::make_shared<CertificateGetOptions>();
  CLI::App& getter =
      line.add(group, "get", "Fetch the certificate of a tree from a node", get, certificate_get);
  getter.add_option("TREE", get->tree, "The tree, org/ref#index; quote it, the shell knows # too")
      ->required();
  getter.add_option("--out", get->out, "The file to write; default: named after the tree");
  getter.add_flag("--with-status", get->with_status,
                  "With proofs of batch, plot and issuer as of the latest height");
  add_rpc_option(getter, get->rpc);
  auto refresh = std::make_shared<CertificateRefreshOptions>();
  CLI::App& refresher =
      line.add(group, "refresh", "Fetch the certificate in a file again, with its status as of now",
               refresh, certificate_refresh);
  refresher.add_option("FILE", refresh->file, "A .treecert file, which is replaced")->required();
  add_rpc_option(refresher, refresh->rpc);
  auto show = std::make_shared<CertificateShowOptions>();
  line.add(group, "show", "Show what a certificate says, unchecked", show, certificate_show)
      .add_option("FILE", show->file, "A .treecert file or TP1: text")
      ->required();
  auto verify = std::make_shared<CertificateVerifyOptions>();
  CLI::App& verifier = line.add(group, "verify",
                                "Check a certificate offline. Exit 0 valid, 1 not valid, 2 could "
                                "not check",
                                verify, certificate_verify);
  verifier.add_option("FILE", verify->file, "A .treecert file or TP1: text")->required();
  verifier.add_option("--trust", verify->trust, "The trust file; see `genesis trust`")->required();
  verifier.add_option("--opening", verify->opening,
                      "A JSON file {salt, reference}: shows that the tree is yours");
}

void add_certificate_making(CommandLine& line, CLI::App& group) {
  auto expand = std::make_shared<CertificateExpandOptions>();
  CLI::App& expander = line.add(group, "expand",
                                "Write the Transparent Statement of RFC 9943 with RFC 9942 "
                                "receipts, for other tools",
                                expand, certificate_expand);
  expander.add_option("FILE", expand->file, "A .treecert file or TP1: text")->required();
  expander.add_option("--out", expand->out, "The .cose file to write")->required();
  auto qr = std::make_shared<CertificateQrOptions>();
  CLI::App& coder = line.add(group, "qr", "Draw a certificate as a QR code", qr, certificate_qr);
  coder.add_option("FILE", qr->file, "A .treecert file or TP1: text")->required();
  coder.add_option("--svg", qr->svg, "Write an SVG file instead, for printing");
}

void add_audit(CommandLine& line) {
  auto options = std::make_shared<AuditOptions>();
  CLI::App& command = line.add(line.root(), "audit",
                               "Recompute the whole chain from its public log. Exit 0 clean, 1 "
                               "findings, 2 could not be done",
                               options, audit);
  command.add_option("--trust", options->trust, "The trust file")->required();
  CLI::Option* home =
      command.add_option("--home", options->home, "Read a stopped node's folder instead of --rpc");
  CLI::Option* genesis = command.add_option("--genesis", options->genesis, "The genesis file");
  home->needs(genesis);
  genesis->needs(home);
  command.add_option("--at", options->at, "Audit up to this height, or up to the end of this day");
  std::vector<std::string> names{"all"};
  for (const rpc::AuditKind& kind : rpc::audit_kinds()) names.emplace_back(kind.name);
  CLI::Option* report =
      command.add_option("--report", options->report, "Make and print this report only")
          ->capture_default_str()
          ->check(CLI::IsMember(names));
  command.add_option("--year", options->year, "The year that survival and issuance tell of");
  command.add_flag("--csv", options->csv, "The rows of the one report as CSV")->needs(report);
  add_rpc_option(command, options->rpc);
}

// What every export may be narrowed to.
CLI::App& add_export(CommandLine& line, CLI::App& group, const std::string& name,
                     const std::string& help, const std::shared_ptr<ExportOptions>& options,
                     ExitCode (*command)(const ExportOptions&, Console&)) {
  CLI::App& exporter = line.add(group, name, help, options, command);
  exporter.add_option("--out", options->out, "The file to write")->required();
  exporter.add_option("--at", options->at, "A height")->capture_default_str();
  exporter.add_option("--org", options->org, "Only of this organisation");
  exporter.add_option("--campaign", options->campaign, "Only of this campaign, org/ref");
  add_rpc_option(exporter, options->rpc);
  return exporter;
}

void add_exports(CommandLine& line) {
  CLI::App& group = line.add_group("export", "Documents for other people's tools");
  auto geojson = std::make_shared<ExportOptions>();
  add_export(line, group, "geojson", "Plots as GeoJSON in EUDR form", geojson, export_geojson)
      .add_option("--plot", geojson->plot, "Only this plot, org/ref");
  auto darwin = std::make_shared<ExportOptions>();
  CLI::App& archive =
      add_export(line, group, "darwincore", "Plantings and visits as a Darwin Core Archive", darwin,
                 export_darwincore);
  archive.get_option("--out")->description("The folder for event.csv, occurrence.csv and meta.xml");
  archive.add_option("--of", darwin->of, "plantings or visits; both where left out")
      ->check(CLI::IsMember({"plantings", "visits"}));
  auto csv = std::make_shared<ExportOptions>();
  CLI::App& rows = add_export(line, group, "csv", "The rows of an audit report", csv, export_csv);
  rows.add_option("--report", csv->report, "Its name: see `treeproof audit --help`")->required();
  rows.add_option("--plot", csv->plot, "Only this plot, where the report takes it");
  rows.add_option("--programme", csv->programme, "Only this one, where the report takes it");
  rows.add_option("--species", csv->species, "Only this code, where the report takes it");
  rows.add_option("--year", csv->year, "The year, where the report takes it");
}

void add_snapshot(CommandLine& line) {
  CLI::App& group = line.add_group("snapshot", "The state of a chain as one file");
  auto create = std::make_shared<SnapshotCreateOptions>();
  CLI::App& creator =
      line.add(group, "create", "Write the state of a stopped node with all that proves it", create,
               snapshot_create);
  creator.add_option("FILE", create->file, "The file to write")->required();
  creator.add_option("--home", create->home, "The node's folder")->required();
  creator.add_option("--genesis", create->genesis, "The genesis file")->required();
  auto restore = std::make_shared<SnapshotRestoreOptions>();
  CLI::App& restorer = line.add(group, "restore",
                                "Make a node's folder from a snapshot. Exit 0 every root holds, 1 "
                                "refused, 2 could not be done",
                                restore, snapshot_restore);
  restorer.add_option("FILE", restore->file, "The snapshot")->required();
  restorer.add_option("--home", restore->home, "The folder to make, new or empty")->required();
  restorer.add_option("--genesis", restore->genesis, "The genesis file")->required();
  restorer.add_option("--trust", restore->trust, "The trust file")->required();
}

}  // namespace

void add_proof_commands(CommandLine& line) {
  CLI::App& certificate = line.add_group("certificate", "The small file that proves one tree");
  add_certificate_reading(line, certificate);
  add_certificate_making(line, certificate);
  add_audit(line);
  add_exports(line);
  CLI::App& store = line.add_group("store", "A node's folder");
  auto check = std::make_shared<StoreCheckOptions>();
  CLI::App& checker = line.add(store, "check",
                               "Recompute a stopped node's folder from its own blocks, read its "
                               "journal and sign guard, and say what to do. Exit 0 whole, 1 "
                               "findings, 2 could not be done",
                               check, store_check);
  checker.add_option("--home", check->home, "The node's folder")->required();
  checker.add_option("--genesis", check->genesis, "The genesis file")->required();
  checker.add_option("--key", check->key, "The node's key file, beside its sign guard");
  add_snapshot(line);
}

}  // namespace treeproof::cli
