// check_store: the whole ledger made again from the blocks, in a database beside the stored one,
// and both compared key by key.
#include <functional>

#include "consensus/ledger/redaction.h"
#include "node/store/check_findings.h"
#include "node/store/check_restored.h"
#include "node/store/disk_store.h"
#include "node/store/key_layout.h"
#include "node/store/replay.h"
#include "node/store/restoration.h"

namespace treeproof::store {

namespace {

// What the stored database should hold, growing block by block.
struct Remade {
  std::unique_ptr<Database> database;
  std::unique_ptr<StoredState> state;
  HeightWriter writer{{}, {}};
};

// Removed with everything in it when the check is over.
struct WorkFolder {
  std::filesystem::path path;
  explicit WorkFolder(std::filesystem::path folder) : path(std::move(folder)) { clear(); }
  ~WorkFolder() { clear(); }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  void clear() const {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
};

std::expected<Remade, std::string> start(const std::filesystem::path& folder,
                                         const ledger::Genesis& genesis,
                                         const AttachmentFiles& attachments) {
  auto database = Database::open(folder);
  if (!database) return std::unexpected(database.error());
  Remade remade{*std::move(database), nullptr};
  remade.state = std::make_unique<StoredState>(*remade.database, attachments);
  Batch batch;
  remade.writer = HeightWriter::genesis(genesis, *remade.state, batch);
  if (auto put = remade.database->write(batch, Durability::buffered); !put) {
    return std::unexpected(put.error());
  }
  const auto noted =
      hash_objects(*remade.database, [&](std::string_view key) { remade.state->note_stored(key); });
  if (!noted) return std::unexpected(noted.error());
  return remade;
}

// Executes one stored block on what was remade so far.
std::expected<void, std::string> remake(Remade& remade, replica::Chain& chain,
                                        const BlockFiles& blocks, const BlockPlaces& places) {
  const auto stored = blocks.try_read(places);
  if (!stored) return std::unexpected(stored.error());
  const auto again = execute_again(chain, *stored);
  if (!again) return std::unexpected(again.error());
  Batch batch;
  remade.writer.write({*again, places, {}}, *remade.state, batch);
  if (auto put = remade.database->write(batch, Durability::buffered); !put) return put;
  remade.state->note_committed(again->block->effects.changes, again->block->header.height);
  chain.commit(again->block, again->certificate);
  return {};
}

// What a check reads.
struct Opened {
  StoreFolders folders;
  std::unique_ptr<Database> database;
  std::unique_ptr<BlockFiles> blocks;
  std::unique_ptr<AttachmentFiles> attachments;
};

std::expected<Opened, std::string> open_parts(const StoreFolders& folders) {
  if (auto completed = complete_restoration(folders); !completed) {
    return std::unexpected(completed.error());
  }
  auto database = Database::open(folders.ledger());
  if (!database) return std::unexpected(database.error());
  auto blocks = BlockFiles::open(folders.blocks());
  if (!blocks) return std::unexpected(blocks.error());
  auto attachments = AttachmentFiles::open(folders.attachments(), **database);
  if (!attachments) return std::unexpected(attachments.error());
  return Opened{folders, *std::move(database), *std::move(blocks), *std::move(attachments)};
}

// Statements cannot be judged again by leaves that are gone.
bool has_redactions(const Database& database) {
  const std::string prefix = object_prefix(ledger::kRedactionNamespace);
  Cursor cursor = database.cursor();
  cursor.seek(prefix);
  return cursor.valid() && cursor.key().starts_with(prefix);
}

using ShowProgress = std::function<void(Height done, Height of)>;

// Everything executed again from genesis on.
std::expected<void, std::string> check_from_genesis(const Opened& opened,
                                                    const ledger::Genesis& genesis,
                                                    const TipRecord& tip,
                                                    const ShowProgress& progress,
                                                    CheckReport& report) {
  const WorkFolder work(opened.folders.all / "check");
  auto remade = start(work.path, genesis, *opened.attachments);
  if (!remade) return std::unexpected(remade.error());
  const auto first_set = std::make_shared<const ValidatorSet>(ledger::genesis_validators(genesis));
  crypto::StateMap map;
  map.apply(*hash_objects(*remade->database, [](std::string_view) {}));
  replica::Chain chain(ledger::chain_id(genesis), *remade->state, std::move(map),
                       make_tip(remade->writer.tip(), first_set, first_set));
  while (chain.tip().height < tip.height) {
    const Height height = chain.tip().height.next();
    const auto places = read_places(*opened.database, {}, height);
    const auto done = places ? remake(*remade, chain, *opened.blocks, *places)
                             : std::unexpected(std::string("it is missing"));
    if (!done) {
      report.findings.push_back("block " + std::to_string(height.value) + ": " + done.error() +
                                "; what follows was not checked");
      return {};
    }
    ++report.blocks;
    report.statements = chain.tip().log.size() - ledger::genesis_log_entries(genesis).size();
    progress(height, tip.height);
  }
  find_differences(*opened.database, *remade->database, report.findings);
  find_tip_differences(tip, remade->writer.tip(), report.findings);
  find_lookup_damage(opened.folders.lookups(), *remade->database, *opened.attachments, tip,
                     report.findings);
  return {};
}

}  // namespace

std::expected<CheckReport, StoreError> check_store(
    const std::filesystem::path& folder, const ledger::Genesis& genesis,
    const std::function<void(Height done, Height of)>& progress) {
  const StoreFolders folders{folder};
  if (!std::filesystem::exists(folders.ledger())) {
    return std::unexpected("there is no store in " + folder.string());
  }
  const auto claimed = claim(folders);
  if (!claimed) return std::unexpected(claimed.error());
  const auto opened = open_parts(folders);
  if (!opened) return std::unexpected(opened.error());
  const Database& database = *opened->database;
  const auto stored_tip = database.get(kTipKey);
  const auto tip = decode_tip(crypto::as_bytes(stored_tip ? *stored_tip : std::string()));
  if (!tip) return CheckReport{{}, {}, 0, 0, {"the tip is missing or does not decode"}};
  const BaseRecord base = read_base(database, {});
  CheckReport report{tip->height, base.height, 0, 0, {}};
  const bool has_states = base.height.value == 0 && !has_redactions(database);
  if (!has_states) {
    const std::string chain_id = ledger::chain_id(genesis);
    const BaseRecord first{Height{1}, ledger::genesis_log_entries(genesis).size()};
    check_restored({database, *opened->blocks, *opened->attachments, chain_id},
                   base.height.value > 0 ? base : first, *tip, progress, report);
  } else if (auto done = check_from_genesis(*opened, genesis, *tip, progress, report); !done) {
    return std::unexpected(done.error());
  }
  find_attachment_damage(database, *opened->attachments, report.findings);
  return report;
}

}  // namespace treeproof::store
