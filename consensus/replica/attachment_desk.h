// Who holds which attachment, and the downloads that are under way.
// Owns no finished bytes (the store does) and no pool. Caller: replica, on its thread. Pure.
// Source: docs/protocol.md section 4 "Attachments".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "consensus/ledger/leaves.h"
#include "consensus/replica/messages.h"
#include "consensus/types/validator_set.h"

namespace treeproof::replica {

class AttachmentDesk {
 public:
  static constexpr std::size_t kRootsKnownMax = 65'536;
  static constexpr std::size_t kDownloadsMax = 8;

  void note_held(const std::string& org, const crypto::Hash& root);
  // Power of the validators that announced that they hold it.
  std::uint64_t power_holding(const crypto::Hash& root, const ValidatorSet& validators) const;

  // Wants an attachment; its download begins when somebody holds it and a place is free.
  void want(const ledger::AttachmentRef& announced);
  void forget(const crypto::Hash& root);          // held now, or no longer needed
  void forget_holders(const crypto::Hash& root);  // they drop it, too
  bool wants(const crypto::Hash& root) const { return wanted_.contains(root); }
  std::optional<ledger::AttachmentRef> wanted(const crypto::Hash& root) const;

  struct Request {
    std::string org;
    AttachmentWanted wanted;
  };
  // Requests to send now: new downloads, and those of peers that left or stalled.
  std::vector<Request> next_requests(const std::set<std::string>& connected);
  // Every running download starts over with another holder.
  void restart_stalled();

  // A part; the whole bytes when it was the last. Parts out of order, too long or unasked are
  // ignored. `next` is the request for the next part.
  struct Progress {
    std::optional<Request> next;
    std::shared_ptr<const crypto::Bytes> complete;
  };
  Progress take(const std::string& org, AttachmentPart part);

 private:
  // Wanted, not under way, and somebody is known to hold it.
  void note_available(const crypto::Hash& root);
  struct Download {
    std::string org;
    crypto::Bytes bytes;
    bool advanced = true;  // since restart_stalled() looked last
  };
  std::string choose_holder(const crypto::Hash& root, const std::set<std::string>& connected);
  void drop_downloads(const std::function<bool(const Download&)>& is_over);

  std::map<crypto::Hash, std::set<std::string>> holders_;
  std::map<crypto::Hash, ledger::AttachmentRef> wanted_;
  std::set<crypto::Hash> available_;
  std::map<crypto::Hash, Download> downloads_;
  std::map<crypto::Hash, std::uint64_t> attempts_;
};

}  // namespace treeproof::replica
