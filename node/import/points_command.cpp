#include "node/import/points_command.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/answers.h"
#include "node/cli/files.h"
#include "node/import/csv_files.h"
#include "node/import/import_report.h"
#include "node/import/points_vault.h"

namespace treeproof::import {

namespace {

using rpc::Json;

cli::Result<void> check_issue(const std::string& issue) {
  if (ledger::ObjectId::check(issue)) return {};
  return cli::fail("\"" + issue + "\" names no statement.",
                   "Give --issue as org/ref: the organisation and the ref of the issue_points.");
}

cli::Result<SealedFolder> open_vault(const std::string& folder, const std::string& key_file) {
  auto key = VaultKey::read(key_file);
  if (!key) return std::unexpected(key.error());
  return SealedFolder::open(folder, *std::move(key));
}

// "grams_malformed 2, user_repeated 1".
std::string counted(const Refusals& refusals) {
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : refusals.by_reason()) {
    reasons.push_back(reason + " " + std::to_string(count));
  }
  return cli::joined(reasons);
}

// All rows or none: what was left out of a period could never be issued for it.
cli::Result<Accounts> read_accounts(const PointsRootOptions& options, cli::Console& console) {
  const auto mapping = read_mapping(options.map);
  if (!mapping) return std::unexpected(mapping.error());
  if (!mapping->user || !mapping->grams) {
    return cli::fail("The mapping lacks user or grams.",
                     "Name the columns of both; docs/importing.md has an example.");
  }
  Refusals refusals;
  AccountIntake intake(*mapping, refusals);
  const auto read = read_each(
      options.files,
      [&](std::istream& in, const std::string& name) { return intake.read(in, name); }, console);
  if (!read) return std::unexpected(read.error());
  if (auto written = write_refused(refusals, options.refused); !written) {
    return std::unexpected(written.error());
  }
  if (refusals.count() > 0) {
    return cli::deny("Rows were refused: " + counted(refusals) + ".",
                     "Correct them, --refused FILE lists where: a period is issued once, whole.");
  }
  Accounts accounts = std::move(intake).finish();
  if (!accounts.accounts.empty()) return accounts;
  return cli::deny("No row has any points.", "Check the files, and the column of grams.");
}

struct Sealed {
  SealedIssue issue;
  bool is_fresh = false;
};

// As the vault has it; else with fresh salts, which then lie in it.
cli::Result<Sealed> seal(const SealedFolder& vault, const std::string& issue, Accounts accounts) {
  auto found = find_issue(vault, issue);
  if (!found) return std::unexpected(found.error());
  if (!*found) {
    SealedIssue fresh = with_fresh_salts(issue, accounts.accounts);
    if (auto put = put_issue(vault, fresh); !put) return std::unexpected(put.error());
    return Sealed{std::move(fresh), true};
  }
  std::vector<Account> before;
  for (const SealedAccount& sealed : (*found)->accounts) before.push_back(sealed.account);
  std::ranges::sort(before);
  std::ranges::sort(accounts.accounts);
  if (before == accounts.accounts) return Sealed{**std::move(found), false};
  return cli::deny("The vault has other accounts of " + issue + ".",
                   "Take another ref; if that was never recorded, remove its .points file.");
}

void print_root(const Sealed& sealed, const crypto::SumTree& tree, std::uint64_t without_points,
                cli::Console& console) {
  const std::string root = crypto::to_hex(tree.root().hash);
  const std::string salts = sealed.is_fresh ? "fresh" : "sealed";
  if (console.wants_json()) {
    console.print_json({{"issue", sealed.issue.issue},
                        {"accounts", std::to_string(tree.count())},
                        {"grams", std::to_string(tree.root().sum)},
                        {"root", root},
                        {"without_points", std::to_string(without_points)},
                        {"salts", salts}});
    return;
  }
  cli::print_facts(console.out(), {{"issue", sealed.issue.issue},
                                   {"accounts", std::to_string(tree.count())},
                                   {"grams", std::to_string(tree.root().sum)},
                                   {"root", root},
                                   {"without points", std::to_string(without_points)},
                                   {"salts", salts}});
}

cli::Result<proofs::PointsProof> make_proof(const PointsProveOptions& options) {
  if (auto checked = check_issue(options.issue); !checked) return std::unexpected(checked.error());
  if (!std::filesystem::is_directory(options.vault)) {
    return cli::fail("There is no vault \"" + options.vault + "\".",
                     "Give the folder of `treeproof points root`.");
  }
  const auto vault = open_vault(options.vault, options.vault_key);
  if (!vault) return std::unexpected(vault.error());
  const auto issue = find_issue(*vault, options.issue);
  if (!issue) return std::unexpected(issue.error());
  if (!*issue) {
    return cli::deny("The vault holds no accounts of " + options.issue + ".",
                     "Was `treeproof points root` run for it, with this vault?");
  }
  const auto tree = tree_of(**issue);
  if (!tree) return std::unexpected(tree.error());
  auto proof = proof_of(**issue, *tree, options.user);
  if (proof) return *std::move(proof);
  return cli::deny("The vault has no points of this user in " + options.issue + ".",
                   "Give the user as the column of users had it.");
}

cli::Result<proofs::PointsProof> read_proof(const std::string& file) {
  const auto bytes = cli::read_file(file, proofs::kPointsProofBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  auto proof = proofs::decode_points_proof(*bytes);
  if (proof) return *std::move(proof);
  return cli::deny("\"" + file + "\" is no proof of points: " +
                       std::string(crypto::to_string(proof.error())) + ".",
                   "Ask whoever issued the points for the file again.");
}

struct Shown {
  ledger::IssuePoints issue;
  std::string height;
};

// What a node says that was recorded.
cli::Result<Shown> record_of_node(const std::string& url, const std::string& issue) {
  auto node = cli::RpcClient::open(url);
  if (!node) return std::unexpected(node.error());
  const auto answer = node->call("record_get", Json{{"id", issue}});
  if (!answer) return std::unexpected(answer.error());
  if (cli::text_at(*answer, "type") != ledger::IssuePoints::kName) {
    return cli::deny(issue + " is a " + cli::text_at(*answer, "type") + ", no issue_points.",
                     "Ask whoever issued the points for the file again.");
  }
  const Json& payload = answer->at("payload");
  Shown shown;
  shown.height = cli::text_at(answer->at("record"), "height");
  shown.issue.programme = {cli::text_at(payload, "programme")};
  shown.issue.series = {cli::text_at(payload, "series")};
  shown.issue.from_day = payload.at("from_day").get<std::int32_t>();
  shown.issue.to_day = payload.at("to_day").get<std::int32_t>();
  shown.issue.accounts = cli::number_at(payload, "accounts");
  shown.issue.grams = cli::number_at(payload, "grams");
  shown.issue.root = cli::hash_at(payload, "root");
  return shown;
}

void print_verdict_json(const proofs::PointsProof& proof, const Shown& shown,
                        const proofs::PointsVerdict& verdict, cli::Console& console) {
  Json checks = Json::array();
  for (const proofs::PointsCheck& check : verdict.checks) {
    checks.push_back({{"check", proofs::name(check.name)},
                      {"state", proofs::name(check.state)},
                      {"detail", check.detail}});
  }
  console.print_json({{"holds", verdict.holds},
                      {"checks", std::move(checks)},
                      {"reference", proof.reference},
                      {"grams", std::to_string(proof.grams)},
                      {"issue", proof.issue.text},
                      {"height", shown.height},
                      {"programme", shown.issue.programme.text},
                      {"series", shown.issue.series.text},
                      {"from_day", shown.issue.from_day},
                      {"to_day", shown.issue.to_day}});
}

void print_verdict(const proofs::PointsProof& proof, const Shown& shown,
                   const proofs::PointsVerdict& verdict, const std::string& url,
                   cli::Console& console) {
  if (console.wants_json()) return print_verdict_json(proof, shown, verdict, console);
  const ledger::IssuePoints& issue = shown.issue;
  cli::Facts facts{
      {"user", cli::printable(proof.reference)},
      {"points", std::to_string(proof.grams) + " g"},
      {"issue", proof.issue.text + ", height " + cli::printable(shown.height)},
      {"programme", cli::printable(issue.programme.text + ", series " + issue.series.text)},
      {"period", cli::day_text(issue.from_day) + " to " + cli::day_text(issue.to_day)}};
  for (const proofs::PointsCheck& check : verdict.checks) {
    facts.emplace_back(proofs::name(check.name),
                       std::string(proofs::name(check.state)) + ": " + check.detail);
  }
  cli::print_facts(console.out(), facts);
  console.out() << (verdict.holds ? "HOLDS" : "DOES NOT HOLD") << ", if the record is as " << url
                << " says: a node that you trust, or `treeproof audit`, shows that.\n";
}

}  // namespace

cli::ExitCode points_root(const PointsRootOptions& options, cli::Console& console) {
  if (auto checked = check_issue(options.issue); !checked) return console.report(checked.error());
  auto accounts = read_accounts(options, console);
  if (!accounts) return console.report(accounts.error());
  const std::uint64_t without_points = accounts->without_points;
  const auto vault = open_vault(options.vault, options.vault_key);
  if (!vault) return console.report(vault.error());
  const auto sealed = seal(*vault, options.issue, *std::move(accounts));
  if (!sealed) return console.report(sealed.error());
  const auto tree = tree_of(sealed->issue);
  if (!tree) return console.report(tree.error());
  print_root(*sealed, *tree, without_points, console);
  return cli::ExitCode::ok;
}

cli::ExitCode points_prove(const PointsProveOptions& options, cli::Console& console) {
  const auto proof = make_proof(options);
  if (!proof) return console.report(proof.error());
  const crypto::Bytes bytes = proofs::encode(*proof);
  auto written = cli::write_file(options.out, bytes, cli::Replace::never, cli::Privacy::owner);
  if (!written) return console.report(written.error());
  if (console.wants_json()) {
    console.print_json({{"file", options.out},
                        {"bytes", bytes.size()},
                        {"issue", proof->issue.text},
                        {"grams", std::to_string(proof->grams)}});
  } else {
    console.out() << options.out << ": " << bytes.size() << " bytes, for this user alone\n"
                  << "Check it: treeproof points verify " << options.out << "\n";
  }
  return cli::ExitCode::ok;
}

cli::ExitCode points_verify(const PointsVerifyOptions& options, cli::Console& console) {
  const auto proof = read_proof(options.file);
  if (!proof) return console.report(proof.error());
  const auto shown = record_of_node(options.rpc, proof->issue.text);
  if (!shown) return console.report(shown.error());
  const auto verdict = proofs::check_points(proofs::claim_of(*proof), shown->issue);
  print_verdict(*proof, *shown, verdict, options.rpc, console);
  return verdict.holds ? cli::ExitCode::ok : cli::ExitCode::negative;
}

}  // namespace treeproof::import
