// The receipts of a height as JSON text, made once for all statements of its block.
// Owns the texts of the last heights. Callers: record_submit, record_status, chain_getCommit. Safe
// from any thread. Source: docs/api.md "record_submit"; docs/protocol.md section 7.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "rpc/ports.h"

namespace treeproof::rpc {

// {"bind": {...}, "log_root", "signatures": [{"org", "kid", "signature"}]}.
std::string receipts_text(const bft::CommitCertificate& certificate);
crypto::ReceiptBind bind_of(const bft::CommitCertificate& certificate);

class ReceiptTexts {
 public:
  // "null" where the height is not decided.
  std::shared_ptr<const std::string> at(const ChainReader& chain, Height height);

 private:
  static constexpr std::size_t kHeightsMax = 64;
  std::mutex lock_;  // guards the map
  std::map<Height, std::shared_ptr<const std::string>> texts_;
};

}  // namespace treeproof::rpc
