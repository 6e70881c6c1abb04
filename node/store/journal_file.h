// The write-ahead log of agreement: what a replica took in at the current height.
// Owns its two files. One thread. The store's commit of a height makes its records void.
// Source: docs/consensus.md rules 20 to 22.
//
//   record = u32 length of the payload, u8 kind, u64 height, u64 generation,
//            u64 bytes of the file that were durable when it was written, payload,
//            u32 CRC-32C of all before
//
// Integers are big-endian. Each reset() starts a new generation at the beginning of the other of
// the two preallocated files <file>.a and <file>.b, so that a torn write never harms the records
// that it replaces. A torn tail is cut; damage of what was durable is an error that names the tool
// to run.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "consensus/replica/effects.h"

namespace treeproof::store {

class JournalFile {
 public:
  // Opens or creates; reads what it holds.
  static std::expected<std::unique_ptr<JournalFile>, std::string> open(
      const std::filesystem::path& file);
  virtual ~JournalFile() = default;

  // Records found on opening, oldest first.
  virtual const std::vector<replica::Journal>& found() const = 0;
  // Buffered until sync(). An error of either is final: stop the node.
  virtual void append(const replica::Journal& record) = 0;
  virtual std::expected<void, std::string>
  sync() = 0;  // one write, one fdatasync; no-op when clean
  // Everything so far is void: its height is committed. Durable with the next sync at the latest;
  // records carry their height, so old ones that a crash brings back are passed over.
  virtual void reset() = 0;
};

}  // namespace treeproof::store
