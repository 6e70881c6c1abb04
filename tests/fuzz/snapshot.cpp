#include <cassert>

#include "consensus/replica/snapshot_reader.h"
#include "tests/fuzz/golden.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

namespace {

// One record: there is one encoding for each.
int judge_record(crypto::ByteSpan content) {
  const auto record = replica::decode_snapshot_record(content);
  if (!record) {
    assert(!record.error().empty());
    return kRefused;
  }
  crypto::Bytes again;
  replica::append_snapshot_record(again, *record);
  assert(crypto::equal(crypto::ByteSpan(again).subspan(replica::kSnapshotLengthBytes), content));
  return kTaken;
}

struct Judged {
  std::size_t records = 0;
  std::string fault;
};
Judged judge_all(std::initializer_list<crypto::ByteSpan> cuts) {
  replica::SnapshotReader reader(golden().trust);
  Judged judged;
  for (const crypto::ByteSpan cut : cuts) {
    const auto records = reader.take(cut);
    if (!records) return {judged.records, to_string(records.error())};
    judged.records += records->size();
  }
  if (const auto whole = reader.finish(); !whole) judged.fault = to_string(whole.error());
  return judged;
}

}  // namespace

// [0, record] or [1, where it is cut, snapshot]: the same is said wherever a snapshot is cut.
int fuzz_snapshot(crypto::ByteSpan input) {
  if (input.size() < 2) return kRefused;
  if (input[0] % 2 == 0) return judge_record(input.subspan(1));
  const crypto::ByteSpan snapshot = input.subspan(2);
  const std::size_t cut = snapshot.size() * input[1] / 255;
  const Judged whole = judge_all({snapshot});
  const Judged pieces = judge_all({snapshot.first(cut), snapshot.subspan(cut)});
  assert(pieces.fault == whole.fault && pieces.records >= whole.records);
  assert(whole.fault.empty() || whole.fault.starts_with("snapshot_"));
  return pieces.records > 0 ? kTaken : kRefused;
}

}  // namespace treeproof::fuzz
