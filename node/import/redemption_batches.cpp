#include "node/import/redemption_batches.h"

#include <algorithm>
#include <charconv>

#include "node/cli/attachment_build.h"

namespace treeproof::import {

namespace {

std::vector<crypto::Hash> commitments_of(const SealedRow& row) {
  std::vector<crypto::Hash> commitments;
  commitments.reserve(row.salts.size());
  for (const crypto::Bytes& salt : row.salts) {
    commitments.push_back(proofs::commitment_of({salt, row.reference}));
  }
  return commitments;
}

std::vector<crypto::Hash> sorted_commitments(const SealedBatch& batch) {
  std::vector<crypto::Hash> all;
  for (const SealedRow& row : batch.rows) {
    const auto of_row = commitments_of(row);
    all.insert(all.end(), of_row.begin(), of_row.end());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace

std::uint64_t next_number(const RedemptionVault& vault, const std::string& ref_prefix) {
  std::uint64_t next = 1;
  const std::string stem = ref_prefix + "-";
  for (const auto& [ref, batch] : vault.batches()) {
    if (!ref.starts_with(stem)) continue;
    const std::string_view digits = std::string_view(ref).substr(stem.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
    if (is_number) next = std::max(next, number + 1);
  }
  return next;
}

std::vector<SealedBatch> batches_of(const std::vector<RedemptionRow>& rows,
                                    const CampaignTerms& campaign, const BatchNames& names) {
  using Kind = std::pair<std::optional<std::string>, std::optional<std::string>>;
  struct Filling {
    std::size_t batch = 0;
    std::uint64_t units = 0;
  };
  std::vector<SealedBatch> batches;
  std::map<Kind, Filling> open;
  for (const RedemptionRow& row : rows) {
    const auto [found, is_new] = open.try_emplace({row.species, row.pledge});
    Filling& filling = found->second;
    if (is_new || filling.units + row.units > names.units_max) {
      filling = {batches.size(), 0};
      const std::uint64_t number = names.first_number + batches.size();
      batches.push_back({.ref = names.ref_prefix + "-" + std::to_string(number),
                         .campaign = campaign.campaign,
                         .programme = names.programme,
                         .species = row.species,
                         .pledge = row.pledge,
                         .price = row.species ? campaign.prices.at(*row.species)
                                              : campaign.prices.begin()->second,
                         .rows = {}});
    }
    filling.units += row.units;
    batches[filling.batch].rows.push_back({row.id, row.reference, fresh_salts(row.units)});
  }
  return batches;
}

cli::Result<BuiltRedemption> build(const SealedBatch& batch) {
  std::vector<ledger::RedeemLeaf> leaves;
  for (const crypto::Hash& commitment : sorted_commitments(batch)) {
    leaves.push_back({ledger::Share{commitment, batch.price}});
  }
  const std::uint64_t units = leaves.size();
  auto attachment = cli::redeem_attachment(std::move(leaves));
  if (!attachment) return std::unexpected(attachment.error());
  ledger::Redeem payload{.ref = {batch.ref},
                         .campaign = {batch.campaign},
                         .programme = {batch.programme},
                         .species = std::nullopt,
                         .draws = {},
                         .units = units,
                         .grams = units * batch.price,
                         .leaves = (*attachment)->announced()};
  if (batch.species) payload.species = ledger::Code{*batch.species};
  if (batch.pledge) payload.draws.push_back({{*batch.pledge}, units});
  return BuiltRedemption{std::move(payload), *std::move(attachment)};
}

std::vector<UnitOpening> openings_of(const SealedPlace& place) {
  const auto sorted = sorted_commitments(*place.batch);
  const ledger::ObjectId redeem =
      ledger::ObjectId::of(ledger::ObjectId{place.batch->campaign}.org(), {place.batch->ref});
  std::vector<UnitOpening> openings;
  for (const crypto::Bytes& salt : place.row->salts) {
    proofs::Opening opening{salt, place.row->reference};
    const crypto::Hash commitment = proofs::commitment_of(opening);
    const auto index = std::ranges::lower_bound(sorted, commitment) - sorted.begin();
    openings.push_back({ledger::MemberId::of(redeem, static_cast<std::uint64_t>(index)).text,
                        commitment, std::move(opening)});
  }
  return openings;
}

}  // namespace treeproof::import
