#include "node/cli/snapshot_commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/trust_file.h"
#include "node/store/restoration.h"

namespace treeproof::cli {

namespace {

constexpr std::size_t kChunkBytes = 1u << 20;

struct Snapshot {
  Height height;
  crypto::Hash state_root{};
  std::uint64_t bytes = 0;
};

Result<std::unique_ptr<store::Store>> open_home(const std::string& home,
                                                const ledger::Genesis& genesis) {
  auto store = store::Store::open(home, genesis);
  if (store) return *std::move(store);
  return fail("The store in \"" + home + "\" does not open: " + store.error(),
              "Stop its node first, and check that the genesis file is that of its chain.");
}

Snapshot snapshot_of(const store::Store& store, std::uint64_t bytes) {
  const auto view = store.latest();
  return {view->height(), view->header().state_root, bytes};
}

void print_snapshot(const Snapshot& snapshot, std::string_view verdict, Console& console) {
  if (console.wants_json()) {
    return console.print_json({{"height", std::to_string(snapshot.height.value)},
                               {"state_root", crypto::to_hex(snapshot.state_root)},
                               {"bytes", std::to_string(snapshot.bytes)}});
  }
  print_facts(console.out(), {{"height", grouped(snapshot.height.value)},
                              {"state root", crypto::to_hex(snapshot.state_root)},
                              {"bytes", grouped(snapshot.bytes)}});
  console.out() << verdict << '\n';
}

// How much there is to do, about: what lies in the folder.
std::uint64_t bytes_in(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    const std::uint64_t size = entry.file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

// Under its own name only once it is whole and durable.
Result<std::uint64_t> write_file(const store::Store& store, const SnapshotCreateOptions& options,
                                 Console& console) {
  const std::string partial = options.file + ".partial";
  const std::string remedy = "Give a place with room, or remove \"" + partial + "\".";
  auto file = store::File::open(partial, store::FileMode::create_new);
  if (!file) return fail("The snapshot is not written: " + file.error() + ".", remedy);
  Progress progress(console, "writing");
  const std::uint64_t expected = bytes_in(options.home);
  std::uint64_t written = 0;
  auto done = store.write_snapshot(*store.latest(), store::SnapshotContent::with_attachments,
                                   [&](crypto::ByteSpan bytes) {
                                     auto put = file->write_at(written, bytes);
                                     written += bytes.size();
                                     progress.show(std::min(written, expected), expected);
                                     return put;
                                   });
  if (done) done = file->sync();
  std::error_code error;
  if (done) std::filesystem::rename(partial, options.file, error);
  if (done && !error) return written;
  std::filesystem::remove(partial, error);
  return fail("The snapshot is not written: " + (done ? error.message() : done.error()) + ".",
              remedy);
}

Result<Snapshot> create(const SnapshotCreateOptions& options, Console& console) {
  if (std::filesystem::exists(options.file)) {
    return fail("\"" + options.file + "\" exists.", "Give the snapshot another name.");
  }
  const auto genesis = read_genesis_file(options.genesis);
  if (!genesis) return std::unexpected(genesis.error());
  if (!std::filesystem::is_directory(options.home)) {
    return fail("\"" + options.home + "\" is no folder.", "Give the home of a node.");
  }
  const auto store = open_home(options.home, genesis->genesis);
  if (!store) return std::unexpected(store.error());
  if ((*store)->tip().height.value == 0) {
    return deny("The store in \"" + options.home + "\" has no block yet.",
                "Wait for the first block: before it there is nothing to prove.");
  }
  const auto bytes = write_file(**store, options, console);
  if (!bytes) return std::unexpected(bytes.error());
  return snapshot_of(**store, *bytes);
}

Result<proofs::Trust> read_trust(const SnapshotRestoreOptions& options,
                                 const ledger::Genesis& genesis) {
  auto trust = read_trust_file(options.trust);
  if (!trust) return trust;
  const bool is_same =
      trust->genesis == genesis.file_hash && trust->chain_id == ledger::chain_id(genesis);
  if (is_same) return trust;
  return fail("The trust file is of chain " + trust->chain_id + ", the genesis file of " +
                  ledger::chain_id(genesis) + ".",
              "Give those of one chain.");
}

std::unexpected<Failure> explained(const store::RestoreFailure& failure) {
  if (!failure.refused) {
    return fail("The snapshot could not be restored: " + failure.why + ".",
                "Give a home that is new or empty, on a disk with room.");
  }
  return deny("The snapshot is refused: " + failure.why + ".",
              "Get one from elsewhere, or start the node with an empty home: it catches up from "
              "its peers.");
}

// Reads all of it, checks all of it; nothing of it counts before.
Result<void> take_in(store::Store& empty, const SnapshotRestoreOptions& options,
                     proofs::Trust trust, std::uint64_t& bytes, Console& console) {
  const auto file = store::File::open(options.file, store::FileMode::read);
  const auto size = file ? file->size() : std::unexpected(file.error());
  if (!size) return fail("The snapshot does not open: " + size.error() + ".", "Check its name.");
  bytes = *size;
  auto restoration = store::Restoration::begin(options.home, empty, std::move(trust));
  if (!restoration) return explained(restoration.error());
  Progress progress(console, "restoring");
  crypto::Bytes chunk;
  for (std::uint64_t at = 0; at < *size; at += chunk.size()) {
    chunk.resize(std::min<std::uint64_t>(kChunkBytes, *size - at));
    if (auto read = file->read_at(at, chunk); !read) {
      return fail("The snapshot cannot be read: " + read.error() + ".", "Copy it again.");
    }
    if (auto taken = (*restoration)->take(chunk); !taken) return explained(taken.error());
    progress.show(at + chunk.size(), *size);
  }
  auto done = (*restoration)->end();
  if (done) done = (*restoration)->finish();
  if (!done) return explained(done.error());
  return {};
}

Result<Snapshot> restore(const SnapshotRestoreOptions& options, Console& console) {
  const auto genesis = read_genesis_file(options.genesis);
  if (!genesis) return std::unexpected(genesis.error());
  auto trust = read_trust(options, genesis->genesis);
  if (!trust) return std::unexpected(trust.error());
  std::uint64_t bytes = 0;
  {
    const auto empty = open_home(options.home, genesis->genesis);
    if (!empty) return std::unexpected(empty.error());
    const auto taken = take_in(**empty, options, *std::move(trust), bytes, console);
    if (!taken) return std::unexpected(taken.error());
  }
  const auto restored = open_home(options.home, genesis->genesis);
  if (!restored) return std::unexpected(restored.error());
  return snapshot_of(**restored, bytes);
}

}  // namespace

ExitCode snapshot_create(const SnapshotCreateOptions& options, Console& console) {
  const auto created = create(options, console);
  if (!created) return console.report(created.error());
  print_snapshot(*created, "WRITTEN: anyone with a trust file of this chain can restore it.",
                 console);
  return ExitCode::ok;
}

ExitCode snapshot_restore(const SnapshotRestoreOptions& options, Console& console) {
  const auto restored = restore(options, console);
  if (!restored) return console.report(restored.error());
  print_snapshot(*restored,
                 "RESTORED: every root holds. The node goes on from here; it holds no block below.",
                 console);
  return ExitCode::ok;
}

}  // namespace treeproof::cli
