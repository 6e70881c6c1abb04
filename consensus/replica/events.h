// What happens to a replica. The host makes them; so does the simulator.
// Owns nothing. Plain values.
// Source: docs/architecture.md "The path of a signed record".
#pragma once

#include <span>

#include "consensus/bft/timeouts.h"
#include "consensus/replica/jobs.h"
#include "consensus/replica/messages.h"

namespace treeproof::replica {

// Names a caller that waits for answers; the host maps it to whoever asked.
struct Ticket {
  std::uint64_t value = 0;
  auto operator<=>(const Ticket&) const = default;
};

enum class TimerKind : std::uint8_t { propose, prevote, precommit, heartbeat, resend };
struct TimerId {
  TimerKind kind{};
  Height height;
  Round round;
  auto operator<=>(const TimerId&) const = default;
};

struct Submitted {  // by a client of this node
  ledger::StatementPtr statement;
  Ticket ticket;
};
struct AttachmentOffered {  // by a client of this node; the host keeps the bytes under the ticket
  crypto::Hash root{};
  Ticket ticket;
};
struct AttachmentsStored {         // the end of StoreAttachment, of one or of several by one sync
  std::vector<crypto::Hash> held;  // on disk, synced
  std::vector<crypto::Hash> refused;  // by the check against the announcement
};
struct PendingAsked {
  Ticket ticket;
};
struct PeerConnected {
  std::string org;
};
struct PeerDisconnected {
  std::string org;
};
struct Received {
  std::string org;
  Message message;
};
struct JobsDone {
  std::vector<JobResult> results;
};
struct Signed {  // the end of Sign; nothing where the guard refused
  std::uint64_t id = 0;
  std::optional<crypto::Signature> signature;
};
struct Committed {  // the end of Commit: one synced batch is on disk
  Height height;
};
struct TimerFired {
  TimerId timer;
};
struct Withdrawn {  // whoever waited for this statement's answer under the ticket is gone
  ledger::StatementPtr statement;
  Ticket ticket;
};
struct LinksChecked {  // the end of CheckLinks
  crypto::Hash statement{};
  std::vector<ledger::ObjectId> uses;      // redemptions and batches that the links follow from
  std::optional<ledger::Refusal> refusal;  // of the whole judgement
};

struct EvidenceKept {  // what RecordEvidence left of an earlier life; at most once, after start
  std::vector<bft::Evidence> evidence;
};

using Event = std::variant<Submitted, AttachmentOffered, AttachmentsStored, PendingAsked,
                           PeerConnected, PeerDisconnected, Received, JobsDone, Signed, Committed,
                           TimerFired, Withdrawn, LinksChecked, EvidenceKept>;

// The two clocks of a moment: real time, and the chain's (the same but on a test chain).
struct Now {
  TimeMs real;
  TimeMs chain;
  std::uint64_t rate = 1;  // chain milliseconds in a real one
};

}  // namespace treeproof::replica
