#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "crypto/merkle.h"
#include "tests/conformance/crypto/vectors.h"

namespace treeproof::crypto {
namespace {

using Json = nlohmann::json;

std::optional<Hash> hash_from(const Json& text) {
  const auto bytes = text.is_string() ? from_base64(text.get<std::string>()) : std::nullopt;
  Hash hash;
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

// A path with an element of another length is none.
std::optional<std::vector<Hash>> path_from(const Json& proof) {
  std::vector<Hash> path;
  for (const Json& element : proof) {
    const auto hash = hash_from(element);
    if (!hash) return std::nullopt;
    path.push_back(*hash);
  }
  return path;
}

bool inclusion_holds(const Json& probe) {
  const auto path = path_from(probe["proof"]);
  const auto leaf = hash_from(probe["leafHash"]);
  const auto root = hash_from(probe["root"]);
  return path && leaf && root &&
         verify_inclusion(*leaf, probe["leafIdx"], probe["treeSize"], *path, *root);
}

bool consistency_holds(const Json& probe) {
  const auto path = path_from(probe["proof"]);
  const auto from_root = hash_from(probe["root1"]);
  const auto to_root = hash_from(probe["root2"]);
  return path && from_root && to_root &&
         verify_consistency(probe["size1"], probe["size2"], *path, *from_root, *to_root);
}

void run_probes(const std::string& kind, bool (*holds)(const Json&)) {
  const auto folder = conformance::vectors_folder() / "rfc9162-merkle" / kind;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  int accepted = 0;
  int refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const Json probe = Json::parse(conformance::read_file(entry.path()));
    const bool wanted = !probe["wantErr"].get<bool>();
    EXPECT_EQ(holds(probe), wanted) << entry.path() << ": " << probe["desc"];
    (wanted ? accepted : refused) += 1;
  }
  EXPECT_GT(accepted, 0);
  EXPECT_GT(refused, 0);
  ::testing::Test::RecordProperty("probes", accepted + refused);
}

TEST(Rfc9162Probes, InclusionHoldsOrFailsAsWanted) { run_probes("inclusion", inclusion_holds); }

TEST(Rfc9162Probes, ConsistencyHoldsOrFailsAsWanted) {
  run_probes("consistency", consistency_holds);
}

}  // namespace
}  // namespace treeproof::crypto
