// What a replica asks of its host, in the order in which it is to be done.
// Owns nothing. Plain values. Before a Send or a Sign the host makes every earlier Journal durable.
// Source: docs/architecture.md "The path of a signed record"; docs/consensus.md rules 20 to 24.
#pragma once

#include "consensus/bft/guard.h"
#include "consensus/bft/outputs.h"
#include "consensus/replica/chain.h"
#include "consensus/replica/events.h"

namespace treeproof::replica {

// One record of the write-ahead log of agreement; the host adds length and checksum.
struct Journal {
  Height height;
  std::uint8_t kind = 0;  // a Message kind, or one of those below
  crypto::Bytes payload;
};
inline constexpr std::uint8_t kJournalTimeout = 0xf0;  // [kind, round]
inline constexpr std::uint8_t kJournalVerdict = 0xf1;  // [header hash, log size, root, Validity]

// The guard answers with the stored signature for the same request, and refuses what is not above
// everything it signed before. The end is Signed.
struct Sign {
  std::uint64_t id = 0;
  bft::SignRequest request;
};
// Peers hold this vote of ours: the guard signs only above it. [rule 23]
struct RaiseFloor {
  Height height;
  Round round;
  bft::SignStep step{};
};

struct Send {
  std::string org;  // empty: to every connected peer
  std::uint8_t kind = 0;
  std::shared_ptr<const crypto::Bytes> payload;
};
// The peer is faulty: close its connection, say why in the log.
struct DropPeer {
  std::string org;
  std::string why;
};
// Answer from the store: Decided messages from `from` on, at most `count`, ending with the one by
// whose content the answer reaches kDecidedAnswerBytes.
struct SendDecided {
  std::string org;
  Height from;
  std::uint64_t count = 0;
};
// Answer from the store: an AttachmentPart.
struct SendAttachmentPart {
  std::string org;
  crypto::Hash root{};
  std::uint64_t offset = 0;
};
struct RunJobs {
  std::vector<Job> jobs;
};
// Check against the announcement, write, sync; the end is AttachmentsStored. Without bytes they are
// those that the ticket's client offered.
struct StoreAttachment {
  ledger::AttachmentRef announced;
  std::shared_ptr<const crypto::Bytes> bytes;
  Ticket ticket;
};
// Read what the store holds, check it and keep it in memory, off this thread; the end is
// AttachmentsStored, refused where it turns out damaged.
struct LoadAttachment {
  crypto::Hash root{};
};
// No pending statement needs these. Those that no committed one announces are not held from now
// on, and their space is given back.
struct DropAttachments {
  std::vector<crypto::Hash> roots;
};
// Judge a statement that waits as if it stood in the next block, off this thread, over the state
// after the last commit (check_links). The end is LinksChecked.
struct CheckLinks {
  ledger::VerifiedStatement statement;
  ledger::BlockContext block;
};
struct SetTimer {
  TimerId timer;
  std::uint64_t delay_ms = 0;
};
// One atomic synced batch: block, certificate, changes, indexes. The end is Committed.
struct Commit {
  ExecutedBlockPtr block;
  bft::CommitCertificate certificate;
};

struct PendingStatement {
  ledger::StatementPtr statement;
  std::vector<ledger::OrgId> missing_consents;
  bool attachment_missing = false;
};
struct AnswerCommitted {
  Height height;
  std::uint64_t log_index = 0;
};
using Answer = std::variant<ledger::Refusal, PendingStatement, AnswerCommitted>;
// To one who submitted: refusals and commits are final, pending may come before either.
struct AnswerSubmitted {
  Ticket ticket;
  Answer answer;
};
// An upload that nobody waits for, or that is on its way already.
struct RefuseAttachment {
  Ticket ticket;
  ledger::Refusal refusal;
};
struct AnswerPending {
  Ticket ticket;
  std::vector<PendingStatement> pending;
};
// Keep this evidence until it is forgotten, whatever happens; on start it comes back as
// EvidenceKept.
struct RecordEvidence {
  bft::VerifiedEvidence evidence;
};
// A block holds it, or it has expired.
struct ForgetEvidence {
  std::vector<crypto::Hash> offences;  // by offence_id
};
// More faults than the protocol bears, or a bug of ours: keep it durably, tell the operator, go on
// serving. The replica votes no more. [rule 25]
struct RecordAlarm {
  bft::AlarmKind kind{};
  // Of a second quorum: ours, then theirs. Of a quorum for an invalid block: that.
  std::vector<bft::CommitCertificate> quorums;
};

using Effect =
    std::variant<Journal, Sign, RaiseFloor, Send, DropPeer, SendDecided, SendAttachmentPart,
                 RunJobs, StoreAttachment, SetTimer, Commit, AnswerSubmitted, RefuseAttachment,
                 AnswerPending, RecordEvidence, ForgetEvidence, RecordAlarm, LoadAttachment,
                 DropAttachments, CheckLinks>;
using Effects = std::vector<Effect>;

}  // namespace treeproof::replica
