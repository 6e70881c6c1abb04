#include "consensus/ledger/pages.h"

#include <algorithm>
#include <cassert>

#include "crypto/merkle.h"

namespace treeproof::ledger {

namespace {

constexpr std::uint8_t both_nibbles(std::uint8_t code) {
  return static_cast<std::uint8_t>(code | (code << 4));
}

std::uint8_t nibble(crypto::ByteSpan page, std::uint64_t at) {
  if (page.empty()) return 0;
  return at % 2 == 0 ? page[at / 2] & 0x0f : page[at / 2] >> 4;
}

void set_nibble(crypto::Bytes& page, std::uint64_t at, std::uint8_t code) {
  std::uint8_t& byte = page[at / 2];
  byte = static_cast<std::uint8_t>(at % 2 == 0 ? (byte & 0xf0) | code : (byte & 0x0f) | code << 4);
}

// The first place in [at, end) of a page with another code, or end.
std::uint64_t end_of_run(crypto::ByteSpan page, std::uint64_t at, std::uint64_t end,
                         std::uint8_t code) {
  if (page.empty()) return code == 0 ? end : at;
  const std::uint8_t pair = both_nibbles(code);
  while (at < end) {
    if (at % 2 == 0 && at + 2 <= end && page[at / 2] == pair) {
      at += 2;
    } else if (nibble(page, at) == code) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace

std::uint32_t page_count(std::uint64_t members) noexcept {
  return static_cast<std::uint32_t>((members + kTreesPerPage - 1) / kTreesPerPage);
}

crypto::Hash fresh_pages_root(std::uint64_t members) {
  return crypto::merkle_root(std::vector<crypto::Hash>(page_count(members), kZeroPageHash));
}

MemberPages::MemberPages(const StateReader& state, ObjectId batch, std::uint64_t members)
    : state_(&state), batch_(std::move(batch)), members_(members), pages_(page_count(members)) {
  assert(members > 0);
}

crypto::ByteSpan MemberPages::read(std::size_t page_index) {
  Page& page = pages_[page_index];
  if (page.edited) return *page.edited;
  if (!page.is_read) {
    page.stored = state_->page({batch_.text, static_cast<std::uint32_t>(page_index)});
    page.is_read = true;
    assert(!page.stored || page.stored->size() == kPageBytes);
  }
  return page.stored ? crypto::ByteSpan(*page.stored) : crypto::ByteSpan();
}

crypto::Bytes& MemberPages::edit(std::size_t page_index) {
  const crypto::ByteSpan before = read(page_index);
  Page& page = pages_[page_index];
  if (!page.edited) {
    page.edited = before.empty() ? crypto::Bytes(kPageBytes) : crypto::to_bytes(before);
  }
  return *page.edited;
}

std::uint8_t MemberPages::code(std::uint64_t index) {
  assert(index < members_);
  return nibble(read(index / kTreesPerPage), index % kTreesPerPage);
}

CodeRun MemberPages::run_at(std::uint64_t from) {
  const std::uint8_t wanted = code(from);
  std::uint64_t at = from;
  while (at < members_) {
    const std::uint64_t page_index = at / kTreesPerPage;
    const std::uint64_t page_from = page_index * kTreesPerPage;
    const std::uint64_t page_end = std::min<std::uint64_t>(kTreesPerPage, members_ - page_from);
    const std::uint64_t end = end_of_run(read(page_index), at - page_from, page_end, wanted);
    at = page_from + end;
    if (end < page_end) break;
  }
  return {from, at - from, wanted};
}

void MemberPages::set(std::uint64_t from, std::uint64_t count, std::uint8_t code) {
  assert(from <= members_ && count <= members_ - from && code < 16);
  const std::uint64_t end = from + count;
  while (from < end) {
    const std::uint64_t page_from = from / kTreesPerPage * kTreesPerPage;
    const std::uint64_t page_end = std::min(end, page_from + kTreesPerPage) - page_from;
    crypto::Bytes& page = edit(from / kTreesPerPage);
    std::uint64_t at = from - page_from;
    if (at % 2 == 1) set_nibble(page, at++, code);
    if (page_end > at) {
      std::fill_n(page.begin() + static_cast<std::ptrdiff_t>(at / 2), (page_end - at) / 2,
                  both_nibbles(code));
      if ((page_end - at) % 2 == 1) set_nibble(page, page_end - 1, code);
    }
    from = page_from + page_end;
  }
}

crypto::Hash MemberPages::root() {
  std::vector<crypto::Hash> hashes;
  hashes.reserve(pages_.size());
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const crypto::ByteSpan page = read(i);
    hashes.push_back(page.empty() ? kZeroPageHash : crypto::leaf_hash(page));
  }
  return crypto::merkle_root(hashes);
}

crypto::Hash MemberPages::commit(State& state) {
  const crypto::Hash after = root();
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    Page& page = pages_[i];
    if (!page.edited) continue;
    page.stored = std::make_shared<const crypto::Bytes>(*std::move(page.edited));
    page.is_read = true;
    page.edited.reset();
    state.put_page({batch_.text, static_cast<std::uint32_t>(i)}, page.stored);
  }
  return after;
}

}  // namespace treeproof::ledger
