// record_submit, record_status, inbox, org_obligations: what the replica has to be asked. Its
// answers come on its own thread; there they are only handed over, their text is made on a worker.
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "consensus/ledger/lookups.h"
#include "crypto/merkle.h"
#include "rpc/json_codec.h"
#include "rpc/obligations.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using replica::PendingStatement;
using Pending = std::vector<PendingStatement>;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kWaitDefault_ms = 10'000;
constexpr std::uint32_t kReplicaWait_ms = 5'000;  // for answers that depend on no block

std::string head_of(std::string_view status, const ledger::SignedStatement& statement) {
  return std::string(R"({"status":")")
      .append(status)
      .append(R"(","id":")")
      .append(statement.object().text)
      .append(R"(","statement":")")
      .append(crypto::to_hex(statement.id))
      .append("\"");
}

// By hand: this is the answer that is written thousands of times a second.
std::string committed_text(Services& services, const ledger::SignedStatement& statement,
                           const replica::AnswerCommitted& committed) {
  return head_of("committed", statement)
      .append(R"(,"height":")")
      .append(std::to_string(committed.height.value))
      .append(R"(","log_index":")")
      .append(std::to_string(committed.log_index))
      .append(R"(","receipts":)")
      .append(*services.receipts.at(services.chain, committed.height))
      .append("}");
}

std::string pending_text(const ledger::SignedStatement& statement,
                         const std::vector<ledger::OrgId>& missing, bool attachment_missing) {
  Json orgs = Json::array();
  for (const auto& org : missing) orgs.push_back(org.text);
  return head_of("pending", statement)
      .append(R"(,"missing_consents":)")
      .append(to_text(orgs))
      .append(R"(,"attachment_missing":)")
      .append(attachment_missing ? "true}" : "false}");
}

Format pending_format(PendingStatement pending) {
  return [pending = std::move(pending)]() -> TextAnswer {
    return pending_text(*pending.statement, pending.missing_consents, pending.attachment_missing);
  };
}

// Pending is an answer only where the submitter has to act: give consents, or upload here.
void take_pending(const ServicesPtr& services, const PendingStatement& pending,
                  const WaiterPtr& waiter) {
  if (!pending.missing_consents.empty()) return waiter->resolve(pending_format(pending));
  if (!pending.attachment_missing) return;
  services->post([services, pending, waiter] {
    const auto* attachment = ledger::attachment_of(pending.statement->payload);
    if (services->chain.latest()->holds(attachment->root)) return;
    waiter->resolve(pending_format(pending));
  });
}

void take_answer(const ServicesPtr& services, const ledger::StatementPtr& statement,
                 const replica::Answer& answer, const WaiterPtr& waiter) {
  if (const auto* pending = std::get_if<PendingStatement>(&answer)) {
    return take_pending(services, *pending, waiter);
  }
  waiter->resolve([services, statement, answer]() -> TextAnswer {
    if (const auto* refusal = std::get_if<ledger::Refusal>(&answer)) return refused(*refusal);
    return committed_text(*services, *statement, std::get<replica::AnswerCommitted>(answer));
  });
}

void record_submit(const Query& query, const WaiterPtr& waiter) {
  const ServicesPtr& services = query.services;
  auto bytes = query.params.statement("statement");
  if (!bytes) {
    const JsonFault fault{"params.statement", "hex or base64url is wanted"};
    return waiter->resolve([fault]() -> TextAnswer { return invalid_params(fault); });
  }
  auto parsed = ledger::parse_statement(*std::move(bytes), services->chain_id);
  if (!parsed) {
    return waiter->resolve([refusal = parsed.error()]() -> TextAnswer { return refused(refusal); });
  }
  const ledger::StatementPtr statement = *std::move(parsed);
  const std::uint64_t wanted_ms = query.params.number_or("wait_ms", kWaitDefault_ms);
  const auto wait_ms =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted_ms, services->wait_ms_max));
  waiter->wait_at_most(wait_ms, pending_format({statement, {}, false}));
  services->records.submit(
      statement, wait_ms,
      [services, statement, waiter, began = Clock::now()](const replica::Answer& answer) {
        if (std::holds_alternative<replica::AnswerCommitted>(answer)) {
          const std::chrono::duration<double> seconds = Clock::now() - began;
          services->metrics.observe_commit(seconds.count());
        }
        take_answer(services, statement, answer, waiter);
      });
}

RpcError busy() {
  return limit_exceeded("replica", "The node did not answer in time; try again.").error();
}

// Asks for what is pending and makes an answer of it on a worker.
void ask_pending(const ServicesPtr& services, const WaiterPtr& waiter,
                 std::function<TextAnswer(const Pending&)> answer) {
  waiter->wait_at_most(kReplicaWait_ms, []() -> TextAnswer { return std::unexpected(busy()); });
  services->records.pending([waiter, answer = std::move(answer)](const Pending& pending) {
    waiter->resolve([answer, pending] { return answer(pending); });
  });
}

std::string with_proof(std::string text, const ChainView& view, std::uint64_t log_index) {
  const std::uint64_t size = view.header().log_size;
  const auto source = [&](std::uint32_t level, std::uint64_t index) {
    return view.log_subtree(level, index);
  };
  const Json proof{{"index", std::to_string(log_index)},
                   {"size", std::to_string(size)},
                   {"path", to_json(crypto::inclusion_path(log_index, size, source))}};
  text.pop_back();
  return text.append(R"(,"proof":)").append(to_text(proof)).append("}");
}

// Nothing where the ledger has no such record.
std::optional<TextAnswer> recorded_status(Services& services, const ChainView& view,
                                          const std::string& id) {
  const auto record = ledger::record_of(view, ledger::ObjectId{id});
  if (!record) return std::nullopt;
  auto bytes = view.log_entry(record->log_index);
  auto statement = bytes ? ledger::parse_statement(*std::move(bytes), services.chain_id)
                         : std::unexpected(ledger::Refusal{});
  if (!statement) return pruned(begins_later(view));
  return with_proof(committed_text(services, **statement, {{record->height}, record->log_index}),
                    view, record->log_index);
}

void record_status(const Query& query, const WaiterPtr& waiter) {
  const std::string& id = query.params.text("id");
  if (auto status = recorded_status(*query.services, *query.view, id)) {
    return waiter->resolve([status = *std::move(status)] { return status; });
  }
  const auto answer = [services = query.services, id](const Pending& pending) -> TextAnswer {
    const auto found = std::ranges::find_if(pending, [&](const PendingStatement& entry) {
      return entry.statement->object().text == id || crypto::to_hex(entry.statement->id) == id;
    });
    if (found != pending.end()) {
      return pending_text(*found->statement, found->missing_consents, found->attachment_missing);
    }
    // It may have left the pool for the ledger since it was looked for there.
    auto status = recorded_status(*services, *services->chain.latest(), id);
    return status ? *std::move(status) : not_found("record", id);
  };
  ask_pending(query.services, waiter, answer);
}

bool waits_for(const PendingStatement& entry, const ledger::OrgId& org) {
  return std::ranges::count(entry.missing_consents, org) != 0;
}

Json inbox_row(const PendingStatement& entry) {
  const ledger::SignedStatement& statement = *entry.statement;
  Json missing = Json::array();
  for (const auto& org : entry.missing_consents) missing.push_back(org.text);
  return {{"id", statement.object().text},
          {"type", ledger::type_of(statement.payload)},
          {"statement", crypto::to_hex(statement.id)},
          {"statement_bytes", crypto::to_base64url(statement.bytes)},
          {"issuer", statement.issuer.text},
          {"issued_at", std::to_string(statement.issued_at_s)},
          {"payload", payload_to_json(statement.payload)},
          {"missing_consents", std::move(missing)},
          {"attachment_missing", entry.attachment_missing}};
}

void inbox(const Query& query, const WaiterPtr& waiter) {
  ask_pending(query.services, waiter,
              [org = query.params.text("org")](const Pending& pending) -> TextAnswer {
                Json waits = Json::array();
                Json sent = Json::array();
                for (const PendingStatement& entry : pending) {
                  const bool is_asked = waits_for(entry, {org});
                  if (is_asked && waits.size() < kListLimitMax) waits.push_back(inbox_row(entry));
                  const bool is_own = entry.statement->issuer.text == org;
                  if (is_own && sent.size() < kListLimitMax) sent.push_back(inbox_row(entry));
                }
                return to_text(Json{{"org", org}, {"waits_for_org", waits}, {"sent_by_org", sent}});
              });
}

Json to_json(const Obligation& owed, std::int64_t today) {
  const auto text = [](const auto& number) {
    return number ? Json(std::to_string(*number)) : Json();
  };
  return {{"duty", name(owed.duty)},
          {"object", owed.object.text},
          {"campaign", owed.campaign ? Json(owed.campaign->text) : Json()},
          {"count", text(owed.count)},
          {"due_day", owed.due_day ? Json(*owed.due_day) : Json()},
          {"is_late", owed.is_late(today)}};
}

// By duty: how many objects, and what they add up to; null where one of them is not known.
Json totals_of(const std::vector<Obligation>& owed) {
  Json totals = Json::array();
  for (auto first = owed.begin(); first != owed.end();) {
    std::optional<std::uint64_t> sum = 0;
    const auto end = std::find_if(first, owed.end(),
                                  [&](const Obligation& one) { return one.duty != first->duty; });
    for (auto one = first; one != end; ++one) {
      sum = sum && one->count ? std::optional(*sum + *one->count) : std::nullopt;
    }
    totals.push_back({{"duty", name(first->duty)},
                      {"objects", end - first},
                      {"count", sum ? Json(std::to_string(*sum)) : Json()}});
    first = end;
  }
  return totals;
}

// All but the consents that it is asked for.
TextAnswer obligations_text(const Query& query, const ledger::OrgId& org) {
  if (!get_object<ledger::OrgObject>(query, org.text)) return not_found("organisation", org.text);
  const auto owed = obligations_of(*query.view, query.at, org);
  const auto slice = slice_of(query, owed.size());
  if (!slice) return std::unexpected(slice.error());
  const std::int64_t today = header_of(*query.view, query.at)->time.day();
  Json items = Json::array();
  for (const Obligation& one : std::span(owed).subspan(slice->from, slice->count)) {
    items.push_back(to_json(one, today));
  }
  return of_snapshot(query,
                     to_text(Json{{"org", org.text},
                                  {"day", today},
                                  {"totals", totals_of(owed)},
                                  {"items", std::move(items)},
                                  {"cursor", slice->cursor ? Json(*slice->cursor) : Json()}}));
}

std::string with_consents(std::string text, std::string_view consents) {
  text.pop_back();
  return text.append(R"(,"consents_asked":)").append(consents).append("}");
}

// What is pending is of no height: a named one has the same answer for ever.
void org_obligations(const Query& query, const WaiterPtr& waiter) {
  const ledger::OrgId org{query.params.text("org")};
  const TextAnswer text = obligations_text(query, org);
  if (!text || query.params.height("at")) {
    return waiter->resolve([text]() -> TextAnswer {
      if (!text) return text;
      return with_consents(*text, "null");
    });
  }
  ask_pending(query.services, waiter, [text = *text, org](const Pending& pending) -> TextAnswer {
    const auto asked = std::ranges::count_if(
        pending, [&](const PendingStatement& entry) { return waits_for(entry, org); });
    return with_consents(text, std::to_string(asked));
  });
}

constexpr std::array kSubmit{
    ParamSpec{"statement", ParamType::statement, true, "The signed statement."},
    ParamSpec{"wait_ms", ParamType::number, false,
              "How long to wait for the receipts; 10,000 by default.", 3'600'000}};
constexpr std::array kStatus{ParamSpec{"id", ParamType::record_id, true,
                                       "org/ref, or the statement id in hex while it is pending."}};
constexpr ParamSpec kOrg{"org", ParamType::org, true, "The organisation's id."};
constexpr std::array kObligations{kOrg, kAt, kCursor, kLimit};
constexpr std::array kInbox{kOrg};

constexpr std::array kMethods{
    Method{.name = "record_submit",
           .summary = "Hands in a signed statement and waits for its receipts.",
           .params = kSubmit,
           .result = "status:text, id:text, statement:hex, height:decimal, log_index:decimal, "
                     "receipts:object",
           .start = record_submit,
           .envelope = Envelope::none},
    Method{.name = "record_status",
           .summary = "Where a submitted statement stands.",
           .params = kStatus,
           .result = "status:text, id:text, statement:hex, height:decimal, log_index:decimal, "
                     "receipts:object, proof:object",
           .start = record_status,
           .envelope = Envelope::none},
    Method{.name = "inbox",
           .summary = "Pending statements that wait for an organisation, or were sent by it.",
           .params = kInbox,
           .result = "org:text, waits_for_org:array, sent_by_org:array",
           .start = inbox,
           .envelope = Envelope::none},
    Method{.name = "org_obligations",
           .summary = "What an organisation owes: plantings, trees, visits, answers.",
           .params = kObligations,
           .result = "org:text, day:integer, totals:array, items:array, cursor:text?, "
                     "consents_asked:integer?",
           .start = org_obligations,
           .lane = Lane::slow}};

}  // namespace

std::span<const Method> submission_methods() { return kMethods; }

}  // namespace treeproof::rpc
