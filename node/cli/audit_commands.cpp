#include "node/cli/audit_commands.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "consensus/ledger/block.h"
#include "consensus/ledger/campaign_objects.h"
#include "rpc/csv.h"

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

// Where a recomputation ends: at a height, or before the first block of a later day (UTC).
struct End {
  Height height;
  std::optional<std::int32_t> day;
};

// What no header can be read of is left to the chain, which says what is wrong with it.
bool is_later(const LoggedBlock& block, std::int32_t day) {
  const auto header = ledger::decode_header(block.block.header_bytes);
  return header && header->time.day() > day;
}

Result<End> end_of(const AuditOptions& options, Height tip) {
  if (options.at.empty()) return End{tip, std::nullopt};
  const auto day = day_of_text(options.at);
  if (day) return End{tip, day};
  std::uint64_t height = 0;
  const char* const text_end = options.at.data() + options.at.size();
  const auto [rest, error] = std::from_chars(options.at.data(), text_end, height);
  if (error == std::errc{} && rest == text_end) return End{{height}, std::nullopt};
  return fail("--at " + options.at + " is neither a height nor a date.",
              "Give a height, such as 120, or a day, such as 2027-12-31.");
}

// Adds blocks until `last`, or until one does not hold: that is the finding.
Result<std::optional<std::string>> replay(ChainSource& source, const proofs::Trust& trust,
                                          const End& end, ReplayedChain& chain, Console& console) {
  Progress progress(console, "replaying");
  const Height last = end.height;
  while (chain.tip().height < last) {
    const Height from = chain.tip().height.next();
    const std::size_t count =
        std::min<std::uint64_t>(kBlocksPerRequest, last.value - chain.tip().height.value);
    auto blocks = source.blocks(from, count);
    if (!blocks) return std::unexpected(blocks.error());
    for (LoggedBlock& block : *blocks) {
      if (end.day && is_later(block, *end.day)) return std::nullopt;
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

// A full recomputation compares every tree and measures every plot, whatever a node leaves out.
rpc::AuditScope scope_of(const AuditOptions& options) {
  rpc::AuditScope scope;
  scope.trees_compared_max = UINT64_MAX;
  scope.pairs_measured_max = UINT64_MAX;
  scope.year = options.year;
  return scope;
}

// One report, or one for each campaign where the kind is about a single one.
Result<void> make_report(const ReplayedView& view, const rpc::AuditKind& kind,
                         rpc::AuditScope scope, std::vector<NamedReport>& reports) {
  if (!kind.needs_campaign) {
    auto report = kind.make(view, view.height(), scope);
    if (!report) return fail(report.error().message, "Choose another year or height.");
    reports.push_back({std::string(kind.name), *std::move(report)});
    return {};
  }
  const auto campaigns = view.objects_of_type(ledger::CampaignObject::kType, "", SIZE_MAX);
  for (const auto& [id, bytes] : campaigns) {
    scope.campaign = ledger::ObjectId{id};
    auto report = kind.make(view, view.height(), scope);
    if (report) reports.push_back({std::string(kind.name) + " " + id, *std::move(report)});
  }
  return {};
}

Result<std::vector<NamedReport>> make_reports(const ReplayedView& view,
                                              const AuditOptions& options) {
  std::vector<NamedReport> reports;
  for (const rpc::AuditKind& kind : rpc::audit_kinds()) {
    const bool is_wanted = options.report == "all" || options.report == kind.name;
    if (!is_wanted) continue;
    if (auto made = make_report(view, kind, scope_of(options), reports); !made) {
      return std::unexpected(made.error());
    }
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
    for (const auto& [title, value] : row) columns[title] = value ? Json(*value) : Json();
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

// A cell as people read it: a column of days holds dates, as long as there are such dates.
std::string cell_text(std::string_view title, const rpc::AuditCell& value) {
  if (!value) return "-";
  std::int32_t day = 0;
  const char* const end = value->data() + value->size();
  const auto [rest, error] = std::from_chars(value->data(), end, day);
  const bool is_day = title.ends_with("_day") && error == std::errc{} && rest == end &&
                      day_of_text(day_text(day)) == day;
  return is_day ? day_text(day) : *value;
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
      for (const auto& [title, value] : row) cells.push_back(cell_text(title, value));
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

}  // namespace

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

namespace {

// The rows of the one report (of each campaign, where it is about one), and nothing else: what a
// spreadsheet opens. Findings are in the exit code and the other forms.
void print_csv(const AuditResult& result, std::ostream& out) {
  std::vector<rpc::AuditRow> rows;
  for (const NamedReport& named : result.reports) {
    for (rpc::AuditRow row : named.report.rows) {
      row.insert(row.begin(), {"report", named.name});
      rows.push_back(std::move(row));
    }
  }
  out << rpc::csv_of(rows);
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
  const auto end = end_of(options, *tip);
  if (!end) return std::unexpected(end.error());
  if (*tip < end->height || end->height < trust.from_height) {
    return fail("The log reaches height " + std::to_string(tip->value) +
                    ", and the trust file begins at " + std::to_string(trust.from_height.value) +
                    ".",
                "Choose --at between the two, or wait until the node has caught up.");
  }
  ReplayedChain chain(genesis->genesis);
  auto finding = replay(source, trust, *end, chain, console);
  if (!finding) return std::unexpected(finding.error());
  if (!*finding && chain.tip().height < trust.from_height) {
    return fail("No block that the trust file covers is of " + options.at + " or earlier.",
                "Choose a later --at.");
  }
  AuditResult result;
  result.chain_id = chain.chain_id();
  result.height = chain.tip().height;
  result.time = chain.tip().time;
  result.header_hash = chain.tip().header_hash;
  result.statements = chain.statements();
  result.chain_finding = *std::move(finding);
  if (result.chain_finding) return result;
  auto reports = make_reports(chain.view(), options);
  if (!reports) return std::unexpected(reports.error());
  result.reports = *std::move(reports);
  return result;
}

ExitCode audit(const AuditOptions& options, Console& console) {
  if (options.csv && options.report == "all") {
    return console.report({"--csv prints the rows of one report.", "Add --report NAME."});
  }
  const auto trust = read_trust_file(options.trust);
  if (!trust) return console.report(trust.error());
  const auto source = open_source(options);
  if (!source) return console.report(source.error());
  const auto result = run_audit(**source, *trust, options, console);
  if (!result) return console.report(result.error());
  if (options.csv) {
    print_csv(*result, console.out());
  } else {
    console.wants_json() ? console.print_json(to_json(*result)) : print_result(*result, console);
  }
  return result->findings() == 0 ? ExitCode::ok : ExitCode::negative;
}

}  // namespace treeproof::cli
