#include "node/store/check_restored.h"

#include <algorithm>

#include "consensus/ledger/object_content.h"
#include "consensus/ledger/pages.h"
#include "consensus/ledger/redaction.h"
#include "consensus/proofs/set_walk.h"
#include "crypto/hash.h"
#include "node/store/direct_state.h"
#include "node/store/key_layout.h"
#include "node/store/link_index.h"
#include "node/store/log_tiles.h"
#include "node/store/store_view.h"

namespace treeproof::store {

namespace {

using Found = std::expected<void, std::string>;

class RestoredCheck {
 public:
  RestoredCheck(const RestoredParts& parts, const TipRecord& tip, CheckReport& report)
      : parts_(parts),
        tip_(tip),
        report_(report),
        state_(parts.database,
               [&](const crypto::Hash& root) { return parts.attachments.get(root); }) {}

  Found read_log(std::uint64_t entries) {
    return each_log_leaf(parts_.database, {}, entries, [&](std::span<const crypto::Hash> leaves) {
      for (const crypto::Hash& leaf : leaves) log_.append(leaf);
      return Found{};
    });
  }

  Found check_block(Height height) {
    const auto places = read_places(parts_.database, {}, height);
    const auto stored = places ? parts_.blocks.try_read(*places) : missing("it");
    if (!stored) return std::unexpected(stored.error());
    const ledger::Block& block = *stored->block;
    const auto set = read_validators(parts_.database, {}, height);
    const auto header =
        proofs::certified_header(block.header_bytes, stored->certificate, parts_.chain_id, *set);
    if (!header) return std::unexpected(header.error());
    const auto next = read_validators(parts_.database, {}, height.next());
    for (const crypto::Bytes& statement : block.statements) {
      log_.append(crypto::leaf_hash(statement));
    }
    if (header->height != height || (previous_ && header->previous != *previous_)) {
      return std::unexpected("it does not follow on the one before");
    }
    if (header->next_validators_hash != next->hash()) {
      return std::unexpected("the validators of the next height are others");
    }
    if (header->evidence_hash != ledger::evidence_hash(block) || header->log_size != log_.size() ||
        header->log_root != log_.root()) {
      return std::unexpected("its body is not that of its header");
    }
    previous_ = stored->certificate.block.header_hash;
    report_.statements += block.statements.size();
    ++report_.blocks;
    return height == tip_.height ? check_tip(*header, stored->certificate) : Found{};
  }

  void check_objects() {
    std::vector<crypto::StateMapChange> hashes;
    Cursor cursor = parts_.database.cursor();
    for (cursor.seek("o"); cursor.valid() && cursor.key().starts_with('o'); cursor.next()) {
      const auto value = decode_version(cursor.value()).value;
      const std::string name(cursor.key().substr(1));
      const std::size_t zero = std::min(name.find('\0'), name.size() - 1);
      if (!value) continue;
      hashes.push_back({crypto::sha256(crypto::as_bytes(name)), crypto::sha256(*value)});
      const ledger::ObjectKey key{name.substr(0, zero), name.substr(zero + 1)};
      if (auto holds = check_content(key, *value); !holds) {
        add(report_.findings, key.name_space + " " + key.id + ": " + holds.error());
      }
    }
    if (auto status = cursor.status(); !status) add(report_.findings, status.error());
    crypto::StateMap map;
    map.apply(hashes);
    if (map.size() == 0 || map.root() != tip_.state_root) {
      add(report_.findings, "the root over the objects is not the certified state root");
    }
  }

 private:
  static std::unexpected<std::string> missing(const std::string& what) {
    return std::unexpected(what + " is missing");
  }

  Found check_tip(const ledger::Header& header, const bft::CommitCertificate& certificate) const {
    const bool is_tip = header.state_root == tip_.state_root &&
                        tip_.header_hash == certificate.block.header_hash &&
                        tip_.log.size() == log_.size() && tip_.log.root() == log_.root();
    if (!is_tip) return std::unexpected("the tip is not that of the last block");
    return {};
  }

  Found check_content(const ledger::ObjectKey& key, crypto::ByteSpan value) const {
    const auto content = ledger::content_of(key, value);
    if (!content) return std::unexpected("it does not decode");
    if (content->pages) {
      std::vector<ledger::SharedBytes> pages(ledger::page_count(content->pages->members));
      for (std::uint32_t i = 0; i < pages.size(); ++i) pages[i] = state_.page({key.id, i});
      if (ledger::pages_root(pages) != content->pages->root) {
        return std::unexpected("its pages are not those that it commits to");
      }
    }
    if (content->attachment && !ledger::is_redacted(state_, content->attachment->root) &&
        !state_.attachment(content->attachment->root)) {
      return missing("its attachment " + crypto::to_hex(content->attachment->root));
    }
    const bool holds =
        !content->links || ledger::are_links(state_, *content->links,
                                             links_of_allocation(parts_.database, {}, {key.id}));
    if (!holds) return std::unexpected("its links are not those that it commits to");
    return {};
  }

  const RestoredParts& parts_;
  const TipRecord& tip_;
  CheckReport& report_;
  DirectState state_;
  crypto::Frontier log_;
  std::optional<crypto::Hash> previous_;
};

}  // namespace

void check_restored(const RestoredParts& parts, const BaseRecord& base, const TipRecord& tip,
                    const std::function<void(Height done, Height of)>& progress,
                    CheckReport& report) {
  RestoredCheck check(parts, tip, report);
  if (auto read = check.read_log(base.log_from); !read) {
    return add(report.findings, read.error());
  }
  for (Height height = base.height; height <= tip.height; height = height.next()) {
    if (auto holds = check.check_block(height); !holds) {
      add(report.findings, "block " + std::to_string(height.value) + ": " + holds.error() +
                               "; what follows was not checked");
      break;
    }
    progress(height, tip.height);
  }
  check.check_objects();
}

}  // namespace treeproof::store
