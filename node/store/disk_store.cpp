#include "node/store/disk_store.h"

#include <cassert>

#include "crypto/cbor.h"
#include "crypto/hash.h"
#include "node/store/erasure.h"
#include "node/store/key_layout.h"
#include "node/store/snapshot_writer.h"

namespace treeproof::store {

std::expected<std::unique_ptr<Store>, StoreError> Store::open(const std::filesystem::path& folder,
                                                              const ledger::Genesis& genesis) {
  return DiskStore::open({folder}, genesis);
}

replica::Tip make_tip(const TipRecord& record, replica::ValidatorsPtr validators,
                      replica::ValidatorsPtr previous_validators) {
  return {record.height, record.header_hash,    record.time,
          record.log,    std::move(validators), std::move(previous_validators),
          record.commit};
}

DiskStore::~DiskStore() {
  // The threads read the database, and the view holds a snapshot of it.
  proofs_.reset();
  lookups_.reset();
  latest_.store(nullptr);
}

replica::Tip DiskStore::tip() const {
  return make_tip(writer_.tip(), validators_, previous_validators_);
}

crypto::StateMap DiskStore::build_state_map() const {
  if (checked_map_) {
    crypto::StateMap map = *std::move(checked_map_);
    checked_map_.reset();
    return map;
  }
  const auto objects = hash_objects(*database_, [](std::string_view) {});
  if (!objects) stop_on_disk_failure(objects.error());
  crypto::StateMap map;
  map.apply(*objects);
  return map;
}

std::unexpected<StoreError> DiskStore::fail(const std::string& why) {
  const std::lock_guard hold(failure_lock_);
  if (!failure_) {
    failure_ = "the store in " + folders_.all.string() + " can no longer be written: " + why +
               "; the node stops here and loses nothing: see to the disk, then start it again";
  }
  return std::unexpected(*failure_);
}

std::expected<void, StoreError> DiskStore::writable() const {
  const std::lock_guard hold(failure_lock_);
  if (failure_) return std::unexpected(*failure_);
  return {};
}

std::expected<void, StoreError> DiskStore::commit(const replica::Commit& commit) {
  if (auto can = writable(); !can) return can;
  const auto places = blocks_->append(commit.block->block, commit.certificate);
  if (!places) return fail(places.error());
  if (auto applied = apply(commit, *places); !applied) return fail(applied.error());
  return {};
}

// [rule 24] One synced batch a height: all of it or nothing, whatever fails.
std::expected<void, std::string> DiskStore::apply(const replica::Commit& commit,
                                                  const BlockPlaces& places) {
  Batch batch;
  const replica::ExecutedBlock& block = *commit.block;
  Additions additions = writer_.write({commit, places, attachments_->end()}, *state_, batch);
  for (const auto& statement : block.statements) {
    const auto* attachment = ledger::attachment_of(statement->payload);
    if (attachment != nullptr) attachments_->claim(attachment->root, batch);
  }
  note_redactions(block.effects.changes, block.header.height, batch);
  if (auto written = database_->write(batch, Durability::synced); !written) return written;
  attachments_->note_indexed(writer_.tip().attachments_end);
  state_->note_committed(block.effects.changes, block.header.height);
  checked_map_.reset();
  header_ = block.header;
  previous_validators_ = std::move(validators_);
  validators_ = block.next_validators;
  if (!lookups_) return {};  // still opening
  lookups_->push(std::move(additions));
  proofs_->push(commit.block);
  publish(header_);
  return {};
}

void DiskStore::publish(const ledger::Header& header) {
  const ViewSources sources{*database_, *blocks_, *attachments_, *lookups_, genesis_log_};
  latest_.store(std::make_shared<const StoreView>(
      sources, StoreView::Moment{header, writer_.tip().header_hash, writer_.tip().validators_since,
                                 validators_, base_}));
}

std::expected<void, StoreError> DiskStore::put_attachments(
    std::span<const PackedAttachment> attachments) {
  if (auto can = writable(); !can) return can;
  if (auto put = attachments_->put(attachments); !put) return fail(put.error());
  return {};
}

std::expected<void, StoreError> DiskStore::drop_attachments(std::span<const crypto::Hash> roots) {
  if (auto can = writable(); !can) return can;
  if (auto dropped = attachments_->drop(roots); !dropped) return fail(dropped.error());
  return {};
}

std::expected<void, StoreError> DiskStore::give_back_space() {
  if (auto can = writable(); !can) return can;
  if (auto given = attachments_->give_back(); !given) return fail(given.error());
  return {};
}

std::vector<crypto::Hash> DiskStore::unclaimed_attachments() const {
  return attachments_->unclaimed();
}

std::expected<void, StoreError> DiskStore::erase_redacted() {
  if (auto can = writable(); !can) return can;
  if (auto erased = store::erase_redacted(*database_, *attachments_); !erased) {
    return fail(erased.error());
  }
  return {};
}

std::expected<void, StoreError> DiskStore::put_evidence(const bft::VerifiedEvidence& evidence) {
  if (auto can = writable(); !can) return can;
  Batch batch;
  batch.put(evidence_key(offence_id(bft::offence_of(evidence.evidence()))), evidence.bytes());
  if (auto put = database_->write(batch, Durability::synced); !put) return fail(put.error());
  return {};
}

std::expected<void, StoreError> DiskStore::put_alarm(const replica::RecordAlarm& alarm) {
  if (auto can = writable(); !can) return can;
  crypto::CborWriter quorums;
  quorums.array(alarm.quorums.size());
  for (const auto& quorum : alarm.quorums) quorums.raw(bft::encode(quorum));
  Batch batch;
  batch.put(alarm_key(alarm.kind, alarm.quorums.front().height), quorums.finish());
  if (auto put = database_->write(batch, Durability::synced); !put) return fail(put.error());
  return {};
}

std::optional<Height> DiskStore::fork() const {
  const std::string prefix = alarm_prefix(bft::AlarmKind::second_quorum);
  Cursor cursor = database_->cursor();
  cursor.seek(prefix);
  if (!cursor.valid() || !cursor.key().starts_with(prefix)) return std::nullopt;
  return Height{crypto::read_u64be(crypto::as_bytes(cursor.key().substr(prefix.size())))};
}

std::optional<replica::PastDecision> DiskStore::past(Height height) const {
  const auto places = read_places(*database_, {}, height);
  if (!places) return std::nullopt;
  return replica::PastDecision{blocks_->certificate(*places),
                               read_validators(*database_, {}, height)};
}

// Unsynced: what comes back after a crash is found settled then, and forgotten again.
std::expected<void, StoreError> DiskStore::forget_evidence(std::span<const crypto::Hash> offences) {
  if (auto can = writable(); !can) return can;
  Batch batch;
  for (const crypto::Hash& offence : offences) batch.erase(evidence_key(offence));
  if (auto erased = database_->write(batch, Durability::buffered); !erased) {
    return fail(erased.error());
  }
  return {};
}

std::vector<bft::Evidence> DiskStore::evidence() const {
  std::vector<bft::Evidence> kept;
  Cursor cursor = database_->cursor();
  for (cursor.seek(kEvidencePrefix); cursor.valid() && cursor.key().starts_with(kEvidencePrefix);
       cursor.next()) {
    auto evidence = bft::decode_evidence(crypto::as_bytes(cursor.value()), chain_id_);
    if (!evidence) stop_on_disk_failure("evidence that was stored does not decode");
    kept.push_back(*std::move(evidence));
  }
  Database::stop_if_failed(cursor);
  return kept;
}

std::expected<void, StoreError> DiskStore::write_snapshot(const rpc::ChainView& of,
                                                          SnapshotContent content,
                                                          const SnapshotOut& out) const {
  const auto& view = dynamic_cast<const StoreView&>(of);
  auto certificate = carried_certificate(*latest_.load(), view.height());
  if (!certificate) certificate = view.certificate(view.height());
  assert(certificate.has_value());
  return store::write_snapshot(view, *certificate, content, out);
}

std::optional<replica::Decided> DiskStore::decided(Height height) const {
  const auto places = read_places(*database_, {}, height);
  if (!places) return std::nullopt;
  return replica::Decided{blocks_->certificate(*places), blocks_->block(*places)};
}

rpc::ChainViewPtr DiskStore::latest() const { return latest_.load(); }

std::optional<rpc::ChainReader::StateProof> DiskStore::state_proof(const ledger::ObjectKey& key,
                                                                   Height at) const {
  const auto view = latest_.load();
  if (at > view->height()) return std::nullopt;
  const auto value_of = [&](const crypto::Hash& neighbour) {
    const auto name = lookups_->name_of(neighbour, at);
    const auto value = name ? view->object_at(*name, at) : nullptr;
    if (!value) stop_on_disk_failure("an object behind the state map is missing");
    return *value;
  };
  rpc::ChainReader::StateProof proof{{}, view->object_at(key, at)};
  const crypto::Hash hash = crypto::state_key(key.name_space, key.id);
  const bool is_kept = proofs_->look(at, [&](const crypto::StateMap& map) {
    proof.ics23 =
        proof.value ? map.prove_existence(hash, *proof.value) : map.prove_absence(hash, value_of);
  });
  if (!is_kept) return std::nullopt;
  return proof;
}

}  // namespace treeproof::store
