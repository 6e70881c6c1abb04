// Opening: parts, tip, tail, state, and the blocks that outran LevelDB; in this order.
#include <algorithm>
#include <cerrno>
#include <system_error>

#include "consensus/ledger/chain_objects.h"
#include "crypto/hash.h"
#include "node/store/disk_store.h"
#include "node/store/erasure.h"
#include "node/store/key_layout.h"
#include "node/store/replay.h"
#include "node/store/restoration.h"

namespace treeproof::store {

namespace {

constexpr std::uint64_t kTailBlocks = 16;  // whose hash links are checked on opening
constexpr std::size_t kHeightBytes = 8;

std::unexpected<std::string> damaged(std::string why) { return std::unexpected(std::move(why)); }

// What views of height 0 show: no block, the log and state that genesis made.
ledger::Header genesis_header(const ledger::Genesis& genesis, const TipRecord& tip) {
  ledger::Header header;
  header.chain_id = ledger::chain_id(genesis);
  header.time = tip.time;
  header.log_size = tip.log.size();
  header.log_root = tip.log.root();
  header.state_root = tip.state_root;
  header.validators_hash = ledger::genesis_validators(genesis).hash();
  header.next_validators_hash = header.validators_hash;
  return header;
}

// A disk without room is no damage.
std::string advice_for(const std::string& why) {
  for (const int error : {ENOSPC, EDQUOT, EFBIG}) {
    const bool lacks_room = why.find(std::generic_category().message(error)) != std::string::npos;
    if (lacks_room) return "; give the disk room, then start again: nothing is lost";
  }
  return "; `treeproof store check` says what is damaged; to recover, move the folder away and "
         "start again: the node catches up from its peers";
}

}  // namespace

std::expected<StateHashes, std::string> hash_objects(
    const Database& database, const std::function<void(std::string_view object_key)>& visit) {
  StateHashes hashes;
  Cursor cursor = database.cursor();
  for (cursor.seek("o"); cursor.valid() && cursor.key().starts_with('o'); cursor.next()) {
    visit(cursor.key());
    const std::string_view stored = cursor.value();
    if (stored.size() < kHeightBytes) return damaged("an object's height is missing");
    const std::string_view value = stored.substr(kHeightBytes);
    if (value.empty()) continue;  // removed
    // What follows the letter is what the state map hashes: namespace, 0, id.
    hashes.push_back({crypto::sha256(crypto::as_bytes(cursor.key().substr(1))),
                      crypto::sha256(crypto::as_bytes(value))});
  }
  if (auto status = cursor.status(); !status) return std::unexpected(status.error());
  std::ranges::sort(hashes, {}, &crypto::StateMapChange::key);  // a map is made faster in order
  return hashes;
}

std::expected<File, std::string> claim(const StoreFolders& folders) {
  if (auto made = make_folder(folders.all); !made) return std::unexpected(made.error());
  auto file = File::open(folders.all / "lock", FileMode::create);
  if (!file) return file;
  if (auto locked = file->lock(); !locked) {
    return std::unexpected(locked.error() + "; stop the node or the check that runs there");
  }
  return file;
}

std::expected<std::unique_ptr<Store>, StoreError> DiskStore::open(const StoreFolders& folders,
                                                                  const ledger::Genesis& genesis) {
  auto claimed = claim(folders);
  if (!claimed) return std::unexpected(claimed.error());
  std::unique_ptr<DiskStore> store(new DiskStore(folders));
  store->claim_ = *std::move(claimed);
  auto opened = complete_restoration(folders);
  if (opened) opened = store->open_all(genesis);
  if (!opened) {
    return std::unexpected("the store in " + folders.all.string() +
                           " cannot be opened: " + opened.error() + advice_for(opened.error()));
  }
  return store;
}

std::expected<void, std::string> DiskStore::open_all(const ledger::Genesis& genesis) {
  chain_id_ = ledger::chain_id(genesis);
  genesis_log_ = ledger::genesis_log_entries(genesis);
  if (auto opened = open_files(); !opened) return opened;
  if (auto loaded = load_tip(genesis); !loaded) return loaded;
  if (auto held = check_tail(genesis); !held) return held;
  if (auto indexed = attachments_->index_rest(writer_.tip().attachments_end); !indexed) {
    return indexed;
  }
  auto objects = check_state();
  if (!objects) return std::unexpected(objects.error());
  const auto moved = execute_rest();
  if (!moved) return std::unexpected(moved.error());
  if (*moved) {
    objects = check_state();
    if (!objects) return std::unexpected(objects.error());
  }
  if (auto erased = store::erase_redacted(*database_, *attachments_); !erased) return erased;
  start_followers(*std::move(objects));
  return {};
}

std::expected<void, std::string> DiskStore::open_files() {
  for (const auto& folder : {folders_.all, folders_.lookups()}) {
    if (auto made = make_folder(folder); !made) return made;
  }
  auto database = Database::open(folders_.ledger());
  if (!database) return std::unexpected(database.error());
  database_ = *std::move(database);
  auto blocks = BlockFiles::open(folders_.blocks());
  if (!blocks) return std::unexpected(blocks.error());
  blocks_ = *std::move(blocks);
  auto attachments = AttachmentFiles::open(folders_.attachments(), *database_);
  if (!attachments) return std::unexpected(attachments.error());
  attachments_ = *std::move(attachments);
  state_ = std::make_unique<StoredState>(*database_, *attachments_);
  return {};
}

std::expected<void, std::string> DiskStore::create(const ledger::Genesis& genesis) {
  Cursor cursor = database_->cursor();
  cursor.seek("");
  if (cursor.valid()) return damaged("its tip is missing");
  if (auto status = cursor.status(); !status) return status;
  Batch batch;
  writer_ = HeightWriter::genesis(genesis, *state_, batch);
  return database_->write(batch, Durability::synced);
}

std::expected<void, std::string> DiskStore::load_tip(const ledger::Genesis& genesis) {
  const auto stored = database_->get(kTipKey);
  if (!stored) {
    if (auto created = create(genesis); !created) return created;
  } else {
    auto tip = decode_tip(crypto::as_bytes(*stored));
    if (!tip) return damaged("its tip does not decode");
    LogTiles tiles = LogTiles::load(*database_, tip->log.size());
    writer_ = HeightWriter(*std::move(tip), std::move(tiles));
  }
  const auto sentinel = database_->get(object_key(
      {std::string(ledger::SentinelObject::kNamespace), std::string(ledger::kSentinelId)}));
  const auto expected = ledger::encode(ledger::SentinelObject{genesis.file_hash});
  const bool same_genesis =
      sentinel &&
      sentinel->substr(std::min(kHeightBytes, sentinel->size())) == crypto::as_text(expected);
  if (!same_genesis) return damaged("it belongs to another genesis file");
  const Height height = writer_.tip().height;
  validators_ = read_validators(*database_, {}, height.next());
  previous_validators_ = read_validators(*database_, {}, height);
  header_ = genesis_header(genesis, writer_.tip());
  base_ = read_base(*database_, {});
  return {};
}

// The last blocks link to one another and to the tip; the tip is what its header says. What the
// block of a snapshot follows on is not held: validators certified it. [rule 28]
std::expected<void, std::string> DiskStore::check_tail(const ledger::Genesis& genesis) {
  const TipRecord& tip = writer_.tip();
  crypto::Hash expected = tip.header_hash;
  const std::uint64_t first = std::max<std::uint64_t>(base_.height.value, 1);
  const std::uint64_t count = std::min(kTailBlocks, tip.height.value + 1 - first);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Height height{tip.height.value - i};
    const std::string which = "the block of height " + std::to_string(height.value);
    const auto places = read_places(*database_, {}, height);
    if (!places) return damaged(which + " is missing");
    const auto stored = blocks_->try_read(*places);
    if (!stored) return damaged(which + ": " + stored.error());
    const auto header = ledger::decode_header(stored->block->header_bytes);
    const bool links = header && header->height == height &&
                       ledger::header_hash(stored->block->header_bytes) == expected &&
                       stored->certificate.block.header_hash == expected;
    if (!links) return damaged(which + " does not link to the one after it");
    expected = header->previous;
    if (i > 0) continue;
    const bool is_tip = header->state_root == tip.state_root &&
                        header->log_size == tip.log.size() && header->log_root == tip.log.root() &&
                        bft::encode(stored->certificate) == tip.commit;
    if (!is_tip) return damaged("its tip is not what " + which + " says");
    header_ = *header;
  }
  const bool reaches_genesis = count == tip.height.value && base_.height.value <= 1;
  const bool begins = !reaches_genesis || expected == genesis.file_hash;
  if (!begins) return damaged("its first block does not follow from the genesis file");
  return {};
}

std::expected<StateHashes, std::string> DiskStore::check_state() {
  auto objects =
      hash_objects(*database_, [this](std::string_view key) { state_->note_stored(key); });
  if (!objects) return objects;
  crypto::StateMap map;
  map.apply(*objects);
  if (map.size() == 0 || map.root() != writer_.tip().state_root) {
    return damaged("the root over its objects is not the state root of height " +
                   std::to_string(writer_.tip().height.value));
  }
  checked_map_ = std::move(map);
  return objects;
}

// True: there were blocks behind the tip, and they are applied now.
std::expected<bool, std::string> DiskStore::execute_rest() {
  const SegmentPosition from = writer_.tip().blocks_end;
  if (from > blocks_->end()) return damaged("blocks that were stored are gone");
  if (from == blocks_->end()) return false;
  replica::Chain chain(chain_id_, *state_, build_state_map(), tip());
  std::string problem;
  const auto take = [&](const BlockPlaces& places, const StoredBlock& stored, SegmentPosition) {
    auto again = execute_again(chain, stored);
    auto applied = again ? apply(*again, places) : std::unexpected(again.error());
    if (!applied) {
      problem = "the block after height " + std::to_string(chain.tip().height.value) +
                " cannot be executed again: " + applied.error();
      return false;
    }
    chain.commit(again->block, again->certificate);
    return true;
  };
  const auto end = blocks_->scan(from, take);
  if (!end) return std::unexpected(end.error());
  if (!problem.empty()) return damaged(problem);
  if (auto cut = blocks_->cut(*end); !cut) return std::unexpected(cut.error());
  return *end > from;
}

void DiskStore::start_followers(StateHashes objects) {
  const TipRecord& tip = writer_.tip();
  lookups_ = std::make_unique<LookupIndexes>(folders_.lookups(), *database_, *attachments_, tip);
  proofs_ = std::make_unique<ProofMap>(std::move(objects), tip.height);
  publish(header_);
}

}  // namespace treeproof::store
