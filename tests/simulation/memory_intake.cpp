#include "tests/simulation/memory_intake.h"

#include <algorithm>

#include "consensus/ledger/object_content.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/redaction.h"

namespace treeproof::simulation {

namespace {

std::unexpected<replica::RestoreFailure> refused(const replica::SnapshotFault& fault) {
  return std::unexpected(replica::RestoreFailure{fault.reason, to_string(fault)});
}

}  // namespace

crypto::Bytes MemoryStore::snapshot(const std::string& chain_id,
                                    const bft::CommitCertificate& certificate) const {
  crypto::Bytes out;
  const auto put = [&](const replica::SnapshotRecord& record) {
    replica::append_snapshot_record(out, record);
  };
  put(replica::SnapshotHead{chain_id, first_validators_->encode()});
  for (replica::SnapshotSetChange change : set_changes_) {
    if (change.certificate.height == certificate.height) change.certificate = certificate;
    put(change);
  }
  put(replica::SnapshotBlock{*blocks_.back().block->block, certificate});
  constexpr std::size_t kTile = replica::SnapshotLog::kHashesMax;
  for (std::size_t at = 0; at < leaves_.size(); at += kTile) {
    const auto first = leaves_.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kTile, leaves_.size() - at));
    put(replica::SnapshotLog{{first, first + count}});
  }
  for (const auto& [key, value] : objects_) {
    const auto content = ledger::content_of(key, *value).value();
    replica::SnapshotObject record{key, value, {}, {}};
    const std::uint32_t pages = content.pages ? ledger::page_count(content.pages->members) : 0;
    for (std::uint32_t index = 0; index < pages; ++index) {
      auto written = page({key.id, index});
      if (written) record.pages.emplace_back(index, std::move(written));
    }
    if (content.links) record.links = links_.at(key.id);
    put(record);
  }
  put(replica::SnapshotEnd{});
  return out;
}

MemoryIntake::MemoryIntake(const MemoryStore& empty, Disk& disk, proofs::Trust trust)
    : disk_(disk), reader_(std::move(trust)), restored_(empty) {
  restored_.objects_.clear();
  restored_.pages_.clear();
  restored_.leaves_.clear();
}

MemoryIntake::Done<void> MemoryIntake::take(crypto::ByteSpan bytes) {
  const auto records = reader_.take(bytes);
  if (!records) return refused(records.error());
  for (const replica::SnapshotRecord& record : *records) {
    std::visit([this](const auto& chosen) { put(chosen); }, record);
  }
  return {};
}

void MemoryIntake::put(const replica::SnapshotHead& head) {
  restored_.first_validators_ =
      std::make_shared<const ValidatorSet>(ValidatorSet::decode(head.validators).value());
}

void MemoryIntake::put(const replica::SnapshotSetChange& change) {
  restored_.set_changes_.push_back(change);
}

void MemoryIntake::put(const replica::SnapshotBlock& block) {
  restored_.base_ = block.certificate.height;
  restored_.base_decision_ = replica::PastDecision{block.certificate, nullptr};
}

void MemoryIntake::put(const replica::SnapshotLog& log) {
  restored_.leaves_.insert(restored_.leaves_.end(), log.leaf_hashes.begin(), log.leaf_hashes.end());
}

void MemoryIntake::put(const replica::SnapshotObject& object) {
  restored_.objects_[object.key] = object.value;
  for (const auto& [index, page] : object.pages) restored_.pages_[{object.key.id, index}] = page;
  if (object.links) restored_.links_[object.key.id] = *object.links;
}

MemoryIntake::Done<void> MemoryIntake::end() {
  if (auto whole = reader_.finish(); !whole) return refused(whole.error());
  restored_.tip_ = reader_.tip();
  restored_.base_validators_ = restored_.tip_.validators;
  restored_.base_decision_->validators = restored_.tip_.previous_validators;
  return {};
}

std::vector<ledger::AttachmentRef> MemoryIntake::missing(std::size_t limit) {
  std::vector<ledger::AttachmentRef> found;
  for (const auto& [key, value] : restored_.objects_) {
    const auto named = ledger::content_of(key, *value).value().attachment;
    if (!named || ledger::is_redacted(restored_, named->root)) continue;
    if (disk_.store.holds(named->root)) continue;
    found.push_back(*named);
    if (found.size() == limit) break;
  }
  return found;
}

// The move of a folder: from here on it counts, and replaces the store when the node opens it.
MemoryIntake::Done<void> MemoryIntake::finish() {
  restored_.attachments_ = disk_.store.attachments_;
  for (const auto& [key, value] : restored_.objects_) {
    const auto content = ledger::content_of(key, *value).value();
    if (content.attachment && !ledger::is_redacted(restored_, content.attachment->root)) {
      if (!restored_.holds(content.attachment->root)) {
        return refused({replica::SnapshotRefusal::attachment_missing, key.id});
      }
      restored_.claimed_.insert(content.attachment->root);
    }
    const bool holds =
        !content.links || ledger::are_links(restored_, *content.links, restored_.links_.at(key.id));
    if (!holds) return refused({replica::SnapshotRefusal::wrong_links, key.id});
  }
  disk_.restored = std::move(restored_);
  return {};
}

std::optional<Height> MemoryIntake::height() const {
  return reader_.has_block() ? std::optional(reader_.header().height) : std::nullopt;
}

}  // namespace treeproof::simulation
