// What happened between validators, as a Mermaid sequence diagram for whoever reads a failure.
// Owns no message and no machine. Callers: the scenario runner, twins. One thread.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "consensus/bft/certificates.h"

namespace treeproof::scenarios {

using Message = std::variant<bft::Proposal, bft::Vote, bft::CommitCertificate,
                             bft::PolkaCertificate, bft::RoundCertificate>;
using BlockName = std::function<std::string(const crypto::Hash& header_hash)>;

// Such as "proposal X 2, valid 0", "prevote nil 1", "commit X 1".
std::string describe(const Message& message, const BlockName& name);

class SequenceDiagram {
 public:
  explicit SequenceDiagram(const std::vector<std::string>& participants);

  void arrow(const std::string& from, const std::string& to, const std::string& text);
  void lost(const std::string& from, const std::string& to, const std::string& text);
  void note(const std::string& over, const std::string& text);
  // A line across all participants.
  void heading(const std::string& text);
  std::string text() const;

 private:
  std::string first_;
  std::string last_;
  std::vector<std::string> lines_;
};

}  // namespace treeproof::scenarios
