// Objects and pages straight from a database, whatever wrote them there: no cache, no filter.
// Owns neither database nor attachments. Callers: restoration, check_restored. One thread.
// Source: the keys are drawn in key_layout.h.
#pragma once

#include <functional>

#include "consensus/ledger/state.h"
#include "node/store/database.h"

namespace treeproof::store {

class DirectState final : public ledger::StateReader {
 public:
  using Attachments = std::function<ledger::AttachmentPtr(const crypto::Hash& root)>;
  DirectState(const Database& database, Attachments attachments)
      : database_(database), attachments_(std::move(attachments)) {}

  ledger::SharedBytes object(const ledger::ObjectKey& key) const override;
  ledger::SharedBytes page(const ledger::PageKey& key) const override;
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    return attachments_(root);
  }

 private:
  const Database& database_;
  Attachments attachments_;
};

}  // namespace treeproof::store
