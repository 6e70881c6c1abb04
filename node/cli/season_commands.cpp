#include "node/cli/season_commands.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/answers.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

Result<Json> ask(const std::string& url, std::string_view method, const Json& params) {
  auto client = RpcClient::open(url);
  if (!client) return std::unexpected(client.error());
  return client->call(method, params);
}

std::string joined(const Json& texts) {
  std::string joined;
  for (const Json& text : texts) {
    joined += (joined.empty() ? "" : ", ") + text.get<std::string>();
  }
  return joined.empty() ? "none" : joined;
}

void print_pending(const Json& list, Console& console) {
  Table table({"STATEMENT", "TYPE", "OF", "SIGNED", "CONSENTS MISSING"});
  for (const Json& pending : list) {
    table.add({text_at(pending, "statement"), text_at(pending, "type"), text_at(pending, "id"),
               utc_text(number_at(pending, "issued_at")), joined(pending.at("missing_consents"))});
  }
  table.print(console.out());
}

}  // namespace

ExitCode status(const StatusOptions& options, Console& console) {
  const auto answer = ask(options.rpc, "chain_status", Json::object());
  if (!answer) return console.report(answer.error());
  if (console.wants_json()) {
    console.print_json(*answer);
    return ExitCode::ok;
  }
  const Json& peers = answer->at("peers");
  const bool is_validator = answer->at("is_validator").get<bool>();
  print_facts(
      console.out(),
      {{"chain", text_at(*answer, "chain")},
       {"node of", text_at(*answer, "org") + (is_validator ? ", a validator" : ", follows")},
       {"height",
        shown_at(*answer, "height") + " (highest seen: " + shown_at(*answer, "highest_seen") + ")"},
       {"block time", utc_text(number_at(*answer, "time") / 1'000) +
                          (answer->at("test_clock").get<bool>() ? ", a test clock" : "")},
       {"log", shown_at(*answer, "log_size") + " entries, root " + text_at(*answer, "log_root")},
       {"state root", text_at(*answer, "state_root")},
       {"validators", shown_at(*answer, "validators")},
       {"connected", joined(peers)},
       {"version", text_at(*answer, "version")}});
  return ExitCode::ok;
}

ExitCode inbox(const InboxOptions& options, Console& console) {
  const auto answer = ask(options.rpc, "inbox", {{"org", options.org}});
  if (!answer) return console.report(answer.error());
  if (console.wants_json()) {
    console.print_json(*answer);
    return ExitCode::ok;
  }
  const Json& waiting = answer->at("waits_for_org");
  const Json& sent = answer->at("sent_by_org");
  console.out() << waiting.size() << " wait for the consent of " << options.org << ".\n";
  if (!waiting.empty()) print_pending(waiting, console);
  console.out() << sent.size() << " of " << options.org << " wait for others.\n";
  if (!sent.empty()) print_pending(sent, console);
  return ExitCode::ok;
}

ExitCode sample_draw(const SampleDrawOptions& options, Console& console) {
  Json params = {{"batch", options.batch}};
  if (options.size) params["size"] = *options.size;
  const auto answer = ask(options.rpc, "sample_draw", params);
  if (!answer) return console.report(answer.error());
  if (console.wants_json()) {
    console.print_json(*answer);
    return ExitCode::ok;
  }
  console.out() << "visit " << shown_at(*answer, "size") << " of " << shown_at(*answer, "count")
                << " trees of " << options.batch << ", drawn from the header of height "
                << shown_at(*answer, "header_height") << ":\n";
  for (const Json& index : answer->at("sample")) {
    console.out() << (index.is_string() ? index.get<std::string>() : index.dump()) << '\n';
  }
  return ExitCode::ok;
}

}  // namespace treeproof::cli
