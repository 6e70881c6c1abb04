#include "node/cli/export_commands.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <vector>

#include "node/cli/answers.h"
#include "node/cli/files.h"
#include "node/cli/rpc_client.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::uint32_t kItemsPerPage = 500;
constexpr std::string_view kDarwinCore = "export_darwinCore";
constexpr std::uint32_t kPageTimeoutMs = 300'000;

Json params_of(const ExportOptions& options) {
  Json params{{"limit", kItemsPerPage}};
  for (const auto& [name, value] :
       {std::pair("org", &options.org), std::pair("campaign", &options.campaign),
        std::pair("plot", &options.plot), std::pair("report", &options.report),
        std::pair("programme", &options.programme), std::pair("species", &options.species),
        std::pair("year", &options.year)}) {
    if (!value->empty()) params[name] = *value;
  }
  params["at"] = options.at;
  return params;
}

struct Document {
  std::string head;
  std::string items;
  std::string tail;
  std::string text() const { return head + items + tail; }
};

// All pages of one height: that of the first, which the parameters keep.
Result<Document> fetch(RpcClient& client, std::string_view method, Json& params) {
  Document document;
  std::string between;
  while (true) {
    const auto page = client.call(method, params);
    if (!page) return std::unexpected(page.error());
    params["at"] = page->at("height");
    for (const Json& item : page->at("items")) {
      document.items += between + item.get<std::string>();
      between = text_at(*page, "separator");
    }
    if (page->at("cursor").is_null()) {
      params.erase("cursor");
      document.head = text_at(*page, "head");
      document.tail = text_at(*page, "tail");
      return document;
    }
    params["cursor"] = page->at("cursor");
  }
}

Result<RpcClient> open_node(const ExportOptions& options) {
  auto client = RpcClient::open(options.rpc);
  if (client) client->set_timeout_ms(kPageTimeoutMs);
  return client;
}

struct NewFile {
  std::filesystem::path path;
  std::string text;
};

// Tells of all files together, as {"files": [{"file", "bytes"}]}, or of one by itself.
ExitCode write_all(const std::vector<NewFile>& files, Console& console) {
  Json written = Json::array();
  for (const NewFile& file : files) {
    if (auto done = write_file(file.path, crypto::as_bytes(file.text)); !done) {
      return console.report(done.error());
    }
    const std::string bytes = std::to_string(file.text.size());
    written.push_back({{"file", file.path.string()}, {"bytes", bytes}});
    if (console.wants_json()) continue;
    console.out() << "wrote " << file.path.string() << ", " << bytes << " bytes\n";
  }
  if (console.wants_json()) {
    console.print_json(files.size() == 1 ? written.front() : Json{{"files", written}});
  }
  return ExitCode::ok;
}

ExitCode write_document(const ExportOptions& options, std::string_view method, Console& console) {
  auto client = open_node(options);
  if (!client) return console.report(client.error());
  Json params = params_of(options);
  const auto document = fetch(*client, method, params);
  if (!document) return console.report(document.error());
  return write_all({{options.out, document->text()}}, console);
}

// A table of the archive: plantings, then visits, unless one of them is asked for. Visits are
// events within that of their planting, which stands in the archive wherever they do.
Result<std::string> fetch_table(RpcClient& client, const char* core, const std::string& only,
                                Json& params) {
  std::string table;
  params["core"] = core;
  for (const std::string of : {"plantings", "visits"}) {
    const bool is_parent = of == "plantings" && std::string_view(core) == "event";
    if (!only.empty() && only != of && !is_parent) continue;
    params["of"] = of;
    const auto part = fetch(client, kDarwinCore, params);
    if (!part) return std::unexpected(part.error());
    table += table.empty() ? part->text() : part->items + part->tail;
  }
  return table;
}

}  // namespace

ExitCode export_geojson(const ExportOptions& options, Console& console) {
  return write_document(options, "export_geojson", console);
}

ExitCode export_darwincore(const ExportOptions& options, Console& console) {
  auto client = open_node(options);
  if (!client) return console.report(client.error());
  Json params = params_of(options);
  const auto events = fetch_table(*client, "event", options.of, params);
  if (!events) return console.report(events.error());
  const auto occurrences = fetch_table(*client, "occurrence", options.of, params);
  if (!occurrences) return console.report(occurrences.error());
  params["core"] = "meta";
  const auto meta = fetch(*client, kDarwinCore, params);
  if (!meta) return console.report(meta.error());
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return console.report(
        {"The folder \"" + options.out + "\" cannot be made: " + error.message() + ".",
         "Check the name and the permissions."});
  }
  const std::filesystem::path folder = options.out;
  return write_all({{folder / "event.csv", *events},
                    {folder / "occurrence.csv", *occurrences},
                    {folder / "meta.xml", meta->text()}},
                   console);
}

ExitCode export_csv(const ExportOptions& options, Console& console) {
  return write_document(options, "export_csv", console);
}

}  // namespace treeproof::cli
