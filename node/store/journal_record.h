// The bytes of the journal: one record, and what two halves of a file hold after a crash.
// Owns no file. Caller: journal_file. Pure.
// Source: docs/consensus.md rules 20 to 22; the grammar stands in journal_file.h.
#pragma once

#include <expected>
#include <optional>
#include <span>

#include "consensus/replica/effects.h"

namespace treeproof::store {

// When a record was written: by which life and reset of the journal, after how many durable bytes.
struct JournalStamp {
  std::uint64_t generation = 0;
  std::uint64_t durable = 0;
};
void append_journal_record(crypto::Bytes& out, const replica::Journal& record,
                           const JournalStamp& stamp);

struct JournalPlace {
  std::size_t half = 0;
  std::uint64_t offset = 0;
};
struct JournalContent {
  std::size_t half = 0;          // which holds the newest generation
  std::uint64_t generation = 0;  // the highest used
  std::uint64_t end = 0;         // of the records in that half
  std::vector<replica::Journal> records;
  std::optional<JournalPlace> torn;  // where a write began that a crash cut short
};
// The newest generation of two halves. What follows its last whole record is a torn write, unless
// a later record says that those bytes had been durable: that place is the error.
std::expected<JournalContent, JournalPlace> read_journal(std::span<const crypto::Bytes, 2> halves);

}  // namespace treeproof::store
