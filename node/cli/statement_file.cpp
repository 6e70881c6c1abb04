#include "node/cli/statement_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "node/cli/files.h"
#include "rpc/json_codec.h"

namespace treeproof::cli {

namespace {

constexpr std::size_t kHexFileBytesMax = 2 * kStatementBytesMax + 16;
constexpr std::size_t kPayloadBytesMax = 16u << 20;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Bytes as they are, unless all of it is hex.
crypto::Bytes statement_bytes(const std::string& text) {
  std::string packed = text;
  std::erase_if(packed, is_space);
  auto decoded = packed.empty() ? std::nullopt : crypto::from_hex(packed);
  return decoded ? *std::move(decoded) : crypto::to_bytes(crypto::as_bytes(text));
}

std::unexpected<Failure> no_statement(const std::string& file, const std::string& why) {
  return fail("\"" + file + "\" is no signed statement: " + why + ".",
              "Give what `treeproof record sign` wrote.");
}

// The leaves of a CBOR array, as they stand.
std::optional<std::vector<crypto::Bytes>> leaves_of(crypto::ByteSpan bytes) {
  crypto::CborReader in(bytes);
  std::vector<crypto::Bytes> leaves(in.array(kAttachmentLeavesMax));
  for (crypto::Bytes& leaf : leaves) {
    leaf = crypto::to_bytes(in.item());
    if (!in.ok()) return std::nullopt;
  }
  if (leaves.empty() || !in.finish()) return std::nullopt;
  return leaves;
}

}  // namespace

Result<ledger::StatementPtr> read_statement(const std::string& file, Console& console) {
  const auto text = read_text_or_input(file, kHexFileBytesMax, console);
  if (!text) return std::unexpected(text.error());
  crypto::Bytes bytes = statement_bytes(*text);
  const auto view =
      crypto::decode_sign1(bytes, kStatementBytesMax, crypto::Unprotected::must_be_empty);
  if (!view) return no_statement(file, std::string(crypto::to_string(view.error())));
  const auto header = crypto::decode_protected(view->protected_header);
  if (!header) return no_statement(file, std::string(crypto::to_string(header.error())));
  auto parsed = ledger::parse_statement(std::move(bytes), header->audience);
  if (!parsed) return no_statement(file, ledger::to_string(parsed.error()));
  return *std::move(parsed);
}

Result<void> write_statement(const crypto::Bytes& statement, const std::string& out,
                             Console& console) {
  if (!out.empty()) return write_file(out, statement);
  console.out() << crypto::to_hex(statement) << '\n';
  return {};
}

Result<ledger::Payload> read_payload(const std::string& file, Console& console) {
  const auto text = read_text_or_input(file, kPayloadBytesMax, console);
  if (!text) return std::unexpected(text.error());
  const auto json = rpc::parse_json(*text);
  auto payload = json ? rpc::payload_from_json(*json) : std::unexpected(json.error());
  if (payload) return *std::move(payload);
  return fail("\"" + file + "\" is no payload: " + rpc::to_string(payload.error()) + ".",
              "Start from the template that `treeproof record new --type TYPE` prints.");
}

Result<ledger::AttachmentPtr> read_attachment(const std::filesystem::path& file) {
  auto bytes = read_file(file, kAttachmentBytesMax);
  if (!bytes) return std::unexpected(bytes.error());
  const auto leaves = leaves_of(*bytes);
  const auto attachment = leaves ? ledger::Attachment::build(*leaves) : nullptr;
  if (attachment && crypto::equal(attachment->bytes(), *bytes)) return attachment;
  return fail("\"" + file.string() + "\" is no attachment: not a canonical CBOR array of leaves.",
              "Give what `treeproof attachment build` wrote.");
}

}  // namespace treeproof::cli
