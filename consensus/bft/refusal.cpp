#include "consensus/bft/refusal.h"

#include <cassert>

namespace treeproof::bft {

std::string_view to_string(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::malformed:
      return "bft_malformed";
    case Refusal::wrong_chain:
      return "bft_wrong_chain";
    case Refusal::wrong_type:
      return "bft_wrong_type";
    case Refusal::out_of_range:
      return "bft_out_of_range";
    case Refusal::wrong_height:
      return "bft_wrong_height";
    case Refusal::wrong_round:
      return "bft_wrong_round";
    case Refusal::unknown_validator:
      return "bft_unknown_validator";
    case Refusal::wrong_key:
      return "bft_wrong_key";
    case Refusal::doubled_validator:
      return "bft_doubled_validator";
    case Refusal::unsorted:
      return "bft_unsorted";
    case Refusal::wrong_proposer:
      return "bft_wrong_proposer";
    case Refusal::bad_signature:
      return "bft_bad_signature";
    case Refusal::no_quorum:
      return "bft_no_quorum";
    case Refusal::no_conflict:
      return "bft_no_conflict";
    case Refusal::bad_checksum:
      return "bft_bad_checksum";
  }
  assert(false);
  return {};
}

}  // namespace treeproof::bft
