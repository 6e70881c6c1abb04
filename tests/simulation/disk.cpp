#include "tests/simulation/disk.h"

#include <algorithm>
#include <array>
#include <utility>

#include "consensus/types/limits.h"
#include "crypto/merkle.h"
#include "node/store/journal_record.h"

namespace treeproof::simulation {

namespace {

std::vector<crypto::Hash> leaves_of(const crypto::Bytes& bytes) {
  std::vector<crypto::Hash> leaves;
  for (std::size_t at = 0; at < bytes.size(); at += kSnapshotPartBytes) {
    const std::size_t count = std::min(kSnapshotPartBytes, bytes.size() - at);
    leaves.push_back(crypto::leaf_hash(crypto::ByteSpan(bytes).subspan(at, count)));
  }
  return leaves;
}

}  // namespace

KeptSnapshot keep(Height height, crypto::Bytes bytes) {
  const replica::SnapshotOffer offer{height, bytes.size(), crypto::merkle_root(leaves_of(bytes))};
  return {offer, std::make_shared<const crypto::Bytes>(std::move(bytes))};
}

std::optional<replica::SnapshotPart> KeptSnapshot::part(std::uint64_t index) const {
  const auto leaves = leaves_of(*bytes);
  if (index >= leaves.size()) return std::nullopt;
  const std::size_t at = index * kSnapshotPartBytes;
  const std::size_t count = std::min(kSnapshotPartBytes, bytes->size() - at);
  return replica::SnapshotPart{{offer.root, index},
                               crypto::inclusion_path(index, leaves),
                               crypto::to_bytes(crypto::ByteSpan(*bytes).subspan(at, count))};
}

bft::GuardState Guard::raised(const replica::RaiseFloor& floor) const {
  bft::GuardState next = state_;
  next.raise_floor(floor.height, floor.round, floor.step);
  return next;
}

void Guard::write(const bft::GuardState& next) { put(next, bft::kGuardSlotBytes); }

void Guard::tear(const bft::GuardState& next, std::uint64_t random) {
  constexpr std::size_t kRecordBytes = 192;  // about as many as are not zero
  put(next, random % kRecordBytes);
}

// [rule 23] The older slot is written over, so that the newer one is whole whatever happens.
void Guard::put(const bft::GuardState& next, std::size_t bytes) {
  const crypto::Bytes slot = bft::encode_guard_slot(next);
  const auto place = static_cast<std::ptrdiff_t>(bft::guard_slot_offset(next));
  std::copy_n(slot.begin(), bytes, file_.begin() + place);
  state_ = bft::decode_guard_file(file_).value();
}

bool Disk::crash(JournalFault fault, const Random& random) {
  const std::vector<replica::Journal> lost = std::exchange(unsynced, {});
  if (fault == JournalFault::none || lost.empty()) return true;
  std::array<crypto::Bytes, 2> halves;
  crypto::Bytes& file = halves.front();
  for (const replica::Journal& record : journal) {
    store::append_journal_record(file, record, {1, file.size()});
  }
  crypto::Bytes pending;
  for (const replica::Journal& record : lost) {
    store::append_journal_record(pending, record, {1, file.size()});
  }
  const std::size_t written = random(pending.size());
  // The whole of it reached the disk, but a page of it went elsewhere first.
  const std::size_t place = fault == JournalFault::torn ? file.size() : random(file.size() + 1);
  file.resize(std::max(file.size(), place + written));
  std::copy_n(pending.begin(), written, file.begin() + static_cast<std::ptrdiff_t>(place));
  if (fault == JournalFault::misdirected) file.insert(file.end(), pending.begin(), pending.end());
  file.resize(file.size() + 4'096);  // reserved, never written
  const auto content = store::read_journal(halves);
  if (!content) return false;
  journal = content->records;
  return true;
}

}  // namespace treeproof::simulation
