#include "node/import/points_vault.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "consensus/types/limits.h"
#include "rpc/json_input.h"

namespace treeproof::import {

namespace {

using rpc::Json;
using rpc::JsonInput;

constexpr SealedForm kForm{".points", "treeproof points vault 1\n"};
constexpr rpc::JsonLimits kLimits{.depth_max = 4, .values_max = 4u << 20, .keys_max = 8};
static_assert(4 * kAccountsMax + 4 < (4u << 20));

std::string ref_of(const std::string& issue) { return issue.substr(issue.find('/') + 1); }

std::string document_of(const SealedIssue& issue) {
  Json rows = Json::array();
  for (const SealedAccount& sealed : issue.accounts) {
    rows.push_back(Json::array({sealed.account.reference, std::to_string(sealed.account.grams),
                                crypto::to_hex(sealed.salt)}));
  }
  return rpc::to_text({{"issue", issue.issue}, {"accounts", std::move(rows)}});
}

SealedAccount read_account(JsonInput& in) {
  SealedAccount sealed;
  if (in.array(3, 3) != 3) return sealed;
  in.enter(std::size_t{0});
  sealed.account.reference = in.text();
  in.leave();
  in.enter(1);
  sealed.account.grams = in.uint(kQuantityMax);
  in.leave();
  in.enter(2);
  sealed.salt = in.bytes(kSaltBytes);
  if (sealed.salt.size() != kSaltBytes) in.fail("16 bytes are wanted");
  in.leave();
  return sealed;
}

cli::Result<SealedIssue> issue_of_document(std::string_view text) {
  const auto json = rpc::parse_json(text, kLimits);
  if (!json) return cli::fail(rpc::to_string(json.error()), "");
  JsonInput in(*json, "vault");
  SealedIssue issue;
  in.object();
  if (in.require("issue")) {
    issue.issue = in.text();
    in.leave();
  }
  if (in.require("accounts")) {
    const std::size_t count = in.array(1, kAccountsMax);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
      in.enter(i);
      issue.accounts.push_back(read_account(in));
      in.leave();
    }
    in.leave();
  }
  in.no_other_keys();
  if (!in.ok()) return cli::fail(rpc::to_string(in.fault()), "");
  return issue;
}

crypto::Hash commitment_of(const SealedAccount& sealed) {
  return proofs::commitment_of({sealed.salt, sealed.account.reference});
}

}  // namespace

SealedIssue with_fresh_salts(std::string issue, const std::vector<Account>& accounts) {
  SealedIssue sealed{std::move(issue), {}};
  auto salts = fresh_salts(accounts.size());
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    sealed.accounts.push_back({accounts[i], std::move(salts[i])});
  }
  return sealed;
}

cli::Result<std::optional<SealedIssue>> find_issue(const SealedFolder& vault,
                                                   const std::string& issue) {
  const auto file = vault.file_of(kForm, ref_of(issue));
  if (!std::filesystem::exists(file)) return std::nullopt;
  auto text = vault.read(kForm, ref_of(issue));
  if (!text) return std::unexpected(text.error());
  auto sealed = issue_of_document(crypto::as_text(*text));
  wipe(text->data(), text->size());
  if (!sealed) {
    return cli::fail("\"" + file.string() + "\" is not as it must be: " + sealed.error().what + ".",
                     "Was it written by a newer version?");
  }
  if (sealed->issue == issue) return *std::move(sealed);
  return cli::fail("\"" + file.string() + "\" is of " + sealed->issue + ", not of " + issue + ".",
                   "Keep a vault for each organisation.");
}

cli::Result<void> put_issue(const SealedFolder& vault, const SealedIssue& issue) {
  return vault.write(kForm, ref_of(issue.issue), document_of(issue));
}

cli::Result<crypto::SumTree> tree_of(const SealedIssue& issue) {
  std::vector<crypto::SumLeaf> leaves;
  leaves.reserve(issue.accounts.size());
  for (const SealedAccount& sealed : issue.accounts) {
    leaves.push_back({commitment_of(sealed), sealed.account.grams});
  }
  auto tree = crypto::SumTree::build(std::move(leaves));
  if (tree) return *std::move(tree);
  return cli::fail("The accounts of " + issue.issue +
                       " make no tree: " + std::string(crypto::to_string(tree.error())) + ".",
                   "Restore the vault from a copy.");
}

std::optional<proofs::PointsProof> proof_of(const SealedIssue& issue, const crypto::SumTree& tree,
                                            const std::string& reference) {
  const auto found = std::ranges::find(
      issue.accounts, reference,
      [](const SealedAccount& sealed) -> const std::string& { return sealed.account.reference; });
  if (found == issue.accounts.end()) return std::nullopt;
  proofs::PointsProof proof;
  proof.issue = {issue.issue};
  proof.salt = found->salt;
  proof.reference = reference;
  proof.grams = found->account.grams;
  proof.index = tree.index_of(commitment_of(*found)).value();
  proof.accounts = tree.count();
  for (const crypto::SumNode& node : tree.path(proof.index)) {
    proof.path.push_back({node.hash, node.sum});
  }
  return proof;
}

}  // namespace treeproof::import
