// A second ledger, written from the design page alone: what every rule allows and what follows, in
// plain maps with one entry for each tree and each unit, every sum counted anew when it is asked.
// Slow, small and unlike the implementation, which must agree with it on every random history.
// Owns no geometry, no signature and no encoding. Caller: the story. One thread.
// Source: docs/ledger.md.
#pragma once

#include <map>
#include <set>

#include "consensus/ledger/reason.h"
#include "consensus/ledger/statement.h"
#include "tests/unit/consensus/ledger/model/told.h"
#include "tests/unit/consensus/ledger/model/trees.h"

namespace treeproof::ledger::model {

using Reasons = std::set<Reason>;

struct Org {
  std::set<OrgRole> roles;
  std::string group;
};

struct KeyBook {
  std::string org;
  std::set<KeyRole> roles;
  bool is_revoked = false;
};

struct PlotBook {
  std::string issuer;
  std::string holder;
  std::uint64_t area = 0;      // m2
  std::uint64_t capacity = 0;  // as stated
  std::uint64_t confirmed = 0;
  Layer layer{};
  Extent outline;
  crypto::Hash geometry{};  // root
  bool is_closed = false;
  crypto::Hash statement{};
};

struct PledgeBook {
  std::string holder;
  std::string campaign;
  std::string plot;
  std::string species;
  std::uint64_t promised = 0;
  std::uint64_t planted = 0;
  std::uint64_t drawn = 0;
  std::int32_t day = 0;
};

struct CampaignBook {
  Campaign terms;  // as the last revision left them
  std::string platform;
  bool is_closed = false;
};

struct Issued {
  std::string series;
  std::int32_t from = 0;
  std::int32_t to = 0;
  std::uint64_t grams = 0;
};
struct ProgrammeBook {
  Programme terms;
  std::string org;
  std::vector<Issued> periods;
  std::uint64_t expired = 0;
};

struct DisputeBook {
  Dispute terms;
  std::string opener;
  std::uint64_t time_s = 0;
  bool freezes = false;  // at once, or since it was seconded
  bool is_over = false;
  crypto::Hash statement{};
};

struct EvidenceBook {
  std::string org;
  EvidenceKind kind{};
  crypto::Hash sha256{};
};

struct ProposalBook {
  Change change;
  std::uint64_t time_s = 0;
  std::set<std::string> approvals;
  bool is_done = false;
};

inline constexpr std::uint64_t kDisputeSeconds = 90 * 86'400;  // then it lapses
inline constexpr std::int32_t kYearOne = -719'162;             // the day 0001-01-01

// Everything that was recorded.
struct Books {
  std::map<std::string, Org> orgs;
  std::map<crypto::PublicKeyBytes, KeyBook> keys;
  // In which node keys were put: the newest votes, where the organisation is a validator.
  std::map<std::string, std::vector<crypto::PublicKeyBytes>> node_keys;
  std::set<std::string> validators;  // each of power 1
  std::map<std::string, std::uint64_t> parameters;
  std::map<std::string, Species> species;
  std::map<std::string, ProgrammeBook> programmes;
  std::map<std::string, CampaignBook> campaigns;
  std::map<std::string, PlotBook> plots;
  std::map<std::string, PledgeBook> pledges;
  std::map<std::string, Batch> batches;
  std::map<std::string, Redemption> redemptions;
  std::map<std::string, DisputeBook> disputes;
  std::map<std::string, EvidenceBook> evidence;
  std::map<std::string, ProposalBook> proposals;
  std::map<std::string, std::string> verifications;  // and the batch that each judged
  std::map<std::string, std::string> observations;   // and the batch that each counted
  // The batch, plot or campaign that any other statement says something about.
  std::map<std::string, std::string> subjects;
  std::map<crypto::Hash, std::uint64_t> leaves;             // of announced attachments, by root
  std::set<crypto::Hash> redacted;                          // roots
  std::map<std::string, Said> records;                      // by object
  std::set<std::pair<crypto::Hash, std::string>> consents;  // statement, organisation
};

}  // namespace treeproof::ledger::model
