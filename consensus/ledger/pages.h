// The codes of a batch's members in dense pages: 4 bits each, low nibble first, 8,192 members to a
// page of 4,096 bytes, the last page padded with zeros. A page that was never written is all zeros.
// Owns a working copy until commit(). Callers: rules_verify, rules_allocate, links, queries. Pure.
// Source: docs/protocol.md section 5. The root over pages is that of RFC 9162.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/member_codes.h"
#include "consensus/ledger/state.h"

namespace treeproof::ledger {

struct CodeRun {
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  std::uint8_t code = 0;
  bool operator==(const CodeRun&) const = default;
};

// SHA-256(0x00 || 4,096 zeros): the leaf hash of a page that was never written.
inline constexpr crypto::Hash kZeroPageHash = {
    0xb5, 0x87, 0xfa, 0x29, 0x72, 0x99, 0xce, 0x9c, 0x60, 0x2e, 0x58, 0x29, 0x2b, 0x51, 0x37, 0x94,
    0x02, 0xbf, 0x7b, 0x10, 0x74, 0xf6, 0xb1, 0x86, 0x79, 0xc2, 0xfb, 0x87, 0x1c, 0x91, 0x7c, 0xa8};

std::uint32_t page_count(std::uint64_t members) noexcept;
// The root of a batch whose members all have code 0.
crypto::Hash fresh_pages_root(std::uint64_t members);

class MemberPages {
 public:
  // Reads pages as they are asked for; the state outlives this. Requires: members > 0.
  MemberPages(const StateReader& state, ObjectId batch, std::uint64_t members);

  std::uint64_t members() const noexcept { return members_; }
  // Requires: index < members().
  std::uint8_t code(std::uint64_t index);
  // The longest run of one code that begins at `from`. Requires: from < members().
  CodeRun run_at(std::uint64_t from);
  // Requires: from + count <= members(), code < 16.
  void set(std::uint64_t from, std::uint64_t count, std::uint8_t code);
  // The root over all pages, changed ones among them.
  crypto::Hash root();
  // Writes the changed pages and returns the root.
  crypto::Hash commit(State& state);

 private:
  struct Page {
    bool is_read = false;
    SharedBytes stored;                   // null: all zeros
    std::optional<crypto::Bytes> edited;  // kPageBytes
  };
  // Empty: all zeros.
  crypto::ByteSpan read(std::size_t page_index);
  crypto::Bytes& edit(std::size_t page_index);

  const StateReader* state_;
  ObjectId batch_;
  std::uint64_t members_;
  std::vector<Page> pages_;
};

// The same in terms of one kind of member.
template <class Code>
class Codes {
 public:
  Codes(const StateReader& state, const ObjectId& batch, std::uint64_t members)
      : pages_(state, batch, members) {}
  std::uint64_t members() const noexcept { return pages_.members(); }
  Code at(std::uint64_t index) { return static_cast<Code>(pages_.code(index)); }
  void set(std::uint64_t from, std::uint64_t count, Code code) {
    pages_.set(from, count, static_cast<std::uint8_t>(code));
  }
  // Calls visit(from, count) for every run of `code` in [from, from + count), in order, until it
  // returns false.
  template <class Visit>
  void each_run(Code code, std::uint64_t from, std::uint64_t count, Visit visit) {
    const std::uint64_t end = from + count;
    while (from < end) {
      const CodeRun run = pages_.run_at(from);
      const std::uint64_t run_end = std::min(end, run.from + run.count);
      const bool wanted = run.code == static_cast<std::uint8_t>(code);
      if (wanted && !visit(from, run_end - from)) return;
      from = run_end;
    }
  }
  crypto::Hash root() { return pages_.root(); }
  crypto::Hash commit(State& state) { return pages_.commit(state); }

 private:
  MemberPages pages_;
};
using TreeCodes = Codes<TreeCode>;
using UnitCodes = Codes<UnitCode>;

}  // namespace treeproof::ledger
