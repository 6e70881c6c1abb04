// What Agreement asks of its host, as data, in the order in which it is to be done.
// Owns nothing. Produced by Agreement, carried out by the replica. Pure values.
// Source: arXiv 1807.04938 algorithm 1; docs/consensus.md rules 4, 6, 8, 17, 19 and 29.
#pragma once

#include <variant>

#include "consensus/bft/certificates.h"
#include "consensus/bft/evidence.h"
#include "consensus/bft/timeouts.h"

namespace treeproof::bft {

// This node proposes in the round and has no valid value: call value_to_propose.
struct GetValue {
  Round round;
  bool operator==(const GetValue&) const = default;
};

// Sign, send, and feed back with receive(). `block` is known to be valid.
struct SendProposal {
  Proposal proposal;  // org and kid set, signature empty
  BlockId block;
  bool operator==(const SendProposal&) const = default;
};

// Sign, send, and feed back with receive(). For a precommit of a block in a round > 0 send
// Agreement::polka_certificate(round) along. [rule 17]
struct SendVote {
  Vote vote;  // org and kid set, signature empty
  bool operator==(const SendVote&) const = default;
};

// Call timeout(kind, round) after timeout_ms(kind, round). [rule 29: always asked for]
struct ScheduleTimeout {
  TimeoutKind kind = TimeoutKind::propose;
  Round round;
  bool operator==(const ScheduleTimeout&) const = default;
};

// Every timer of this and earlier rounds is void. [rule 6]
struct CancelTimeouts {
  Round round;
  bool operator==(const CancelTimeouts&) const = default;
};

// The height is decided; the machine says nothing more but Alarm.
struct Decide {
  Round round;
  BlockId block;
  CommitCertificate certificate;
  bool operator==(const Decide&) const = default;
};

// More than 1/3 precommitted or more than 2/3 prevoted this block and its validity is unknown:
// fetch it from those who voted, then call set_validity. Asked once for each hash. [rule 8]
struct FetchBlock {
  crypto::Hash header_hash{};
  Round round;
  bool operator==(const FetchBlock&) const = default;
};

struct ReportEvidence {
  Evidence evidence;
  bool operator==(const ReportEvidence&) const = default;
};

// What at most f faulty validators cannot cause: store it, stop voting, keep serving. [rule 25]
enum class AlarmKind : std::uint8_t {
  second_quorum,      // another block than the decided one has a commit certificate
  quorum_for_invalid  // a quorum committed a block that this node finds invalid
};
struct Alarm {
  AlarmKind kind = AlarmKind::second_quorum;
  CommitCertificate certificate;
  bool operator==(const Alarm&) const = default;
};

using Output = std::variant<GetValue, SendProposal, SendVote, ScheduleTimeout, CancelTimeouts,
                            Decide, FetchBlock, ReportEvidence, Alarm>;
using Outputs = std::vector<Output>;

}  // namespace treeproof::bft
