#include "node/cli/export_commands.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/answers.h"
#include "node/cli/files.h"
#include "node/cli/rpc_client.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::uint32_t kItemsPerPage = 500;
constexpr std::uint32_t kPageTimeoutMs = 300'000;

Json params_of(const ExportOptions& options) {
  Json params{{"limit", kItemsPerPage}};
  for (const auto& [name, value] :
       {std::pair("org", &options.org), std::pair("campaign", &options.campaign),
        std::pair("plot", &options.plot), std::pair("core", &options.core),
        std::pair("of", &options.of), std::pair("report", &options.report),
        std::pair("programme", &options.programme), std::pair("species", &options.species),
        std::pair("year", &options.year)}) {
    if (!value->empty()) params[name] = *value;
  }
  params["at"] = options.at;
  return params;
}

// The whole document, all of one height: that of the first page.
Result<std::string> fetch(RpcClient& client, std::string_view method, Json params) {
  std::string document;
  std::string between;
  while (true) {
    const auto page = client.call(method, params);
    if (!page) return std::unexpected(page.error());
    const bool is_first = !params.contains("cursor");
    if (is_first) document = text_at(*page, "head");
    for (const Json& item : page->at("items")) {
      document += between + item.get<std::string>();
      between = text_at(*page, "separator");
    }
    if (page->at("cursor").is_null()) return document + text_at(*page, "tail");
    params["cursor"] = page->at("cursor");
    params["at"] = page->at("height");
  }
}

ExitCode write_document(const ExportOptions& options, std::string_view method, Console& console) {
  auto client = RpcClient::open(options.rpc);
  if (!client) return console.report(client.error());
  client->set_timeout_ms(kPageTimeoutMs);
  const auto document = fetch(*client, method, params_of(options));
  if (!document) return console.report(document.error());
  const auto written = write_file(options.out, crypto::as_bytes(*document));
  if (!written) return console.report(written.error());
  const std::string bytes = std::to_string(document->size());
  if (console.wants_json()) {
    console.print_json({{"file", options.out}, {"bytes", bytes}});
  } else {
    console.out() << "wrote " << options.out << ", " << bytes << " bytes\n";
  }
  return ExitCode::ok;
}

}  // namespace

ExitCode export_geojson(const ExportOptions& options, Console& console) {
  return write_document(options, "export_geojson", console);
}

ExitCode export_darwincore(const ExportOptions& options, Console& console) {
  return write_document(options, "export_darwinCore", console);
}

ExitCode export_csv(const ExportOptions& options, Console& console) {
  return write_document(options, "export_csv", console);
}

}  // namespace treeproof::cli
