#include "tests/vectors/readable.h"

#include <gtest/gtest.h>

#include <cassert>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "consensus/types/limits.h"
#include "crypto/cose.h"
#include "crypto/hash.h"

namespace treeproof::vectors {

namespace {

using crypto::CborKind;

constexpr std::size_t kBytesMax = 1u << 24;
constexpr std::uint64_t kTagSign1 = 18;

Json number(std::uint64_t value) {
  if (value <= kQuantityMax) return value;
  return "n'" + std::to_string(value) + "'";
}

Json item(crypto::CborReader& in);

Json object(crypto::CborReader& in) {
  Json out = Json::object();
  const std::size_t pairs = in.map(kBytesMax);
  for (std::size_t i = 0; i < pairs; ++i) {
    const bool is_text = in.peek() == CborKind::text;
    const std::string key =
        is_text ? std::string(in.text(kBytesMax)) : std::to_string(in.integer());
    out[key] = item(in);
  }
  return out;
}

Json list(crypto::CborReader& in) {
  Json out = Json::array();
  const std::size_t count = in.array(kBytesMax);
  for (std::size_t i = 0; i < count; ++i) out.push_back(item(in));
  return out;
}

Json item(crypto::CborReader& in) {
  switch (in.peek()) {
    case CborKind::uint:
      return number(in.uint());
    case CborKind::negative:
      return in.integer();
    case CborKind::bytes:
      return "h'" + crypto::to_hex(in.bytes(kBytesMax)) + "'";
    case CborKind::text: {
      const std::string_view text = in.text(kBytesMax);
      assert(!text.starts_with("h'") && !text.starts_with("n'"));
      return std::string(text);
    }
    case CborKind::array:
      return list(in);
    case CborKind::map:
      return object(in);
    case CborKind::boolean:
      return in.boolean();
    case CborKind::null:
      in.null();
      return nullptr;
    case CborKind::tag:
      in.tag(kTagSign1);
      return Json{{"tag 18", item(in)}};
    case CborKind::end:
      break;
  }
  assert(false);
  return nullptr;
}

}  // namespace

Json readable(crypto::ByteSpan cbor) {
  crypto::CborReader in(cbor);
  Json json = item(in);
  assert(in.finish().has_value());
  return json;
}

crypto::Bytes sig_structure(crypto::ByteSpan protected_header, crypto::ByteSpan payload) {
  crypto::CborWriter out;
  out.array(4).text("Signature1").bytes(protected_header).bytes({}).bytes(payload);
  return out.finish();
}

Json signed_item(std::string_view signer, crypto::ByteSpan sign1,
                 std::optional<crypto::ByteSpan> detached) {
  const auto view = crypto::decode_sign1(sign1, kBytesMax, crypto::Unprotected::any);
  assert(view.has_value() && view->payload.has_value() != detached.has_value());
  const crypto::ByteSpan payload = detached ? *detached : *view->payload;
  const crypto::Bytes structure = sig_structure(view->protected_header, payload);
  const crypto::Hash hash = crypto::sig_structure_hash(view->protected_header, payload);
  EXPECT_EQ(crypto::sha256(structure), hash);
  Json out = {{"signed_by", signer}, {"protected", readable(view->protected_header)}};
  if (detached) {
    out["detached_payload"] = crypto::to_hex(payload);
  } else {
    out["payload"] = readable(payload);
  }
  out["protected_bytes"] = crypto::to_hex(view->protected_header);
  if (!detached) out["payload_bytes"] = crypto::to_hex(payload);
  out["sig_structure"] = crypto::to_hex(structure);
  out["sig_structure_hash"] = crypto::to_hex(hash);
  out["signature"] = crypto::to_hex(view->signature);
  out["bytes"] = crypto::to_hex(sign1);
  return out;
}

Json hex_list(std::span<const crypto::Hash> hashes) {
  Json out = Json::array();
  for (const crypto::Hash& hash : hashes) out.push_back(crypto::to_hex(hash));
  return out;
}

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = "tests/vectors/" + name;
  if (std::getenv("TREEPROOF_WRITE_GOLDEN") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(golden.str(), text)
      << path << ": bytes that leave a node changed: that is a deliberate act with an ADR; then "
      << "run with TREEPROOF_WRITE_GOLDEN=1";
}

void expect_golden(const std::string& name, const Json& json) {
  expect_golden(name, json.dump(1) + "\n");
}

}  // namespace treeproof::vectors
