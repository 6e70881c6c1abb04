#include "node/import/known_trees.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/ledger/attachment.h"
#include "node/cli/answers.h"

namespace treeproof::import {

namespace {

using rpc::Json;
using enum ledger::TreeCode;

constexpr std::size_t kTreesPerRequest = 1'000;
constexpr std::uint64_t kLeavesPerRequest = 5'000;
constexpr ledger::TreeCode kDead[] = {dead_unallocated, dead_not_owed, dead_owed, dead_replaced};
constexpr ledger::TreeCode kVoided[] = {voided_unallocated, voided_not_owed, voided_owed,
                                        voided_replaced};

std::unexpected<cli::Failure> unreadable() {
  return cli::fail("The node knows states of trees that this program does not.",
                   "Use the program of the node's version.");
}

std::optional<ledger::TreeCode> code_of(const std::string& name) {
  const auto names = ledger::names_of(ledger::TreeCode{});
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<ledger::TreeCode>(found - names.begin());
}

std::optional<std::int32_t> day_at(const Json& object, const char* key) {
  const Json& day = object.at(key);
  return day.is_null() ? std::nullopt : std::optional(day.get<std::int32_t>());
}

// Counts of the codes of which `is` holds.
std::uint64_t count_of(const Json& tally, bool (*is)(ledger::TreeCode)) {
  std::uint64_t count = 0;
  const auto names = ledger::names_of(ledger::TreeCode{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name(names[i]);
    if (is(static_cast<ledger::TreeCode>(i))) count += cli::number_at(tally, name.c_str());
  }
  return count;
}

cli::Result<std::optional<KnownBatch>> load_batch(cli::RpcClient& client, const std::string& id) {
  const auto answer = client.call("batch_get", Json{{"batch", id}});
  if (!answer) {
    const bool is_unknown = answer.error().reason == cli::kReasonNotFound;
    return is_unknown ? cli::Result<std::optional<KnownBatch>>(std::nullopt)
                      : std::unexpected(answer.error());
  }
  const Json& object = answer->at("object");
  KnownBatch batch;
  batch.size = cli::number_at(object.at("leaves"), "count");
  batch.planted_from = day_at(object, "planted_from");
  batch.planted_to = day_at(object, "planted_to");
  for (const Json& part : object.at("species")) {
    const Json& trees = part.at("trees");
    const auto is_there = [](ledger::TreeCode code) { return !is_voided(code); };
    batch.species.push_back(
        {cli::text_at(part, "species"), count_of(trees, is_there), count_of(trees, is_dead)});
  }
  return batch;
}

cli::Result<std::vector<KnownTree>> load_trees(cli::RpcClient& client, const std::string& batch,
                                               const std::vector<std::uint64_t>& trees) {
  std::vector<KnownTree> known;
  known.reserve(trees.size());
  for (std::size_t from = 0; from < trees.size(); from += kTreesPerRequest) {
    std::vector<Json> asked;
    for (std::size_t i = from; i < std::min(trees.size(), from + kTreesPerRequest); ++i) {
      asked.push_back({{"tree", batch + "#" + std::to_string(trees[i])}});
    }
    const auto answers = client.batch("tree_get", asked);
    if (!answers) return std::unexpected(answers.error());
    for (const Json& tree : *answers) {
      const auto code = code_of(cli::text_at(tree, "state"));
      if (!code) return unreadable();
      known.push_back({cli::text_at(tree, "species"), *code});
    }
  }
  return known;
}

struct KnownLeaf {
  std::uint64_t index = 0;
  geometry::Position position;
  ledger::TreeCode code{};
  bool has_exact = false;  // its position is published coarsely: others may share it
};

// The trees of a batch that have a position, as corrections left them.
cli::Result<void> each_leaf(cli::RpcClient& client, const std::string& batch, std::uint64_t size,
                            const std::function<void(const KnownLeaf&)>& visit) {
  for (std::uint64_t from = 0; from < size; from += kLeavesPerRequest) {
    const auto answer = client.call(
        "batch_leaves", Json{{"batch", batch}, {"from", from}, {"limit", kLeavesPerRequest}});
    if (!answer) return std::unexpected(answer.error());
    for (const Json& leaf : answer->at("leaves")) {
      if (leaf.at("lat").is_null()) continue;
      const auto code = code_of(cli::text_at(leaf, "state"));
      if (!code) return unreadable();
      visit({cli::number_at(leaf, "index"),
             {leaf.at("lat").get<std::int32_t>(), leaf.at("lon").get<std::int32_t>()},
             *code,
             !leaf.at("exact").is_null()});
    }
  }
  return {};
}

cli::Result<void> add_places(cli::RpcClient& client, const std::string& batch, std::uint64_t size,
                             PlaceBook& places) {
  return each_leaf(client, batch, size, [&](const KnownLeaf& leaf) {
    if (is_voided(leaf.code)) return;
    const auto [place, is_new] = places.try_emplace(leaf.position, TreeName{batch, leaf.index});
    if (!is_new) place->second.reset();
  });
}

std::unexpected<cli::Failure> unreadable_leaves() {
  return cli::fail("The node's leaves of a batch are not as announced.", "Ask another node.");
}

// The places of a batch as they were recorded, whatever was corrected since.
cli::Result<void> take_out(cli::RpcClient& client, const Json& announced,
                           std::set<geometry::Position>& places) {
  const auto root = crypto::hash_from_hex(cli::text_at(announced, "root"));
  if (!root) return unreadable_leaves();
  const ledger::AttachmentRef ref{*root, cli::number_at(announced, "count"),
                                  cli::number_at(announced, "bytes")};
  auto bytes = client.get("/attachment/" + crypto::to_hex(ref.root), kAttachmentBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  const auto leaves = ledger::Attachment::check(*std::move(bytes), ref);
  if (!leaves || !(*leaves)->trees()) return unreadable_leaves();
  for (const geometry::Position& position : (*leaves)->trees()->positions) places.erase(position);
  return {};
}

cli::Result<PlaceBook> load_places(cli::RpcClient& client, const std::string& holder) {
  const auto batches = cli::list_all(client, "batch_list", Json::object());
  if (!batches) return std::unexpected(batches.error());
  PlaceBook places;
  for (const Json& item : *batches) {
    const Json& object = item.at("object");
    const bool is_wanted =
        cli::text_at(object, "holder") == holder && cli::text_at(object, "positions") == "measured";
    if (!is_wanted) continue;
    const std::uint64_t size = cli::number_at(object.at("leaves"), "count");
    auto added = add_places(client, cli::text_at(item, "id"), size, places);
    if (!added) return std::unexpected(added.error());
  }
  return places;
}

}  // namespace

TreeSource trees_of_node(cli::RpcClient& client, const std::string& holder) {
  return {[&client](const std::string& batch) { return load_batch(client, batch); },
          [&client](const std::string& batch, const std::vector<std::uint64_t>& trees) {
            return load_trees(client, batch, trees);
          },
          [&client, holder] { return load_places(client, holder); }};
}

cli::Result<TakenPlaces> taken_places(cli::RpcClient& client, const std::string& org,
                                      const std::vector<std::string>& plots,
                                      const IsOwnBatch& is_own) {
  const auto batches = cli::list_all(client, "batch_list", Json::object());
  if (!batches) return std::unexpected(batches.error());
  std::map<std::string, std::string> refs;  // by the plot's id
  for (const std::string& ref : plots) refs.emplace(org + "/" + ref, ref);
  TakenPlaces taken;
  std::vector<std::pair<std::string, Json>> own;  // plot's ref, leaves
  for (const Json& item : *batches) {
    const Json& object = item.at("object");
    if (object.at("plot").is_null() || cli::text_at(object, "positions") != "measured") continue;
    const auto plot = refs.find(cli::text_at(object, "plot"));
    if (plot == refs.end()) continue;
    const std::string id = cli::text_at(item, "id");
    const Json& leaves = object.at("leaves");
    if (is_own(plot->second, id)) {
      own.emplace_back(plot->second, leaves);
      continue;
    }
    const auto added =
        each_leaf(client, id, cli::number_at(leaves, "count"), [&](const KnownLeaf& leaf) {
          const bool is_taken = ledger::is_live(leaf.code) && !leaf.has_exact;
          if (is_taken) taken[plot->second].insert(leaf.position);
        });
    if (!added) return std::unexpected(added.error());
  }
  for (const auto& [ref, leaves] : own) {
    const auto of_plot = taken.find(ref);
    if (of_plot == taken.end()) continue;
    if (auto done = take_out(client, leaves, of_plot->second); !done) {
      return std::unexpected(done.error());
    }
  }
  return taken;
}

bool is_dead(ledger::TreeCode code) noexcept {
  return std::ranges::find(kDead, code) != std::end(kDead);
}
bool is_voided(ledger::TreeCode code) noexcept {
  return std::ranges::find(kVoided, code) != std::end(kVoided);
}

}  // namespace treeproof::import
