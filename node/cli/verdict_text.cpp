// The verdict of a certificate in words and as JSON.
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/certificate_commands.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

std::string_view word_of(proofs::CheckState state) {
  switch (state) {
    case proofs::CheckState::passed:
      return "passed";
    case proofs::CheckState::failed:
      return "FAILED";
    case proofs::CheckState::not_made:
      return "not made";
  }
  return "";
}

// The details of checks that were not made say so themselves; a column beside says it, too.
std::string without_state(const std::string& detail) {
  constexpr std::string_view kNotMade = "not made: ";
  return detail.starts_with(kNotMade) ? detail.substr(kNotMade.size()) : detail;
}

// "38.5000000 N": from 1e-7 degrees.
std::string degrees(std::int32_t e7, char positive, char negative) {
  constexpr std::int64_t kScale = 10'000'000;
  const std::int64_t size = e7 < 0 ? -std::int64_t{e7} : e7;
  std::string fraction = std::to_string(size % kScale);
  fraction.insert(0, 7 - fraction.size(), '0');
  return std::to_string(size / kScale) + "." + fraction + " " + (e7 < 0 ? negative : positive);
}

std::string position_text(const ledger::LinkLeaf& link) {
  if (!link.lat || !link.lon) return "somewhere in its plot";
  return degrees(*link.lat, 'N', 'S') + ", " + degrees(*link.lon, 'E', 'W') + " (" +
         std::string(ledger::name(link.positions)) + ")";
}

Facts facts_of(const proofs::Facts& facts) {
  const ledger::LinkLeaf& link = facts.link;
  Facts rows = {{"tree", link.tree.text},
                {"species", link.species.text},
                {"planted", link.planted_day ? day_text(*link.planted_day) : "day not known"},
                {"position", position_text(link)},
                {"plot", link.plot ? link.plot->text : "none"},
                {"verified", link.visited ? "a verifier visited this very tree"
                                          : "inferred from a drawn sample that a verifier visited"},
                {"given away by", facts.issuer + "/" + facts.statement_ref + ", signed " +
                                      utc_text(facts.issued_at_s)},
                {"recorded at", "height " + std::to_string(facts.bind.height) + ", entry " +
                                    std::to_string(facts.log_index) + " of the log"},
                {"confirmed by", joined(facts.signers)}};
  if (facts.time) rows.emplace_back("block time", utc_text(facts.time->seconds()));
  if (facts.user_reference) rows.emplace_back("your reference", *facts.user_reference);
  return rows;
}

Json facts_json(const proofs::Facts& facts) {
  const ledger::LinkLeaf& link = facts.link;
  Json commitments = Json::array();
  for (const crypto::Hash& hash : link.commitments) commitments.push_back(crypto::to_hex(hash));
  const auto nullable = [](const auto& value) { return value ? Json(*value) : Json(); };
  return {{"tree", link.tree.text},
          {"species", link.species.text},
          {"plot", link.plot ? Json(link.plot->text) : Json()},
          {"lat", nullable(link.lat)},
          {"lon", nullable(link.lon)},
          {"planted_day", nullable(link.planted_day)},
          {"positions", ledger::name(link.positions)},
          {"visited", link.visited},
          {"commitments", commitments},
          {"issuer", facts.issuer},
          {"ref", facts.statement_ref},
          {"statement", crypto::to_hex(facts.statement_id)},
          {"issued_at", std::to_string(facts.issued_at_s)},
          {"log_index", std::to_string(facts.log_index)},
          {"as_of_height", std::to_string(facts.bind.height)},
          {"signers", facts.signers},
          {"user_reference", nullable(facts.user_reference)},
          {"time", facts.time ? Json(std::to_string(facts.time->value)) : Json()}};
}

void print_verdict_json(const proofs::Verdict& verdict, Console& console) {
  Json checks = Json::array();
  for (const proofs::Check& check : verdict.checks) {
    checks.push_back({{"check", proofs::name(check.name)},
                      {"state", proofs::name(check.state)},
                      {"detail", check.detail}});
  }
  console.print_json({{"valid", verdict.valid},
                      {"checks", checks},
                      {"facts", verdict.facts ? facts_json(*verdict.facts) : Json()}});
}

}  // namespace

void print_verdict(const proofs::Verdict& verdict, Console& console) {
  if (console.wants_json()) return print_verdict_json(verdict, console);
  Table table({"CHECK", "RESULT", "DETAIL"});
  for (const proofs::Check& check : verdict.checks) {
    table.add({std::string(proofs::name(check.name)), std::string(word_of(check.state)),
               without_state(check.detail)});
  }
  table.print(console.out());
  console.out() << '\n';
  if (!verdict.facts) {
    console.out() << "NOT VALID: this file proves nothing.\n";
    return;
  }
  console.out() << "VALID as of height " << verdict.facts->bind.height << ".\n\n";
  print_facts(console.out(), facts_of(*verdict.facts));
}

}  // namespace treeproof::cli
