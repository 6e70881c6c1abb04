#include "node/cli/record_commands.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/answers.h"
#include "node/cli/payload_template.h"
#include "node/cli/statement_file.h"
#include "rpc/json_codec.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

std::unexpected<Failure> unknown_type(const std::string& type) {
  return fail("\"" + type + "\" is no type of statement.",
              "Choose one of " + joined(template_names()) + ".");
}

Result<ledger::Payload> new_payload(const RecordNewOptions& options, Console& console) {
  if (options.file) return read_payload(*options.file, console);
  auto made = payload_template(options.type);
  if (!made) return unknown_type(options.type);
  return *std::move(made);
}

Result<SigningTerms> terms_of(const RecordSignOptions& options) {
  SigningTerms terms{options.chain, system_seconds()};
  if (options.chain.empty()) {
    auto client = RpcClient::open(options.rpc);
    if (!client) return std::unexpected(client.error());
    auto asked = signing_terms(*client);
    if (!asked) return asked;
    terms = *std::move(asked);
  }
  terms.issued_at_s = options.issued_at_s.value_or(terms.issued_at_s);
  return terms;
}

struct Signed {
  crypto::Bytes bytes;
  ledger::StatementPtr parsed;
};

Result<Signed> sign_payload(const RecordSignOptions& options, Console& console) {
  auto key = read_key_file(options.key);
  if (!key) return std::unexpected(key.error());
  if (!options.issuer.empty() && options.issuer != key->org) {
    return fail("The key belongs to " + key->org + ", not to " + options.issuer + ".",
                "Give a key of the issuer.");
  }
  const auto payload = read_payload(options.file, console);
  if (!payload) return std::unexpected(payload.error());
  const auto terms = terms_of(options);
  if (!terms) return std::unexpected(terms.error());
  Signed made{sign(*payload, *key, *terms), nullptr};
  auto parsed = ledger::parse_statement(made.bytes, terms->chain_id);
  if (!parsed) {
    return fail("The statement would be malformed: " + ledger::to_string(parsed.error()) + ".",
                "Check the payload, --chain and --issued-at.");
  }
  made.parsed = *std::move(parsed);
  return made;
}

std::string numbers_text(const Json& numbers) {
  std::string text;
  for (const Json& number : numbers) {
    text += (text.empty() ? "" : ", ") + text_at(number, "label") + "=" + text_at(number, "value");
  }
  return text;
}

void print_statement(const ledger::SignedStatement& statement, Console& console) {
  const Json payload = rpc::payload_to_json(statement.payload);
  const Json all = {{"id", crypto::to_hex(statement.id)},
                    {"object", statement.object().text},
                    {"type", ledger::type_of(statement.payload)},
                    {"chain", statement.chain_id},
                    {"issuer", statement.issuer.text},
                    {"kid", crypto::to_hex(statement.kid)},
                    {"issued_at", std::to_string(statement.issued_at_s)},
                    {"bytes", statement.bytes.size()},
                    {"payload", payload}};
  if (console.wants_json()) return console.print_json(all);
  print_facts(console.out(), {{"statement", crypto::to_hex(statement.id)},
                              {"object", statement.object().text},
                              {"type", std::string(ledger::type_of(statement.payload))},
                              {"chain", statement.chain_id},
                              {"signed", utc_text(statement.issued_at_s) + " by key " +
                                             crypto::to_hex(statement.kid)},
                              {"bytes", std::to_string(statement.bytes.size())}});
  console.print_json(payload);
}

void print_record(const Json& answer, Console& console) {
  if (console.wants_json()) return console.print_json(answer);
  const Json& record = answer.at("record");
  print_facts(console.out(), {{"object", text_at(answer, "id")},
                              {"type", text_at(answer, "type")},
                              {"issuer", text_at(answer, "issuer")},
                              {"statement", text_at(record, "statement")},
                              {"signed", utc_text(number_at(answer, "issued_at"))},
                              {"recorded", utc_text(number_at(record, "time_s")) + ", height " +
                                               shown_at(record, "height") + ", entry " +
                                               shown_at(record, "log_index") + " of the log"}});
  console.out() << "the object as of height " << shown_at(answer, "height") << ":\n";
  console.print_json(answer.at("object"));
}

Result<Json> ask_about(const RecordShowOptions& options) {
  auto client = RpcClient::open(options.rpc);
  if (!client) return std::unexpected(client.error());
  const bool is_statement_id = crypto::hash_from_hex(options.what).has_value();
  if (!is_statement_id) return client->call("record_get", {{"id", options.what}});
  return client->call("record_status", {{"id", options.what}});
}

Result<Submitted> consent(const RecordConsentOptions& options) {
  const auto key = read_key_file(options.key);
  if (!key) return std::unexpected(key.error());
  const auto id = crypto::hash_from_hex(options.id);
  if (!id) {
    return fail("\"" + options.id + "\" is no statement id.",
                "Give the 64 hex digits that `treeproof inbox` shows.");
  }
  const std::string ref = options.ref.empty() ? "consent-" + options.id.substr(0, 32) : options.ref;
  if (!ledger::Ref::check(ref)) {
    return fail("\"" + ref + "\" is no ref.", "Use 1 to 48 characters of a-z, 0-9, '.', '_', '-'.");
  }
  auto client = RpcClient::open(options.rpc);
  if (!client) return std::unexpected(client.error());
  return submit_payload(*client, ledger::Consent{ledger::Ref{ref}, *id}, *key, {}, options.wait_ms);
}

Result<std::vector<ledger::StatementPtr>> read_statements(const RecordSubmitOptions& options,
                                                          Console& console) {
  std::vector<ledger::StatementPtr> statements;
  for (const std::string& file : options.files) {
    auto statement = read_statement(file, console);
    if (!statement) return std::unexpected(statement.error());
    statements.push_back(*std::move(statement));
  }
  return statements;
}

Result<std::vector<ledger::AttachmentPtr>> read_attachments(const RecordSubmitOptions& options) {
  std::vector<ledger::AttachmentPtr> attachments;
  for (const std::string& file : options.attachments) {
    auto attachment = read_attachment(file);
    if (!attachment) return std::unexpected(attachment.error());
    attachments.push_back(*std::move(attachment));
  }
  return attachments;
}

}  // namespace

ExitCode record_new(const RecordNewOptions& options, Console& console) {
  const auto payload = new_payload(options, console);
  if (!payload) return console.report(payload.error());
  console.print_json(rpc::payload_to_json(*payload));
  return ExitCode::ok;
}

ExitCode record_sign(const RecordSignOptions& options, Console& console) {
  const auto made = sign_payload(options, console);
  if (!made) return console.report(made.error());
  const bool hex_on_console = options.out.empty() && !console.wants_json();
  if (hex_on_console || !options.out.empty()) {
    if (auto written = write_statement(made->bytes, options.out, console); !written) {
      return console.report(written.error());
    }
  }
  if (console.wants_json()) {
    console.print_json({{"id", crypto::to_hex(made->parsed->id)},
                        {"object", made->parsed->object().text},
                        {"statement", crypto::to_hex(made->bytes)},
                        {"file", options.out.empty() ? Json() : Json(options.out)}});
  } else if (!options.out.empty()) {
    console.out() << options.out << ": statement " << crypto::to_hex(made->parsed->id) << " of "
                  << made->parsed->object().text << '\n';
  }
  return ExitCode::ok;
}

ExitCode record_check(const RecordCheckOptions& options, Console& console) {
  const auto statement = read_statement(options.file, console);
  if (!statement) return console.report(statement.error());
  auto client = RpcClient::open(options.rpc);
  if (!client) return console.report(client.error());
  const auto answer =
      client->call("record_dryRun", {{"statement", crypto::to_base64url((*statement)->bytes)}});
  if (!answer) return console.report(answer.error());
  const std::string would_be = text_at(*answer, "would_be");
  if (console.wants_json()) {
    console.print_json(*answer);
  } else {
    Table table({"RULE", "RESULT", "NUMBERS"});
    for (const Json& rule : answer->at("rules")) {
      std::string state = text_at(rule, "state");
      if (state == "failed") state = "FAILED";
      table.add({text_at(rule, "reason"), state, numbers_text(rule.at("numbers"))});
    }
    table.print(console.out());
    for (const Json& warning : answer->at("warnings")) {
      console.out() << "\nWarning: " << printable(text_at(warning, "sentence")) << " ("
                    << numbers_text(warning.at("numbers")) << ")\n";
    }
    console.out() << "\nWould be " << printable(would_be) << " in the next block";
    if (const Json& refusal = answer->at("refusal"); !refusal.is_null()) {
      console.out() << ": " << printable(text_at(refusal, "sentence"));
    } else {
      console.out() << '.';
    }
    console.out() << '\n';
  }
  return would_be == "refused" ? ExitCode::negative : ExitCode::ok;
}

ExitCode record_submit(const RecordSubmitOptions& options, Console& console) {
  const auto statements = read_statements(options, console);
  if (!statements) return console.report(statements.error());
  const auto attachments = read_attachments(options);
  if (!attachments) return console.report(attachments.error());
  auto client = RpcClient::open(options.rpc);
  if (!client) return console.report(client.error());
  Json all = Json::array();
  std::optional<Failure> failure;
  for (const ledger::StatementPtr& statement : *statements) {
    const auto submitted = submit(*client, *statement, *attachments, options.wait_ms);
    if (!submitted) {
      failure = submitted.error();
      break;
    }
    if (console.wants_json()) {
      all.push_back(to_json(*submitted));
    } else {
      print_submitted(*submitted, console);
    }
  }
  // What was recorded before a failure is recorded: it is told, too.
  if (console.wants_json() && !all.empty()) {
    console.print_json(statements->size() == 1 ? all.front() : all);
  }
  return failure ? console.report(*failure) : ExitCode::ok;
}

ExitCode record_show(const RecordShowOptions& options, Console& console) {
  std::error_code ignored;
  if (options.what == "-" || std::filesystem::is_regular_file(options.what, ignored)) {
    const auto statement = read_statement(options.what, console);
    if (!statement) return console.report(statement.error());
    print_statement(**statement, console);
    return ExitCode::ok;
  }
  const auto answer = ask_about(options);
  if (!answer) return console.report(answer.error());
  if (answer->contains("record")) {
    print_record(*answer, console);
  } else {
    console.print_json(*answer);
  }
  return ExitCode::ok;
}

ExitCode record_consent(const RecordConsentOptions& options, Console& console) {
  const auto submitted = consent(options);
  if (!submitted) return console.report(submitted.error());
  if (console.wants_json()) {
    console.print_json(to_json(*submitted));
  } else {
    print_submitted(*submitted, console);
  }
  return ExitCode::ok;
}

}  // namespace treeproof::cli
