// Signed statements on disk: the exact bytes, or their hex in a text file; and attachments beside.
// Owns no rule. Callers: record and allocate commands, import. Any thread.
// Source: docs/protocol.md section 3; docs/running.md "Records".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "node/cli/console.h"

namespace treeproof::cli {

// Parsed for whatever chain it names; its signature is not looked at. "-" is the input.
Result<ledger::StatementPtr> read_statement(const std::string& file, Console& console);
// As bytes in `out`, or as a line of hex on the console where `out` is empty.
Result<void> write_statement(const crypto::Bytes& statement, const std::string& out,
                             Console& console);

// The payload of a JSON file; "-" is the input.
Result<ledger::Payload> read_payload(const std::string& file, Console& console);

// An attachment by its bytes alone: root and count follow from them.
Result<ledger::AttachmentPtr> read_attachment(const std::filesystem::path& file);

}  // namespace treeproof::cli
