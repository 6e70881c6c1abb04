#include "node/cli/submission.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "node/cli/answers.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::uint32_t kAnswerMarginMs = 20'000;
constexpr auto kStoringPause = std::chrono::milliseconds(50);

Result<void> upload(RpcClient& client, const ledger::SignedStatement& statement,
                    std::span<const ledger::AttachmentPtr> attachments) {
  const ledger::AttachmentRef* announced = ledger::attachment_of(statement.payload);
  assert(announced != nullptr);
  const auto found = std::ranges::find(attachments, announced->root,
                                       [](const auto& each) { return each->announced().root; });
  if (found == attachments.end()) {
    return fail("The statement announces the attachment " + crypto::to_hex(announced->root) +
                    ", which the node does not hold.",
                "Give the file with --attachment.");
  }
  return client.put_attachment(announced->root, (*found)->bytes());
}

Submitted submitted_of(const ledger::SignedStatement& statement, const Json& answer) {
  Submitted submitted{statement.id, statement.object().text, false, 0, 0, {}};
  submitted.is_committed = text_at(answer, "status") == "committed";
  if (submitted.is_committed) {
    submitted.height = number_at(answer, "height");
    submitted.log_index = number_at(answer, "log_index");
    return submitted;
  }
  for (const Json& org : answer.at("missing_consents")) {
    submitted.missing_consents.push_back(org.get<std::string>());
  }
  return submitted;
}

std::unexpected<Failure> too_late(const ledger::SignedStatement& statement, std::uint32_t wait_ms) {
  const std::string object = statement.object().text;
  return fail(object + " is still waiting for a block after " + std::to_string(wait_ms) + " ms.",
              "It may yet be included: ask with `treeproof record show " + object +
                  "`, or submit it again, which never records it twice.");
}

}  // namespace

std::uint64_t system_seconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

Result<SigningTerms> signing_terms(RpcClient& client) {
  const auto status = client.call("chain_status", Json::object());
  if (!status) return std::unexpected(status.error());
  const bool has_own_clock = status->at("test_clock").get<bool>();
  return SigningTerms{text_at(*status, "chain"),
                      has_own_clock ? number_at(*status, "time") / 1'000 : system_seconds()};
}

crypto::Bytes sign(const ledger::Payload& payload, const KeyFile& key, const SigningTerms& terms) {
  return ledger::sign_statement(payload, ledger::OrgId{key.org}, terms.chain_id, terms.issued_at_s,
                                key.key);
}

// Asks again while the node still stores the attachment, until the time is over.
Result<Submitted> submit(RpcClient& client, const ledger::SignedStatement& statement,
                         std::span<const ledger::AttachmentPtr> attachments,
                         std::uint32_t wait_ms) {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + std::chrono::milliseconds(wait_ms);
  client.set_timeout_ms(wait_ms + kAnswerMarginMs);
  const Json params = {{"statement", crypto::to_base64url(statement.bytes)}, {"wait_ms", wait_ms}};
  for (bool is_uploaded = false;; is_uploaded = true) {
    const auto answer = client.call("record_submit", params);
    if (!answer) return std::unexpected(answer.error());
    if (!answer->value("attachment_missing", false)) {
      Submitted submitted = submitted_of(statement, *answer);
      const bool is_answered = submitted.is_committed || !submitted.missing_consents.empty();
      return is_answered ? Result<Submitted>(std::move(submitted)) : too_late(statement, wait_ms);
    }
    if (steady_clock::now() > deadline) return too_late(statement, wait_ms);
    if (is_uploaded) {
      std::this_thread::sleep_for(kStoringPause);
    } else if (auto sent = upload(client, statement, attachments); !sent) {
      return std::unexpected(sent.error());
    }
  }
}

Result<Submitted> submit_payload(RpcClient& client, const ledger::Payload& payload,
                                 const KeyFile& key,
                                 std::span<const ledger::AttachmentPtr> attachments,
                                 std::uint32_t wait_ms) {
  const auto terms = signing_terms(client);
  if (!terms) return std::unexpected(terms.error());
  const auto parsed = ledger::parse_statement(sign(payload, key, *terms), terms->chain_id);
  if (!parsed) {
    return fail("The statement is malformed: " + ledger::to_string(parsed.error()) + ".",
                "Mend the payload.");
  }
  return submit(client, **parsed, attachments, wait_ms);
}

Json to_json(const Submitted& submitted) {
  const auto when_committed = [&](std::uint64_t value) {
    return submitted.is_committed ? Json(std::to_string(value)) : Json();
  };
  return {{"object", submitted.object},
          {"id", crypto::to_hex(submitted.id)},
          {"status", submitted.is_committed ? "committed" : "pending"},
          {"height", when_committed(submitted.height)},
          {"log_index", when_committed(submitted.log_index)},
          {"missing_consents", submitted.missing_consents}};
}

void print_submitted(const Submitted& submitted, Console& console) {
  console.out() << submitted.object << ": ";
  if (submitted.is_committed) {
    console.out() << "recorded at height " << submitted.height << ", entry " << submitted.log_index
                  << " of the log\n";
    return;
  }
  console.out() << "waits for the consent of";
  for (const std::string& org : submitted.missing_consents) console.out() << ' ' << printable(org);
  console.out() << "\nEach signs: treeproof record consent --id " << crypto::to_hex(submitted.id)
                << " --key KEY\n";
}

}  // namespace treeproof::cli
