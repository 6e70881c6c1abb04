#include "node/cli/audit_commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "consensus/ledger/campaign_objects.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::size_t kBlocksPerRequest = 32;

Result<void> judge_source(const GenesisFile& genesis, const proofs::Trust& trust) {
  const std::string chain_id = ledger::chain_id(genesis.genesis);
  if (chain_id == trust.chain_id && genesis.genesis.file_hash == trust.genesis) return {};
  return deny(
      "The log is of the chain " + chain_id + ", not of the trusted " + trust.chain_id + ".",
      "Give the trust file of this chain, or the address of a node of yours.");
}

// From the trusted height on, its validators must be those of the recomputed chain.
bool has_trusted_validators(const ReplayedChain& chain, const proofs::Trust& trust) {
  const bool is_first = chain.tip().height.next() == trust.from_height;
  return !is_first || *chain.tip().validators == trust.validators;
}

// Adds blocks until `last`, or until one does not hold: that is the finding.
Result<std::optional<std::string>> replay(ChainSource& source, const proofs::Trust& trust,
                                          Height last, ReplayedChain& chain, Console& console) {
  Progress progress(console, "replaying");
  while (chain.tip().height < last) {
    const Height from = chain.tip().height.next();
    const std::size_t count =
        std::min<std::uint64_t>(kBlocksPerRequest, last.value - chain.tip().height.value);
    auto blocks = source.blocks(from, count);
    if (!blocks) return std::unexpected(blocks.error());
    for (LoggedBlock& block : *blocks) {
      if (!has_trusted_validators(chain, trust)) {
        return "height " + std::to_string(trust.from_height.value) +
               ": its validators are not those of the trust file";
      }
      for (const ledger::AttachmentRef& announced : chain.wanted(block)) {
        auto attachment = source.attachment(announced);
        if (!attachment) return std::unexpected(attachment.error());
        chain.put_attachment(*attachment);
      }
      if (auto added = chain.add(std::move(block)); !added) return added.error();
      progress.show(chain.tip().height.value, last.value);
    }
  }
  return std::nullopt;
}

std::vector<NamedReport> make_reports(const ReplayedView& view, const std::string& wanted) {
  std::vector<NamedReport> reports;
  const auto wants = [&](std::string_view name) { return wanted == "all" || wanted == name; };
  if (wants("points")) {
    reports.push_back({"points", rpc::audit_points(view, view.height(), std::nullopt)});
  }
  if (wants("campaign")) {
    const auto campaigns = view.objects_of_type(ledger::CampaignObject::kType, "", SIZE_MAX);
    for (const auto& [id, bytes] : campaigns) {
      auto report = rpc::audit_campaign(view, view.height(), ledger::ObjectId{id});
      if (report) reports.push_back({"campaign " + id, *std::move(report)});
    }
  }
  if (wants("allocations")) {
    reports.push_back({"allocations", rpc::audit_allocations(view, std::nullopt)});
  }
  if (wants("accountability")) {
    reports.push_back(
        {"accountability", rpc::audit_accountability(view, view.height(), std::nullopt)});
  }
  return reports;
}

Json to_json(const NamedReport& named) {
  Json checked = Json::object();
  for (const auto& [what, count] : named.report.checked) checked[what] = std::to_string(count);
  Json findings = Json::array();
  for (const rpc::AuditFinding& finding : named.report.findings) {
    Json numbers = Json::array();
    for (const ledger::Number& number : finding.numbers) {
      numbers.push_back({{"label", number.label}, {"value", number.value}});
    }
    findings.push_back({{"invariant", finding.invariant},
                        {"object", finding.object},
                        {"finding", finding.finding},
                        {"numbers", numbers}});
  }
  Json rows = Json::array();
  for (const rpc::AuditRow& row : named.report.rows) {
    Json columns = Json::object();
    for (const auto& [title, value] : row) columns[title] = value;
    rows.push_back(columns);
  }
  return {{"report", named.name},
          {"invariant", named.report.invariant},
          {"checked", checked},
          {"findings", findings},
          {"rows", rows}};
}

Json to_json(const AuditResult& result) {
  Json reports = Json::array();
  for (const NamedReport& named : result.reports) reports.push_back(to_json(named));
  return {{"chain", result.chain_id},
          {"height", std::to_string(result.height.value)},
          {"time", std::to_string(result.time.value)},
          {"header_hash", crypto::to_hex(result.header_hash)},
          {"statements", std::to_string(result.statements)},
          {"clean", result.findings() == 0},
          {"chain_finding", result.chain_finding ? Json(*result.chain_finding) : Json()},
          {"reports", reports}};
}

void print_report(const NamedReport& named, std::ostream& out) {
  out << '\n' << printable(named.name) << " (" << named.report.invariant << "): checked";
  std::string separator = " ";
  for (const auto& [what, count] : named.report.checked) {
    out << std::exchange(separator, ", ") << grouped(count) << ' ' << what;
  }
  out << "; " << named.report.findings.size() << " findings\n";
  if (!named.report.rows.empty()) {
    std::vector<std::string> titles;
    for (const auto& [title, value] : named.report.rows.front()) titles.push_back(title);
    Table table(std::move(titles));
    for (const rpc::AuditRow& row : named.report.rows) {
      std::vector<std::string> cells;
      for (const auto& [title, value] : row) cells.push_back(value);
      table.add(std::move(cells));
    }
    table.print(out);
  }
  for (const rpc::AuditFinding& finding : named.report.findings) {
    out << "FINDING " << finding.invariant << " " << printable(finding.object) << ": "
        << finding.finding;
    for (const ledger::Number& number : finding.numbers) {
      out << ' ' << number.label << '=' << printable(number.value);
    }
    out << '\n';
  }
}

void print_result(const AuditResult& result, Console& console) {
  std::ostream& out = console.out();
  print_facts(out, {{"chain", result.chain_id},
                    {"recomputed", "heights 1 to " + std::to_string(result.height.value) +
                                       ": certificates, signatures, log roots and state roots"},
                    {"as of", utc_text(result.time.seconds())},
                    {"header", crypto::to_hex(result.header_hash)},
                    {"statements", grouped(result.statements)}});
  if (result.chain_finding) out << "FINDING " << printable(*result.chain_finding) << '\n';
  for (const NamedReport& named : result.reports) print_report(named, out);
  const std::size_t findings = result.findings();
  out << '\n';
  if (findings == 0) {
    out << "CLEAN as of height " << result.height.value << ".\n";
  } else {
    out << findings << (findings == 1 ? " FINDING" : " FINDINGS") << " as of height "
        << result.height.value << ".\n";
  }
}

Result<std::unique_ptr<ChainSource>> open_source(const AuditOptions& options) {
  if (!options.home.empty()) {
    auto genesis = read_genesis_file(options.genesis);
    if (!genesis) return std::unexpected(genesis.error());
    return home_source(options.home, *std::move(genesis));
  }
  auto client = RpcClient::open(options.rpc);
  if (!client) return std::unexpected(client.error());
  return rpc_source(*std::move(client));
}

}  // namespace

std::size_t AuditResult::findings() const noexcept {
  std::size_t count = chain_finding ? 1 : 0;
  for (const NamedReport& named : reports) count += named.report.findings.size();
  return count;
}

Result<AuditResult> run_audit(ChainSource& source, const proofs::Trust& trust,
                              const AuditOptions& options, Console& console) {
  const auto genesis = source.genesis();
  if (!genesis) return std::unexpected(genesis.error());
  if (auto same = judge_source(*genesis, trust); !same) return std::unexpected(same.error());
  const auto tip = source.tip();
  if (!tip) return std::unexpected(tip.error());
  const Height last = options.at ? Height{*options.at} : *tip;
  if (*tip < last || last < trust.from_height) {
    return fail("The log reaches height " + std::to_string(tip->value) +
                    ", and the trust file begins at " + std::to_string(trust.from_height.value) +
                    ".",
                "Choose --at between the two, or wait until the node has caught up.");
  }
  ReplayedChain chain(genesis->genesis);
  auto finding = replay(source, trust, last, chain, console);
  if (!finding) return std::unexpected(finding.error());
  AuditResult result;
  result.chain_id = chain.chain_id();
  result.height = chain.tip().height;
  result.time = chain.tip().time;
  result.header_hash = chain.tip().header_hash;
  result.statements = chain.statements();
  result.chain_finding = *std::move(finding);
  if (!result.chain_finding) result.reports = make_reports(chain.view(), options.report);
  return result;
}

ExitCode audit(const AuditOptions& options, Console& console) {
  const auto trust = read_trust_file(options.trust);
  if (!trust) return console.report(trust.error());
  const auto source = open_source(options);
  if (!source) return console.report(source.error());
  const auto result = run_audit(**source, *trust, options, console);
  if (!result) return console.report(result.error());
  console.wants_json() ? console.print_json(to_json(*result)) : print_result(*result, console);
  return result->findings() == 0 ? ExitCode::ok : ExitCode::negative;
}

}  // namespace treeproof::cli
