// An auditor's recomputation: takes the blocks of a public log one after the other, believes
// none, and says of the first that does not hold why.
// Owns the recomputed chain. Callers: audit, tests. One thread.
// Source: docs/protocol.md sections 4 to 7; docs/consensus.md rules 9 and 10.
#pragma once

#include <functional>
#include <string>

#include "consensus/replica/chain.h"
#include "node/cli/replayed_view.h"

namespace treeproof::cli {

// A block as a log gives it, with the signatures that decided it.
struct LoggedBlock {
  ledger::Block block;
  bft::CommitCertificate certificate;
};

class ReplayedChain {
 public:
  // Requires: check_genesis held.
  explicit ReplayedChain(const ledger::Genesis& genesis);
  ReplayedChain(const ReplayedChain&) = delete;
  ReplayedChain& operator=(const ReplayedChain&) = delete;

  // The attachments that a block's statements announce and that are not held yet, each once.
  // Malformed statements are passed over: add() says what is wrong with them.
  std::vector<ledger::AttachmentRef> wanted(const LoggedBlock& block) const;
  void put_attachment(const ledger::AttachmentPtr& attachment) {
    view_->put_attachment(attachment);
  }

  // Checks the certificate by the validators of the height, every signature, and executes: log root
  // and state root must come out as the header says. The error is the finding; nothing changed.
  std::expected<void, std::string> add(LoggedBlock block);

  const replica::Tip& tip() const noexcept { return chain_.tip(); }
  const std::string& chain_id() const noexcept { return chain_.chain_id(); }
  std::uint64_t statements() const noexcept { return statements_; }
  // As of the last block added; changes with the next.
  const ReplayedView& view() const noexcept { return *view_; }

 private:
  std::expected<std::vector<ledger::VerifiedStatement>, std::string> verify_statements(
      const ledger::Block& block);
  std::expected<void, std::string> check_certificates(const LoggedBlock& block,
                                                      const ledger::Header& header) const;

  std::unique_ptr<ReplayedView> view_;
  replica::Chain chain_;
  std::uint64_t statements_ = 0;
};

}  // namespace treeproof::cli
