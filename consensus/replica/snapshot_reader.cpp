#include "consensus/replica/snapshot_reader.h"

#include <algorithm>
#include <cassert>

#include "consensus/ledger/genesis.h"
#include "consensus/ledger/object_content.h"
#include "consensus/ledger/pages.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"

namespace treeproof::replica {

namespace {

constexpr std::size_t kHeadKind = 0;
constexpr std::size_t kChangeKind = 1;
constexpr std::size_t kBlockKind = 2;
constexpr std::size_t kLogKind = 3;
constexpr std::size_t kEndKind = 6;

std::unexpected<SnapshotFault> fault(SnapshotRefusal reason, std::string detail = {}) {
  return std::unexpected(SnapshotFault{reason, std::move(detail)});
}

// Head, block and end once, the log before the objects, nothing behind the end.
bool may_follow(bool has_begun, std::size_t before, std::size_t kind) {
  if (!has_begun) return kind == kHeadKind;
  if (kind == kBlockKind) return before <= kChangeKind;
  if (kind == kChangeKind) return before <= kChangeKind;
  if (kind == kLogKind) return before == kBlockKind || before == kLogKind;
  return kind > kLogKind && before >= kLogKind && kind >= before && before != kEndKind;
}

// Every page of the object, null where none was written.
std::vector<ledger::SharedBytes> spread(const SnapshotObject& object, std::uint64_t members) {
  std::vector<ledger::SharedBytes> pages(ledger::page_count(members));
  for (const auto& [index, page] : object.pages) {
    if (index >= pages.size()) return {};
    pages[index] = page;
  }
  return pages;
}

}  // namespace

std::string_view to_string(SnapshotRefusal refusal) noexcept {
  static constexpr std::array<std::string_view, 17> kNames{
      "snapshot_record_malformed",   "snapshot_record_out_of_order",
      "snapshot_wrong_chain",        "snapshot_foreign_validators",
      "snapshot_set_change_invalid", "snapshot_not_certified",
      "snapshot_policy_unmet",       "snapshot_too_old",
      "snapshot_wrong_block",        "snapshot_wrong_log",
      "snapshot_wrong_pages",        "snapshot_links_missing",
      "snapshot_wrong_state",        "snapshot_wrong_links",
      "snapshot_attachment_missing", "snapshot_cut_short",
      "snapshot_another_height"};
  return kNames[static_cast<std::size_t>(refusal)];
}

std::string to_string(const SnapshotFault& fault) {
  const std::string name(to_string(fault.reason));
  return fault.detail.empty() ? name : name + ": " + fault.detail;
}

SnapshotReader::SnapshotReader(proofs::Trust trust) : trust_(std::move(trust)) {
  trust_.from_height = std::max(trust_.from_height, Height{1});
}

SnapshotReader::Read<std::vector<SnapshotRecord>> SnapshotReader::take(crypto::ByteSpan bytes) {
  rest_.insert(rest_.end(), bytes.begin(), bytes.end());
  const crypto::ByteSpan all = rest_;
  std::vector<SnapshotRecord> records;
  std::size_t at = 0;
  while (all.size() - at >= kSnapshotLengthBytes) {
    const std::size_t length = crypto::read_u32be(all.subspan(at));
    if (length > kSnapshotRecordBytesMax) {
      return fault(SnapshotRefusal::record_malformed, "a record is too long");
    }
    if (all.size() - at - kSnapshotLengthBytes < length) break;
    auto record = decode_snapshot_record(all.subspan(at + kSnapshotLengthBytes, length));
    if (!record) return fault(SnapshotRefusal::record_malformed, record.error());
    if (auto holds = judge(*record); !holds) return std::unexpected(holds.error());
    records.push_back(*std::move(record));
    at += kSnapshotLengthBytes + length;
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(at));
  return records;
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotRecord& record) {
  if (!may_follow(has_begun_, kind_, record.index())) {
    return fault(SnapshotRefusal::record_out_of_order);
  }
  const bool log_is_over = kind_ == kLogKind && record.index() > kLogKind;
  if (log_is_over) {
    if (auto whole = check_log(); !whole) return whole;
  }
  has_begun_ = true;
  kind_ = record.index();
  return std::visit([this](const auto& chosen) { return judge(chosen); }, record);
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotHead& head) {
  if (head.chain_id != trust_.chain_id) return fault(SnapshotRefusal::wrong_chain, head.chain_id);
  auto validators = ValidatorSet::decode(head.validators);
  if (!validators) return fault(SnapshotRefusal::foreign_validators, "the first set is malformed");
  first_ = *std::move(validators);
  walk_.emplace(head.chain_id, *first_, Height{1});
  return {};
}

// Where the current set, in force until this height, is the one that the trust speaks of, it is
// the trusted one.
bool SnapshotReader::is_trusted(Height until) const {
  const bool is_anchor = walk_->since() <= trust_.from_height && trust_.from_height <= until;
  return !is_anchor || walk_->set() == trust_.validators;
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotSetChange& change) {
  if (!is_trusted(change.certificate.height)) return fault(SnapshotRefusal::foreign_validators);
  ValidatorSet current = walk_->set();
  auto taken = walk_->take(change.header, change.certificate, change.validators);
  if (!taken) return fault(SnapshotRefusal::set_change_invalid, taken.error());
  before_ = std::move(current);
  return {};
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotBlock& block) {
  const Height height = block.certificate.height;
  if (!is_trusted(height)) return fault(SnapshotRefusal::foreign_validators);
  if (height < trust_.from_height) {
    return fault(SnapshotRefusal::too_old, "it is of height " + std::to_string(height.value));
  }
  // The last change may be the block's own: then the set before it certified the block.
  const bool is_change = before_ && walk_->since() == height.next();
  if (!is_change && walk_->since() > height) {
    return fault(SnapshotRefusal::set_change_invalid, "a change of validators above the block");
  }
  const ValidatorSet& own = is_change ? *before_ : walk_->set();
  auto header =
      proofs::certified_header(block.block.header_bytes, block.certificate, trust_.chain_id, own);
  if (!header) return fault(SnapshotRefusal::not_certified, header.error());
  if (header->next_validators_hash != walk_->set().hash()) {
    return fault(SnapshotRefusal::set_change_invalid, "the block's own change is missing");
  }
  if (trust_.policy) {
    auto satisfied = proofs::check_policy(*trust_.policy, block.certificate.signatures);
    if (!satisfied) return fault(SnapshotRefusal::policy_unmet, satisfied.error());
  }
  if (!is_change) before_ = walk_->set();
  header_ = *std::move(header);
  header_hash_ = block.certificate.block.header_hash;
  commit_ = bft::encode(block.certificate);
  return check_body(block.block);
}

SnapshotReader::Read<void> SnapshotReader::check_body(const ledger::Block& block) {
  for (const crypto::Bytes& statement : block.statements) {
    block_leaves_.push_back(crypto::leaf_hash(statement));
  }
  const bool matches = header_->evidence_hash == ledger::evidence_hash(block) &&
                       block_leaves_.size() < header_->log_size;
  return matches ? Read<void>{} : fault(SnapshotRefusal::wrong_block);
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotLog& log) {
  const auto genesis = ledger::genesis_log_entries(trust_.genesis, *first_);
  const std::uint64_t block_from = header_->log_size - block_leaves_.size();
  for (const crypto::Hash& leaf : log.leaf_hashes) {
    const std::uint64_t index = log_.size();
    if (index >= header_->log_size) return fault(SnapshotRefusal::wrong_log, "it is too long");
    if (index < genesis.size() && leaf != crypto::leaf_hash(genesis[index])) {
      return fault(SnapshotRefusal::wrong_chain, "the log begins with another genesis");
    }
    if (index >= block_from && leaf != block_leaves_[index - block_from]) {
      return fault(SnapshotRefusal::wrong_block, "the log ends with other statements");
    }
    log_.append(leaf);
  }
  return {};
}

SnapshotReader::Read<void> SnapshotReader::check_log() const {
  const bool holds = log_.size() == header_->log_size && log_.root() == header_->log_root;
  return holds ? Read<void>{} : fault(SnapshotRefusal::wrong_log);
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotObject& object) {
  const auto which = [&] { return object.key.name_space + " " + object.key.id; };
  std::string key = object.key.name_space + '\0' + object.key.id;
  if (key <= last_key_) return fault(SnapshotRefusal::record_out_of_order, which());
  const auto content = ledger::content_of(object.key, *object.value);
  if (!content) return fault(SnapshotRefusal::record_malformed, which());
  if (content->pages.has_value()) {
    const auto pages = spread(object, content->pages->members);
    const bool holds = !pages.empty() && ledger::pages_root(pages) == content->pages->root;
    if (!holds) return fault(SnapshotRefusal::wrong_pages, which());
  } else if (!object.pages.empty()) {
    return fault(SnapshotRefusal::wrong_pages, which());
  }
  if (content->links.has_value() != object.links.has_value()) {
    return fault(SnapshotRefusal::links_missing, which());
  }
  objects_.push_back({crypto::sha256(crypto::as_bytes(key)), crypto::sha256(*object.value)});
  last_key_ = std::move(key);
  return {};
}

SnapshotReader::Read<void> SnapshotReader::judge(const SnapshotEnd&) {
  has_ended_ = true;
  return {};
}

SnapshotReader::Read<void> SnapshotReader::finish() {
  if (!has_ended_) return fault(SnapshotRefusal::cut_short);
  if (!rest_.empty()) return fault(SnapshotRefusal::record_out_of_order, "bytes behind the end");
  std::ranges::sort(objects_, {}, &crypto::StateMapChange::key);  // a map is made faster in order
  crypto::StateMap map;
  map.apply(objects_);
  const bool holds = map.size() > 0 && map.root() == header_->state_root;
  return holds ? Read<void>{} : fault(SnapshotRefusal::wrong_state);
}

Tip SnapshotReader::tip() const {
  assert(has_ended_ && header_ && before_);
  return {header_->height,
          header_hash_,
          header_->time,
          log_,
          std::make_shared<const ValidatorSet>(walk_->set()),
          std::make_shared<const ValidatorSet>(*before_),
          commit_};
}

}  // namespace treeproof::replica
