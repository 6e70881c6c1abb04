// The parameters that governance may set (params_set), each with its default and its bounds.
// Owns the table. Callers: rules, replica (heartbeat), rpc. Pure.
// Source: docs/ledger.md table of parameters; docs/protocol.md section 11.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "consensus/ledger/schema.h"

namespace treeproof::ledger {

struct Parameters {
  static constexpr std::string_view kName = "parameters";
  static constexpr std::string_view kNamespace = "parameters";  // one object, id "current"
  std::uint64_t iat_max_age_s = 30 * 86'400;
  std::uint64_t iat_max_ahead_s = 300;
  std::uint64_t heartbeat_ms = 60'000;
  std::uint64_t proposal_expiry_days = 90;
  std::uint64_t plot_area_max_m2 = 20'000'000;  // 2,000 ha
  std::uint64_t overlap_pair_max_ppm = 5'000;   // of the smaller of a pair
  std::uint64_t overlap_sum_max_ppm = 10'000;   // of a plot, over all its neighbours
  std::uint64_t density_slack_ppm = 50'000;
  std::uint64_t field_delay_days = 180;
  std::uint64_t history_until_day = 0;  // inventories up to this block day are redeemable
  std::uint64_t sample_minimum = 50;    // campaignless batches
  std::uint64_t validators_min = 4;
  // Evidence is judged while the offence is at most so many heights or so many days old.
  std::uint64_t evidence_max_age_heights = 100'000;
  std::uint64_t evidence_max_age_days = 30;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("heartbeat_ms", self.heartbeat_ms);
    visit("iat_max_age_s", self.iat_max_age_s);
    visit("sample_minimum", self.sample_minimum);
    visit("validators_min", self.validators_min);
    visit("iat_max_ahead_s", self.iat_max_ahead_s);
    visit("field_delay_days", self.field_delay_days);
    visit("plot_area_max_m2", self.plot_area_max_m2);
    visit("density_slack_ppm", self.density_slack_ppm);
    visit("history_until_day", self.history_until_day);
    visit("overlap_sum_max_ppm", self.overlap_sum_max_ppm);
    visit("overlap_pair_max_ppm", self.overlap_pair_max_ppm);
    visit("proposal_expiry_days", self.proposal_expiry_days);
    visit("evidence_max_age_days", self.evidence_max_age_days);
    visit("evidence_max_age_heights", self.evidence_max_age_heights);
  }
  bool operator==(const Parameters&) const = default;
};
inline constexpr std::string_view kParametersId = "current";

struct ParameterRow {
  std::string_view name;
  std::uint64_t Parameters::* value;
  std::uint64_t min;
  std::uint64_t max;
  std::string_view help;
  bool holds(std::uint64_t candidate) const noexcept {
    return candidate >= min && candidate <= max;
  }
};
// Every parameter, ascending by name. The default is that of Parameters.
std::span<const ParameterRow> parameter_rows() noexcept;
const ParameterRow* find_parameter(std::string_view name) noexcept;

}  // namespace treeproof::ledger
