#include "consensus/types/offence.h"

#include <array>
#include <cassert>

#include "crypto/cbor.h"
#include "crypto/hash.h"

namespace treeproof {

std::span<const std::string_view> names_of(SignedStep) noexcept {
  static constexpr std::array<std::string_view, 3> kNames = {"proposal", "prevote", "precommit"};
  return kNames;
}

crypto::Hash offence_id(const Offence& offence) {
  assert(offence.round.exists());
  crypto::CborWriter out;
  out.array(4).text(offence.org).uint(offence.height.value);
  out.uint(static_cast<std::uint64_t>(offence.round.value));
  out.text(names_of(offence.step)[static_cast<std::size_t>(offence.step)]);
  return crypto::sha256(out.finish());
}

}  // namespace treeproof
