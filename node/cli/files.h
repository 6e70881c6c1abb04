// Files of commands: read whole and bounded, written new or not at all.
// Owns no file. Callers: commands, key_file, node. Any thread.
// Source: docs/running.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "node/cli/console.h"

namespace treeproof::cli {

// The whole of a file of at most `bytes_max`.
Result<crypto::Bytes> read_file(const std::filesystem::path& file, std::size_t bytes_max);
Result<std::string> read_text(const std::filesystem::path& file, std::size_t bytes_max);
// "-" reads the console's input.
Result<std::string> read_text_or_input(const std::string& file, std::size_t bytes_max,
                                       Console& console);

enum class Replace : std::uint8_t { never, always };
enum class Privacy : std::uint8_t { everyone, owner };  // who may read what is written
// Synced when it returns. An existing file is refused unless it may be replaced; a replaced one is
// the old or the new whole, never a part.
Result<void> write_file(const std::filesystem::path& file, crypto::ByteSpan bytes,
                        Replace replace = Replace::never, Privacy privacy = Privacy::everyone);

}  // namespace treeproof::cli
