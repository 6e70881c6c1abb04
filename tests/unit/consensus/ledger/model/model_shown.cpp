// Evidence, and the attachments that statements announce.
#include <algorithm>
#include <cstdlib>

#include "tests/unit/consensus/ledger/model/model.h"

namespace treeproof::ledger::model {

Reasons Model::hear(const Said& said, const Evidence& payload) {
  Reasons against;
  if (payload.bytes == 0) against.insert(Reason::empty);
  if (payload.day > said.day + 1) against.insert(Reason::evidence_in_future);  // I11
  if (payload.position) {
    const auto& [lat, lon] = *payload.position;
    if (lat % 1'000 != 0 || lon % 1'000 != 0) {
      against.insert(Reason::evidence_position_not_rounded);
    }
    const bool on_earth = std::abs(lat) <= 900'000'000 && std::abs(lon) <= 1'800'000'000;
    if (!on_earth) against.insert(Reason::evidence_position_invalid);
  }
  if (against.empty()) books.evidence[said.object()] = {said.org, payload.kind, payload.sha256};
  return against;
}

namespace {

// Nothing of it counts: what was not rejected is voided.
bool is_void(const Batch& batch) {
  bool any = false;
  for (const Tree& tree : batch.trees) {
    if (tree.fate == Fate::voided) {
      any = true;
    } else if (tree.standing != Standing::rejected) {
      return false;
    }
  }
  return any;
}

}  // namespace

// I10: a photo proves one planting that is not voided; other evidence may serve several.
void Model::ask_evidence(const EvidenceList& list, Reasons& against) const {
  std::set<crypto::Hash> photos;
  for (const ObjectId& id : list) {
    const auto found = books.evidence.find(id.text);
    if (found == books.evidence.end()) {
      against.insert(Reason::evidence_unknown);
      continue;
    }
    if (found->second.kind != EvidenceKind::photo) continue;
    const bool is_told_twice = !photos.insert(found->second.sha256).second;
    if (is_told_twice) against.insert(Reason::photo_used);
    for (const auto& [name, batch] : books.batches) {
      if (!is_void(batch) && batch.photos.contains(found->second.sha256)) {
        against.insert(Reason::photo_used);
      }
    }
  }
}

void Model::take_evidence(const EvidenceList& list, Batch& batch) const {
  for (const ObjectId& id : list) {
    const EvidenceBook& shown = books.evidence.at(id.text);
    if (shown.kind == EvidenceKind::photo) batch.photos.insert(shown.sha256);
  }
}

// What is redacted comes back by nobody's announcement.
void Model::ask_attachment(const AttachmentRef& attachment, Reasons& against) const {
  if (books.redacted.contains(attachment.root)) against.insert(Reason::attachment_missing);
}

void Model::announce(const AttachmentRef& attachment) {
  books.leaves[attachment.root] = attachment.count;
}

// Anything that lives, waits or holds land.
bool Model::needs(const crypto::Hash& root) const {
  for (const auto& [id, batch] : books.batches) {
    const auto matters = [](const Tree& tree) { return tree.lives() || tree.is_owed; };
    if (batch.leaves == root && std::ranges::any_of(batch.trees, matters)) return true;
  }
  for (const auto& [id, redemption] : books.redemptions) {
    const auto waits = [](const Unit& unit) {
      return unit.state == UnitState::free || unit.state == UnitState::owed;
    };
    if (redemption.leaves == root && std::ranges::any_of(redemption.units, waits)) return true;
  }
  for (const auto& [id, plot] : books.plots) {
    if (plot.geometry == root && holds_land(id)) return true;
  }
  return false;
}

bool Model::is_redacted(const Batch& batch) const { return books.redacted.contains(batch.leaves); }

}  // namespace treeproof::ledger::model
