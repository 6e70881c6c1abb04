// Golden bytes of attachments with their leaves, of link leaves and of the pages of a batch.
#include <gtest/gtest.h>

#include "consensus/ledger/pages.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

Json leaf_json(crypto::ByteSpan leaf) {
  return {{"value", readable(leaf)},
          {"bytes", crypto::to_hex(leaf)},
          {"leaf_hash", crypto::to_hex(crypto::leaf_hash(leaf))}};
}

Json attachment_json(const NamedAttachment& named) {
  const ledger::Attachment& attachment = *named.attachment;
  Json leaves = Json::array();
  for (std::size_t i = 0; i < attachment.leaf_count(); ++i) {
    leaves.push_back(leaf_json(attachment.leaf(i)));
  }
  return {{"kind", named.kind},
          {"statement", named.statement},
          {"leaves", std::move(leaves)},
          {"bytes", crypto::to_hex(attachment.bytes())},
          {"root", crypto::to_hex(attachment.announced().root)}};
}

// All leaves with the path of the last.
Json links_json(const Story& story) {
  Json leaves = Json::array();
  std::vector<crypto::Hash> hashes;
  for (const crypto::Bytes& leaf : story.link_leaves()) {
    leaves.push_back(leaf_json(leaf));
    hashes.push_back(crypto::leaf_hash(leaf));
  }
  const std::uint64_t last = hashes.size() - 1;
  return {{"kind", "link-leaf"},
          {"statement", "platform/allocate-1"},
          {"leaves", std::move(leaves)},
          {"root", crypto::to_hex(crypto::merkle_root(hashes))},
          {"path_of_last", hex_list(crypto::inclusion_path(last, hashes))}};
}

Json openings_json(const Story& story) {
  Json list = Json::array();
  for (const auto& opening : story.openings()) {
    list.push_back({{"salt", crypto::to_hex(opening.salt)},
                    {"reference", opening.reference},
                    {"commitment", crypto::to_hex(proofs::commitment_of(opening))}});
  }
  return list;
}

// The codes of each member, run by run, and the root over the pages.
Json pages_json(const Story& story, std::string_view object, std::uint64_t members) {
  ledger::MemberPages pages(story, {std::string(object)}, members);
  Json runs = Json::array();
  for (std::uint64_t at = 0; at < members;) {
    const ledger::CodeRun run = pages.run_at(at);
    runs.push_back({{"from", run.from}, {"count", run.count}, {"code", run.code}});
    at += run.count;
  }
  const ledger::SharedBytes page = story.page({std::string(object), 0});
  assert(page != nullptr);
  const auto first = crypto::ByteSpan(*page).first((members + 1) / 2);
  return {{"object", object},           {"members", members},
          {"runs", std::move(runs)},    {"first_bytes", crypto::to_hex(first)},
          {"page_bytes", page->size()}, {"root", crypto::to_hex(pages.root())}};
}

TEST(Golden, Attachments) {
  const Story& story = Story::told();
  Json attachments = Json::array();
  for (const NamedAttachment& named : story.attachments()) {
    attachments.push_back(attachment_json(named));
  }
  const Json pages = {pages_json(story, "desert-ngo/plant-1", 12),
                      pages_json(story, "platform/redeem-1", 3)};
  expect_golden("attachments.json", Json{{"attachments", std::move(attachments)},
                                         {"links", links_json(story)},
                                         {"openings", openings_json(story)},
                                         {"pages", pages}});
}

}  // namespace
}  // namespace treeproof::vectors
