// What the tests of the store share: a folder that goes with the test, and a chain of four
// validators whose commits are made over a store in memory, the model of the one on disk.
// Owns both. Callers: the tests in this folder. One thread.
// Source: docs/consensus.md rule 24.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <filesystem>

#include "node/store/store.h"
#include "tests/simulation/consortium.h"
#include "tests/simulation/memory_store.h"

namespace treeproof::store {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

// Files of this process may not grow beyond a bound while this is alive.
struct FullDisk {
  explicit FullDisk(rlim_t bytes) {
    before = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit full{bytes, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, before);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  rlimit limit{};
  void (*before)(int) = nullptr;
};

crypto::Bytes bytes(std::string_view text);
ledger::SharedBytes shared(std::string_view text);
crypto::Hash hash_of(std::string_view text);
// A stored object of namespace "object" that has this type, and a text to tell it from others.
ledger::SharedBytes typed_object(std::string_view type, std::string_view text);

class TestChain {
 public:
  TestChain();

  const ledger::Genesis& genesis() const { return consortium.genesis(); }
  // The next block of these statements, executed and certified; the model has it afterwards.
  replica::Commit next(const std::vector<ledger::StatementPtr>& statements,
                       std::span<const bft::VerifiedEvidence> evidence = {});
  // That the organisation voted twice in this round of height 1.
  bft::VerifiedEvidence double_vote(const std::string& org, Round round = {0}) const;
  // One with `count` evidence statements of new references.
  replica::Commit next_evidence(std::size_t count);
  // A block that no rule allows: it makes these changes and has these links, and `leaves` of log.
  replica::Commit fabricate(ledger::StateChanges changes,
                            std::vector<ledger::AllocationLinks> links = {},
                            std::size_t leaves = 1);
  // The block that is fabricated next announces these validators.
  void announce(ValidatorSet validators);
  ledger::StatementPtr evidence(const std::string& ref) const;

  simulation::Consortium consortium{4};
  simulation::MemoryStore model;
  std::vector<crypto::Hash> log_leaves;  // hashes, from entry 0 on

 private:
  replica::Commit certify(replica::ExecutedBlockPtr block);
  TimeMs next_time() const;
  std::size_t next_ref_ = 0;
  replica::ValidatorsPtr announced_;  // null: the same go on
};

// Opens or fails the test.
std::unique_ptr<Store> open_store(const std::filesystem::path& folder,
                                  const ledger::Genesis& genesis);
// The stored state is the model's: tip, every object and page that the model has.
void expect_equal(const Store& store, const simulation::MemoryStore& model);
// Copies a store's folder, as a crash at this moment would leave it.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to);
void flip_byte(const std::filesystem::path& file, std::uint64_t offset);

}  // namespace treeproof::store
