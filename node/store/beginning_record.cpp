#include "node/store/beginning_record.h"

#include "crypto/cbor.h"
#include "node/store/file.h"
#include "node/store/key_layout.h"

namespace treeproof::store {

namespace {

constexpr std::size_t kPartBytesMax = 64u << 10;

}  // namespace

crypto::Bytes encode(const BaseRecord& base) {
  return crypto::CborWriter().array(2).uint(base.height.value).uint(base.log_from).finish();
}

BaseRecord read_base(const Database& database, const Snapshot& snapshot) {
  const auto stored = database.get(kBaseKey, snapshot);
  if (!stored) return {};
  crypto::CborReader in(crypto::as_bytes(*stored));
  in.array_exact(2);
  BaseRecord base;
  base.height = {in.uint()};
  base.log_from = in.uint();
  if (!in.finish()) stop_on_disk_failure("where the store begins does not decode");
  return base;
}

crypto::Bytes encode(const CertifiedHeader& certified) {
  crypto::CborWriter out;
  out.array(2).bytes(certified.header).bytes(bft::encode(certified.certificate));
  return out.finish();
}

std::optional<CertifiedHeader> read_certified(const Database& database, const Snapshot& snapshot,
                                              Height height) {
  const auto stored = database.get(certified_key(height), snapshot);
  if (!stored) return std::nullopt;
  crypto::CborReader in(crypto::as_bytes(*stored));
  in.array_exact(2);
  CertifiedHeader certified{crypto::to_bytes(in.bytes(kPartBytesMax)), {}};
  auto certificate = bft::decode_commit_certificate(in.bytes(kPartBytesMax));
  if (!in.finish() || !certificate) stop_on_disk_failure("a certified header does not decode");
  certified.certificate = *std::move(certificate);
  return certified;
}

}  // namespace treeproof::store
