#include "rpc/log_tiles.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "crypto/cbor.h"
#include "crypto/hash.h"

namespace treeproof::rpc {

namespace {

constexpr std::uint32_t kTileLevelMax = 7;  // 8 levels of hashes each: sizes below 2^64
constexpr std::uint64_t kTileIndexMax = UINT64_MAX / kTileWidth - 1;  // its last item is countable
constexpr std::string_view kKeyType = "\xfftreeproof.org/secp256k1";

// Decimal without leading zeros.
std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  const bool canonical = !text.empty() && (text.front() != '0' || text == "0");
  return whole && canonical ? std::optional(value) : std::nullopt;
}

bool are_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// Groups of three digits, all but the last with an x before: "x001/x234/067" is 1234067.
std::optional<std::uint64_t> index_of(std::string_view path) {
  std::uint64_t index = 0;
  for (bool is_first = true;; is_first = false) {
    const std::size_t slash = path.find('/');
    std::string_view group = path.substr(0, slash);
    const bool is_last = slash == std::string_view::npos;
    if (!is_last && !group.starts_with('x')) return std::nullopt;
    if (!is_last) group.remove_prefix(1);
    if (group.size() != 3 || !are_digits(group)) return std::nullopt;
    if (is_first && !is_last && group == "000") return std::nullopt;
    if (index > kTileIndexMax / 1'000) return std::nullopt;
    index = index * 1'000 + static_cast<std::uint64_t>(std::stoi(std::string(group)));
    if (index > kTileIndexMax) return std::nullopt;
    if (is_last) return index;
    path.remove_prefix(slash + 1);
  }
}

// One of the log's full subtrees, or an entry, is known below this count.
std::uint64_t items_at(const TilePath& path, std::uint64_t log_size) {
  const std::uint32_t shift = path.level ? 8 * *path.level : 0;
  return shift < 64 ? log_size >> shift : 0;
}

void append_bytes(std::string& out, crypto::ByteSpan bytes) { out.append(crypto::as_text(bytes)); }

std::string signature_line(const std::string& chain_id, const bft::CommitCertificate& certificate,
                           const bft::CertificateSignature& signature,
                           const crypto::PublicKeyBytes& key) {
  const std::string name = chain_id + "/" + signature.org;
  const auto key_id = note_key_id(name, key);
  crypto::CborWriter bind;
  bind.array(3)
      .uint(certificate.height.value)
      .uint(static_cast<std::uint64_t>(certificate.round.value))
      .bytes(certificate.block.header_hash);
  std::string blob;
  append_bytes(blob, key_id);
  append_bytes(blob, bind.finish());
  append_bytes(blob, signature.signature);
  return "\xe2\x80\x94 " + name + " " + crypto::to_base64(crypto::as_bytes(blob)) + "\n";
}

}  // namespace

std::optional<TilePath> parse_tile_path(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  TilePath parsed;
  const std::string_view level = path.substr(0, slash);
  path.remove_prefix(slash + 1);
  if (level != "entries") {
    const auto number = number_of(level);
    if (!number || *number > kTileLevelMax) return std::nullopt;
    parsed.level = static_cast<std::uint32_t>(*number);
  }
  if (const std::size_t partial = path.find(".p/"); partial != std::string_view::npos) {
    const auto width = number_of(path.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    parsed.width = *width;
    path = path.substr(0, partial);
  }
  const auto index = index_of(path);
  if (!index) return std::nullopt;
  parsed.index = *index;
  return parsed;
}

std::optional<std::string> tile(const ChainView& view, const TilePath& path) {
  const std::uint64_t from = path.index * kTileWidth;
  const std::uint64_t known = items_at(path, view.header().log_size);
  if (from + path.width > known) return std::nullopt;
  std::string bytes;
  for (std::uint64_t i = from; i < from + path.width; ++i) {
    if (path.level) {
      append_bytes(bytes, view.log_subtree(8 * *path.level, i));
      continue;
    }
    const auto entry = view.log_entry(i);
    if (!entry) return std::nullopt;
    bytes.push_back(static_cast<char>(entry->size() >> 8));
    bytes.push_back(static_cast<char>(entry->size() & 0xff));
    append_bytes(bytes, *entry);
  }
  return bytes;
}

bool is_pruned(const ChainView& view, const TilePath& path) {
  const std::uint64_t from = path.index * kTileWidth;
  const bool is_known = from + path.width <= items_at(path, view.header().log_size);
  return !path.level && is_known && view.base().value > 0;
}

std::array<std::uint8_t, 4> note_key_id(std::string_view name, const crypto::PublicKeyBytes& key) {
  const crypto::Hash hash = crypto::sha256(
      {crypto::as_bytes(name), crypto::as_bytes("\n"), crypto::as_bytes(kKeyType), key});
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::optional<std::string> checkpoint(const ChainView& view) {
  const auto certificate = view.certificate(view.height());
  if (!certificate) return std::nullopt;
  const std::string& chain_id = view.header().chain_id;
  const auto validators = view.validators(view.height());
  std::string note = chain_id + "\n" + std::to_string(certificate->block.log_size) + "\n" +
                     crypto::to_base64(certificate->block.log_root) + "\n\n";
  for (const auto& signature : certificate->signatures) {
    const Validator* validator = validators->find(signature.org);
    assert(validator != nullptr);
    note += signature_line(chain_id, *certificate, signature, validator->key.bytes());
  }
  return note;
}

}  // namespace treeproof::rpc
