#include "tests/vectors/cddl.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "consensus/ledger/leaves.h"
#include "consensus/ledger/statement.h"
#include "consensus/proofs/points_proof.h"

namespace treeproof::vectors {
namespace {

constexpr const char* kFile = "docs/protocol.cddl";

template <class... T>
void add_all(CddlWriter& out, const std::variant<T...>&) {
  (out.add<T>(), ...);
}

std::string generated() {
  CddlWriter out;
  add_all(out, ledger::Payload{});
  out.add<ledger::PlantLeaf>();
  out.add<ledger::RunLeaf>();
  out.add<ledger::ReplaceLeaf>();
  out.add<ledger::LinkLeaf>();
  out.add<proofs::PointsProof>();
  return "; The payloads, leaves and points proofs of Treeproof (RFC 8610), written from their one "
         "definition by\n"
         "; tests/vectors/cddl_test.cpp. Map keys travel in canonical order (RFC 8949, 4.2.1).\n"
         "; A redeem leaf is [1*16 share]; a geometry leaf is one ring, [4*1025 [lat, lon]], or "
         "the\n"
         "; only one a point, [lat, lon].\n\n" +
         out.text();
}

TEST(Cddl, OfThePayloadsIsWhatTheDocumentationShows) {
  if (std::getenv("TREEPROOF_WRITE_GOLDEN") != nullptr) std::ofstream(kFile) << generated();
  std::ifstream file(kFile);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), generated())
      << "the protocol's payloads changed: that is a deliberate act with an ADR; then run with "
         "TREEPROOF_WRITE_GOLDEN=1";
}

}  // namespace
}  // namespace treeproof::vectors
