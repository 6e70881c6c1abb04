// The bytes of redacted leaves, erased: what remains of their attachments takes their place, and
// zeros the bytes. Before, the hashes of all link leaves that were made of them are kept, since
// they could not be made again: so the certificates of other trees and units can still be given.
// Owns nothing. Caller: disk_store. Source: docs/ledger.md "Redaction"; docs/adr/0029.
//
// A height's batch notes what is to be erased; another notes the place of the bytes as soon as they
// are no longer what is held. So after a crash at any moment something is still noted, or all done;
// and a height that redacts more meanwhile is not forgotten. Bytes that a file system or a disk
// keeps elsewhere are beyond this.
#pragma once

#include "node/store/attachment_files.h"

namespace treeproof::store {

// Part of the batch of a height.
void note_redactions(const ledger::StateChanges& changes, Height height, Batch& batch);
// Erases all that is noted; durable when it returns. On the thread that puts attachments.
std::expected<void, std::string> erase_redacted(Database& database, AttachmentFiles& attachments);

}  // namespace treeproof::store
