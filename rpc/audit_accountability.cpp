// Convictions of validators, and whether what follows from them was carried out.
#include <algorithm>
#include <tuple>

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/genesis.h"
#include "consensus/ledger/lookups.h"
#include "rpc/audit_check.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::ConvictionObject;
using ledger::SentenceObject;

struct Recorded {
  std::string evidence;  // hex
  ConvictionObject conviction;
};

// In the order in which they were recorded.
std::vector<Recorded> convictions_of(const ChainView& view, Height at) {
  std::vector<Recorded> all;
  each_of_namespace(view, at, ConvictionObject::kNamespace,
                    [&](const std::string& id, const crypto::Bytes& bytes) {
                      all.push_back({id, ledger::decode_stored<ConvictionObject>(bytes)});
                      return true;
                    });
  std::ranges::sort(all, {}, [](const Recorded& recorded) {
    return std::tuple(recorded.conviction.recorded_height, recorded.conviction.org,
                      recorded.evidence);
  });
  return all;
}

std::string text_of(const std::optional<std::uint64_t>& height) {
  return height ? std::to_string(*height) : "none";
}

std::string_view standing_of(const SentenceObject& sentence) {
  if (sentence.reinstated_height) return "reinstated";
  return sentence.suspended_height ? "suspended" : "marked";
}

// A sentence that is served: its organisation sits only marked, and only where nobody is spared.
void check_seat(AuditCheck& audit, const SentenceObject& sentence, bool sits,
                std::size_t validators, std::uint64_t minimum) {
  if (sentence.reinstated_height) return;
  if (sits && validators > minimum) {
    audit.fail("convicted_could_be_spared",
               {{"validators", std::to_string(validators)}, {"min", std::to_string(minimum)}});
  }
  if (sits == sentence.suspended_height.has_value()) {
    audit.fail("sentence_differs", {{"sits", sits ? "true" : "false"},
                                    {"suspended_height", text_of(sentence.suspended_height)}});
  }
}

void audit_conviction(AuditReport& report, const ledger::StateReader& state,
                      const ValidatorSet& validators, std::uint64_t minimum,
                      const Recorded& recorded) {
  const ConvictionObject& conviction = recorded.conviction;
  AuditCheck audit(report, recorded.evidence);
  const auto id = ledger::sentence_id(conviction.org, conviction.sentence);
  const auto found = ledger::get<SentenceObject>(state, id);
  if (!found) audit.fail("sentence_missing", {{"sentence", id}});
  const SentenceObject sentence = found.value_or(SentenceObject{});
  audit.expect_at_most("offence_after_record", conviction.height, conviction.recorded_height);
  audit.expect_at_most("sentence_after_record", sentence.convicted_height,
                       conviction.recorded_height);
  const bool sits = validators.find(conviction.org.text) != nullptr;
  if (found) check_seat(audit, sentence, sits, validators.size(), minimum);
  report.rows.push_back({{"org", conviction.org.text},
                         {"kind", std::string(ledger::name(conviction.kind))},
                         {"height", std::to_string(conviction.height)},
                         {"recorded_height", std::to_string(conviction.recorded_height)},
                         {"evidence", recorded.evidence},
                         {"standing", std::string(standing_of(sentence))},
                         {"suspended_height", text_of(sentence.suspended_height)},
                         {"reinstated_height", text_of(sentence.reinstated_height)},
                         {"holds", audit.holds_text()}});
}

}  // namespace

AuditReport audit_accountability(const ChainView& view, Height at,
                                 const std::optional<std::string>& org) {
  const PastState state(view, at);
  const ValidatorSet validators = ledger::validators_of(state);
  const std::uint64_t minimum = ledger::parameters_of(state).validators_min;
  AuditReport report{"accountability", {}, {}, {}};
  for (const Recorded& recorded : convictions_of(view, at)) {
    if (org && *org != recorded.conviction.org.text) continue;
    audit_conviction(report, state, validators, minimum, recorded);
  }
  report.checked = {{"convictions", report.rows.size()}, {"validators", validators.size()}};
  return report;
}

}  // namespace treeproof::rpc
