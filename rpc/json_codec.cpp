#include "rpc/json_codec.h"

#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/ledger/batch_objects.h"
#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/chain_objects.h"
#include "consensus/ledger/dispute_objects.h"
#include "consensus/ledger/parameters.h"
#include "consensus/ledger/placed_objects.h"
#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/points_objects.h"
#include "rpc/json_decoder.h"
#include "rpc/json_encoder.h"

namespace treeproof::rpc {

namespace {

template <class T>
Json decoded(crypto::ByteSpan bytes) {
  const auto object = ledger::decode<T>(bytes);
  assert(object.has_value());
  return built(*object).take();
}

using Decode = Json (*)(crypto::ByteSpan);

// Objects of the namespace "object", by their type.
template <class... T>
Json by_type(std::string_view type, crypto::ByteSpan bytes) {
  Decode decode = nullptr;
  ((decode = T::kType == type ? &decoded<T> : decode), ...);
  assert(decode != nullptr);
  return decode(bytes);
}

// Every other namespace holds objects of one type.
template <class... T>
Json by_namespace(std::string_view name_space, crypto::ByteSpan bytes) {
  Decode decode = nullptr;
  ((decode = T::kNamespace == name_space ? &decoded<T> : decode), ...);
  return decode == nullptr ? Json(crypto::to_hex(bytes)) : decode(bytes);
}

}  // namespace

std::expected<ledger::Payload, JsonFault> payload_from_json(const Json& json,
                                                            std::string_view name) {
  JsonInput in(json, std::string(name));
  ledger::Payload payload;
  JsonDecoder(in).value(payload);
  if (!in.ok()) return std::unexpected(in.fault());
  return payload;
}

Json payload_to_json(const ledger::Payload& payload) { return built(payload).take(); }
Json to_json(const ledger::AttachmentRef& attachment) { return built(attachment).take(); }
Json to_json(const ledger::LinksRef& links) { return built(links).take(); }

Json to_json(const ledger::Numbers& numbers) {
  Json rows = Json::array();
  for (const auto& number : numbers) {
    rows.push_back({{"label", number.label}, {"value", number.value}});
  }
  return rows;
}

Json to_json(const ledger::Refusal& refusal) {
  return {{"reason", ledger::name(refusal.reason)},
          {"sentence", ledger::sentence(refusal.reason)},
          {"numbers", to_json(refusal.numbers)}};
}

Json object_to_json(std::string_view name_space, crypto::ByteSpan object) {
  using namespace ledger;
  if (name_space == "object") {
    return by_type<ProposalObject, Recorded<Approve>, Recorded<Consent>, Recorded<KeyPut>,
                   Recorded<KeyRevoke>, ProgrammeObject, Recorded<IssuePoints>, CampaignObject,
                   PlotObject, PledgeObject, EvidenceObject, BatchObject, VerifyObject,
                   RedemptionObject, AllocationObject, Recorded<PledgeRelease>,
                   Recorded<CampaignRevise>, Recorded<CloseCampaign>, Recorded<Refund>,
                   Recorded<ExpirePoints>, ObservationObject, Recorded<Mortality>, DisputeObject,
                   ReplacementObject, Recorded<Revive>, Recorded<Correct>, Recorded<Assign>,
                   Recorded<PlotRevision>, Recorded<PlotClose>, Recorded<Handover>>(
        tag_of(object, "type"), object);
  }
  return by_namespace<OrgObject, KeyOwner, ConsentObject, CampaignTally, SeriesObject,
                      YearDaysObject, PhotoUse, Species, Parameters, SentinelObject, BeaconObject,
                      PlotById, RegulatorsObject, TargetObject, DisputeById>(name_space, object);
}

}  // namespace treeproof::rpc
