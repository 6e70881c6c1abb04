#include "tests/scenarios/sequence_diagram.h"

#include <algorithm>
#include <cassert>

namespace treeproof::scenarios {

namespace {

using namespace std::string_literals;

std::string number(Round round) { return std::to_string(round.value); }

std::string answering(Round valid_round) {
  return valid_round.exists() ? ", valid " + number(valid_round) : "";
}

struct Describe {
  const BlockName& name;

  std::string operator()(const bft::Proposal& it) const {
    return "proposal " + name(it.header_hash) + " " + number(it.round) + answering(it.valid_round);
  }
  std::string operator()(const bft::Vote& it) const {
    const std::string type = it.type == bft::VoteType::prevote ? "prevote " : "precommit ";
    const std::string value = it.value ? name(it.value->header_hash) : "nil";
    return type + value + " " + number(it.round) + answering(it.valid_round);
  }
  std::string operator()(const bft::CommitCertificate& it) const {
    return "commit " + name(it.block.header_hash) + " " + number(it.round);
  }
  std::string operator()(const bft::PolkaCertificate& it) const {
    return "polka " + name(it.header_hash) + " " + number(it.round) + answering(it.valid_round);
  }
  std::string operator()(const bft::RoundCertificate& it) const {
    return "certificate of round " + number(it.round);
  }
};

// Mermaid ends a statement at these.
std::string plain(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == ';' || c == '#' || c == '\n'; }, ',');
  return text;
}

}  // namespace

std::string describe(const Message& message, const BlockName& name) {
  return std::visit(Describe{name}, message);
}

SequenceDiagram::SequenceDiagram(const std::vector<std::string>& participants) {
  assert(!participants.empty());
  first_ = participants.front();
  last_ = participants.back();
  for (const std::string& participant : participants) {
    lines_.push_back("participant " + participant);
  }
}

void SequenceDiagram::arrow(const std::string& from, const std::string& to,
                            const std::string& text) {
  lines_.push_back(from + "->>" + to + ": " + plain(text));
}

void SequenceDiagram::lost(const std::string& from, const std::string& to,
                           const std::string& text) {
  lines_.push_back(from + "--x" + to + ": " + plain(text));
}

void SequenceDiagram::note(const std::string& over, const std::string& text) {
  lines_.push_back("Note over " + over + ": " + plain(text));
}

void SequenceDiagram::heading(const std::string& text) {
  lines_.push_back("Note over " + first_ + "," + last_ + ": " + plain(text));
}

std::string SequenceDiagram::text() const {
  std::string text = "sequenceDiagram\n";
  for (const std::string& line : lines_) text += "  " + line + "\n";
  return text;
}

}  // namespace treeproof::scenarios
