#include "rpc/certificate_builder.h"

#include <cassert>

#include "consensus/ledger/lookups.h"
#include "crypto/merkle.h"
#include "rpc/member_views.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using proofs::TreeCertificate;
using Filled = std::expected<void, RpcError>;

// The last height whose validators are those of `from`, in the unbroken sense that the next
// height's are others. Requires: validators(from) differ from validators(to), from < to.
Height last_of_set(const ChainView& view, Height from, Height to) {
  const crypto::Hash set = view.validators(from)->hash();
  while (from.next() < to) {
    const Height middle{from.value + (to.value - from.value) / 2};
    (view.validators(middle)->hash() == set ? from : to) = middle;
  }
  return from;
}

proofs::SetChange change_at(const ChainView& view, Height height) {
  const auto certificate = view.certificate(height);
  auto header = view.header_bytes(height);
  assert(certificate.has_value() && header.has_value());
  return {*std::move(header), bind_of(*certificate), certificate->signatures,
          view.validators(height.next())->encode()};
}

// The statement with its path and the receipts of this height.
Filled fill_statement(const ChainView& view, std::uint64_t log_index, TreeCertificate& out) {
  auto statement = view.log_entry(log_index);
  const auto certificate = view.certificate(view.height());
  if (!statement || !certificate) return pruned(begins_later(view));
  out.statement = *std::move(statement);
  const auto source = [&](std::uint32_t level, std::uint64_t index) {
    return view.log_subtree(level, index);
  };
  out.log_path = {log_index, crypto::inclusion_path(log_index, view.header().log_size, source)};
  out.bind = bind_of(*certificate);
  out.receipts = certificate->signatures;
  return {};
}

Filled add_proof(Services& services, const ChainView& view, ledger::ObjectKey key,
                 proofs::Status& status) {
  auto proof = services.chain.state_proof(key, view.height());
  if (!proof) return pruned("Ask for the certificate again: the chain went on meanwhile.");
  std::optional<crypto::Bytes> value;
  if (proof->value) value = *proof->value;
  status.entries.push_back(
      {std::move(key.name_space), std::move(key.id), std::move(value), std::move(proof->ics23)});
  return {};
}

// Batch, plot and issuer as of this height.
Filled fill_status(Services& services, const ChainView& view, const TreeView& tree,
                   const ledger::ObjectId& batch, TreeCertificate& out) {
  proofs::Status status;
  status.header = view.block(view.height())->header_bytes;
  std::vector<ledger::ObjectKey> keys{{"object", batch.text}};
  if (tree.batch.plot) keys.push_back({"object", tree.batch.plot->text});
  keys.push_back({std::string(ledger::OrgObject::kNamespace), tree.link->allocation.org().text});
  for (ledger::ObjectKey& key : keys) {
    if (auto added = add_proof(services, view, std::move(key), status); !added) return added;
  }
  out.status = std::move(status);
  return {};
}

RpcError no_leaves() {
  return pruned("This node does not hold the leaves that the certificate opens.").error();
}

}  // namespace

std::expected<std::vector<proofs::SetChange>, RpcError> set_changes(const ChainView& view,
                                                                    Height from) {
  std::vector<proofs::SetChange> changes;
  const Height to = view.height();
  while (from < to && view.validators(from)->hash() != view.validators(to)->hash()) {
    if (changes.size() == proofs::kSetChangesMax) {
      return limit_exceeded("set_changes",
                            "Too many changes of validators: use a newer trust file.");
    }
    const Height last = last_of_set(view, from, to);
    changes.push_back(change_at(view, last));
    from = last.next();
  }
  return changes;
}

std::expected<TreeCertificate, RpcError> build_certificate(Services& services,
                                                           const ChainView& view,
                                                           const CertificateRequest& request) {
  const auto tree = view_tree(view, request.tree);
  if (!tree) return std::unexpected(tree.error());
  if (!tree->link) return not_found("unit that holds tree", request.tree.text);
  const auto [allocation, link_index] = *tree->link;
  const auto record = ledger::record_of(view, allocation);
  assert(record.has_value());

  TreeCertificate certificate;
  auto filled = fill_statement(view, record->log_index, certificate);
  if (!filled) return std::unexpected(filled.error());
  auto link = services.link_trees.open(view, allocation, link_index);
  if (!link) return std::unexpected(no_leaves());
  certificate.link = std::move(link->leaf);
  certificate.link_path = {link_index, std::move(link->path)};
  if (request.status == StatusPart::included) {
    filled = fill_status(services, view, *tree, request.tree.batch(), certificate);
    if (!filled) return std::unexpected(filled.error());
  }
  auto changes = set_changes(view, request.from_height);
  if (!changes) return std::unexpected(changes.error());
  certificate.set_changes = *std::move(changes);
  return certificate;
}

proofs::Trust own_trust(const Services& services, const ChainView& view) {
  return {services.chain_id, services.genesis_hash,       Height{1},
          std::nullopt,      *view.validators(Height{1}), std::nullopt};
}

}  // namespace treeproof::rpc
