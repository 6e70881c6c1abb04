#include <cassert>

#include "consensus/proofs/certificate.h"
#include "tests/fuzz/targets.h"

namespace treeproof::fuzz {

int fuzz_certificate_text(crypto::ByteSpan input) {
  const std::string as_qr_code = proofs::to_text(input);
  const auto back = proofs::from_text(as_qr_code);
  assert(back && crypto::equal(*back, input));
  const std::string_view text = crypto::as_text(input);
  const auto bytes = proofs::from_text(text);
  if (!bytes) return kRefused;
  assert(text.find(proofs::to_text(*bytes)) != std::string_view::npos);  // but for white space
  return kTaken;
}

}  // namespace treeproof::fuzz
