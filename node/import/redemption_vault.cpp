#include "node/import/redemption_vault.h"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "consensus/types/limits.h"
#include "rpc/json_input.h"

namespace treeproof::import {

namespace {

using rpc::Json;
using rpc::JsonInput;

constexpr SealedForm kForm{".vault", "treeproof vault 1\n"};
constexpr rpc::JsonLimits kLimits{.depth_max = 4, .values_max = 4u << 20, .keys_max = 16};

Json optional_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

std::string document_of(const SealedBatch& batch) {
  Json rows = Json::array();
  for (const SealedRow& row : batch.rows) {
    std::string salts;
    for (const crypto::Bytes& salt : row.salts) salts += crypto::to_hex(salt);
    rows.push_back(Json::array({row.id, row.reference, salts}));
  }
  return rpc::to_text({{"campaign", batch.campaign},
                       {"programme", batch.programme},
                       {"species", optional_text(batch.species)},
                       {"pledge", optional_text(batch.pledge)},
                       {"price", std::to_string(batch.price)},
                       {"rows", std::move(rows)}});
}

std::string required_text(JsonInput& in, std::string_view key) {
  std::string text;
  if (!in.require(key)) return text;
  text = in.text();
  in.leave();
  return text;
}

std::optional<std::string> nullable_text(JsonInput& in, std::string_view key) {
  std::optional<std::string> text;
  if (!in.require(key)) return text;
  if (!in.is_null()) text = in.text();
  in.leave();
  return text;
}

SealedRow read_row(JsonInput& in) {
  SealedRow row;
  if (in.array(3, 3) != 3) return row;
  in.enter(std::size_t{0});
  row.id = in.text();
  in.leave();
  in.enter(1);
  row.reference = in.text();
  in.leave();
  in.enter(2);
  const crypto::Bytes salts = in.bytes(kSaltBytes * kAttachmentLeavesMax);
  if (salts.empty() || salts.size() % kSaltBytes != 0) in.fail("holds no salts");
  in.leave();
  for (auto at = salts.begin(); in.ok() && at != salts.end(); at += kSaltBytes) {
    row.salts.emplace_back(at, at + kSaltBytes);
  }
  return row;
}

cli::Result<SealedBatch> batch_of_document(std::string_view text) {
  const auto json = rpc::parse_json(text, kLimits);
  if (!json) return cli::fail(rpc::to_string(json.error()), "");
  JsonInput in(*json, "vault");
  SealedBatch batch;
  in.object();
  batch.campaign = required_text(in, "campaign");
  batch.programme = required_text(in, "programme");
  batch.species = nullable_text(in, "species");
  batch.pledge = nullable_text(in, "pledge");
  if (in.require("price")) {
    batch.price = in.uint(kQuantityMax);
    in.leave();
  }
  if (in.require("rows")) {
    const std::size_t count = in.array(1, kAttachmentLeavesMax);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      in.enter(i);
      batch.rows.push_back(read_row(in));
      in.leave();
    }
    in.leave();
  }
  in.no_other_keys();
  if (!in.ok()) return cli::fail(rpc::to_string(in.fault()), "");
  return batch;
}

}  // namespace

std::uint64_t SealedBatch::unit_count() const noexcept {
  std::uint64_t count = 0;
  for (const SealedRow& row : rows) count += row.salts.size();
  return count;
}

cli::Result<RedemptionVault> RedemptionVault::open(const std::filesystem::path& folder,
                                                   VaultKey key) {
  auto opened = SealedFolder::open(folder, std::move(key));
  if (!opened) return std::unexpected(opened.error());
  RedemptionVault vault(*std::move(opened));
  if (auto read = vault.read_all(); !read) return std::unexpected(read.error());
  return vault;
}

cli::Result<void> RedemptionVault::read_all() {
  const auto refs = folder_.refs(kForm);
  if (!refs) return std::unexpected(refs.error());
  for (const std::string& ref : *refs) {
    auto batch = read(ref);
    if (!batch) return std::unexpected(batch.error());
    if (keep(*std::move(batch))) continue;
    return cli::fail(
        "An order of \"" + folder_.file_of(kForm, ref).string() + "\" stands in another file too.",
        "Was a file of another vault put here? Take it away.");
  }
  return {};
}

cli::Result<SealedBatch> RedemptionVault::read(const std::string& ref) const {
  auto text = folder_.read(kForm, ref);
  if (!text) return std::unexpected(text.error());
  auto batch = batch_of_document(crypto::as_text(*text));
  wipe(text->data(), text->size());
  if (!batch) {
    return cli::fail("\"" + folder_.file_of(kForm, ref).string() +
                         "\" is not as it must be: " + batch.error().what + ".",
                     "Was it written by a newer version?");
  }
  batch->ref = ref;
  return batch;
}

bool RedemptionVault::keep(SealedBatch batch) {
  std::string ref = batch.ref;
  const SealedBatch& kept = batches_.emplace(std::move(ref), std::move(batch)).first->second;
  return std::ranges::all_of(kept.rows, [&](const SealedRow& row) {
    return places_.emplace(row.id, SealedPlace{&kept, &row}).second;
  });
}

SealedPlace RedemptionVault::find(const std::string& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? SealedPlace{} : found->second;
}

cli::Result<void> RedemptionVault::put(SealedBatch batch) {
  assert(!batches_.contains(batch.ref));
  if (auto written = folder_.write(kForm, batch.ref, document_of(batch)); !written) return written;
  const bool is_new = keep(std::move(batch));
  assert(is_new);
  return {};
}

}  // namespace treeproof::import
