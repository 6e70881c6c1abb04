// The command line of what organisations make and sign: keys, genesis, attachments, records.
#include <CLI/CLI.hpp>

#include "node/cli/attachment_commands.h"
#include "node/cli/command_line.h"
#include "node/cli/command_line_options.h"
#include "node/cli/genesis_commands.h"
#include "node/cli/keys_commands.h"
#include "node/cli/payload_template.h"
#include "node/cli/record_commands.h"

namespace treeproof::cli {

namespace {

void add_keys(CommandLine& line) {
  CLI::App& group = line.add_group("keys", "Signing keys of an organisation");
  auto make = std::make_shared<KeysNewOptions>();
  CLI::App& fresh = line.add(group, "new",
                             "Make a key. With the role node its sign guard KEY.guard is made "
                             "too: keep both, and never copy them to two running nodes",
                             make, keys_new);
  fresh.add_option("--out", make->out, "The key file to write, readable by its owner only")
      ->required();
  fresh.add_option("--org", make->org, "The organisation: 1 to 16 of a-z, 0-9, -")->required();
  fresh
      .add_option("--role", make->roles,
                  "admin, issue, redeem, plant, verify, observe, dispute, node; repeat it or "
                  "separate by commas")
      ->required()
      ->delimiter(',');
  auto show = std::make_shared<KeysShowOptions>();
  line.add(group, "show", "Show a key file without its secret", show, keys_show)
      .add_option("FILE", show->file, "The key file")
      ->required();
}

void add_genesis(CommandLine& line) {
  CLI::App& group = line.add_group("genesis", "The file that a chain begins with");
  auto make = std::make_shared<GenesisNewOptions>();
  CLI::App& fresh = line.add(group, "new",
                             "Write a genesis file from a TOML description: chain_name, "
                             "validators, [[organisation]] with org, name, roles, keys (files), "
                             "[[species]], [parameters], [clock] for test chains",
                             make, genesis_new);
  fresh
      .add_option("DESCRIPTION", make->description,
                  "The description, TOML; docs/running.md \"Genesis\" shows one")
      ->required();
  fresh.add_option("--out", make->out, "The genesis file to write")->required();
  auto check = std::make_shared<GenesisCheckOptions>();
  line.add(group, "check", "Check a genesis file; show the chain's id and who takes part", check,
           genesis_check)
      .add_option("FILE", check->file, "The genesis file")
      ->required();
  auto trust = std::make_shared<GenesisTrustOptions>();
  CLI::App& trusted = line.add(group, "trust",
                               "Print the trust file of the first validators: all that checking "
                               "a certificate needs",
                               trust, genesis_trust);
  trusted.add_option("FILE", trust->file, "The genesis file")->required();
  trusted.add_option("--out", trust->out, "Write it to this file instead");
}

void add_attachment(CommandLine& line) {
  CLI::App& group = line.add_group("attachment", "Bulk data that travels beside a statement");
  auto options = std::make_shared<AttachmentBuildOptions>();
  CLI::App& build = line.add(group, "build",
                             "Build an attachment from JSON and print root, count and bytes for "
                             "the statement. Leaves are sorted as the rules ask",
                             options, attachment_build);
  build
      .add_option("--kind", options->kind,
                  "plant: [{lat, lon, species, day, size_mm, exact}]; geometry: [[[lat, lon], "
                  "...]] or a point [lat, lon]; runs: [{redeem, plant, species, count}]; replace: "
                  "[{from, from_tree, to, to_tree, count}]; redeem: "
                  "[[{commitment, "
                  "grams}]] or [[{reference, grams}]], one list per unit. Positions in 1e-7 "
                  "degrees, days since 1970-01-01")
      ->required()
      ->check(CLI::IsMember({"plant", "geometry", "runs", "replace", "redeem"}));
  build.add_option("FILE", options->file, "JSON; - is the input")->required();
  build.add_option("--out", options->out, "The .cbor file to write")->required();
  build.add_option("--openings", options->openings,
                   "redeem with references: where the users' salts go. Private");
}

void add_record_files(CommandLine& line, CLI::App& group) {
  auto make = std::make_shared<RecordNewOptions>();
  CLI::App& fresh =
      line.add(group, "new", "Print the template of a payload, or check one", make, record_new);
  fresh.add_option("--type", make->type, "One of " + joined(template_names()));
  fresh.add_option("--from", make->file, "Check this payload instead; - is the input");
  auto sign = std::make_shared<RecordSignOptions>();
  CLI::App& signer =
      line.add(group, "sign", "Sign a payload: hex on the output, or --out", sign, record_sign);
  signer.add_option("FILE", sign->file, "The payload, JSON; - is the input")->required();
  signer.add_option("--key", sign->key, "The key file")->required();
  signer.add_option("--chain", sign->chain, "The chain's id; without it the node is asked");
  signer.add_option("--issuer", sign->issuer, "Refuse a key of another organisation than this");
  signer.add_option("--issued-at", sign->issued_at_s, "Seconds since 1970 instead of now");
  signer.add_option("--out", sign->out, "Write the bytes to this file");
  add_rpc_option(signer, sign->rpc);
}

void add_record_calls(CommandLine& line, CLI::App& group) {
  auto check = std::make_shared<RecordCheckOptions>();
  CLI::App& checker =
      line.add(group, "check", "Ask a node which rules a signed statement passes; changes nothing",
               check, record_check);
  checker.add_option("FILE", check->file, "The statement, bytes or hex; - is the input")
      ->required();
  add_rpc_option(checker, check->rpc);
  auto submit = std::make_shared<RecordSubmitOptions>();
  CLI::App& sender = line.add(group, "submit", "Submit statements and wait for their receipts",
                              submit, record_submit);
  sender.add_option("FILE", submit->files, "Statements, in order; - is the input")->required();
  sender.add_option("--attachment", submit->attachments,
                    "Files of `attachment build` that the statements announce");
  add_rpc_option(sender, submit->rpc);
  add_wait_option(sender, submit->wait_ms);
  auto show = std::make_shared<RecordShowOptions>();
  CLI::App& shower =
      line.add(group, "show", "Show a record, a pending statement or a file", show, record_show);
  shower.add_option("WHAT", show->what, "org/ref, a statement id, or a file")->required();
  add_rpc_option(shower, show->rpc);
  auto consent = std::make_shared<RecordConsentOptions>();
  CLI::App& consenter = line.add(group, "consent",
                                 "Consent to a waiting statement (see inbox) or, as a verifier, "
                                 "to a plot's capacity",
                                 consent, record_consent);
  consenter.add_option("--id", consent->id, "The statement's id, 64 hex digits")->required();
  consenter.add_option("--key", consent->key, "The key file")->required();
  consenter.add_option("--ref", consent->ref, "The consent's own ref; default: made from the id");
  add_rpc_option(consenter, consent->rpc);
  add_wait_option(consenter, consent->wait_ms);
}

}  // namespace

void add_signing_commands(CommandLine& line) {
  add_keys(line);
  add_genesis(line);
  add_attachment(line);
  CLI::App& record = line.add_group("record", "Statements: from JSON to a record in the log");
  add_record_files(line, record);
  add_record_calls(line, record);
}

}  // namespace treeproof::cli
