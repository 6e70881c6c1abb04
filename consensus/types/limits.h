// Every bound of the system, in one place, with the relations between them asserted.
// Owns no behaviour. Read by everyone above crypto. Pure constants.
// Source: docs/protocol.md sections 3, 4, 5 and 10; docs/ledger.md.
#pragma once

#include <cstddef>
#include <cstdint>

namespace treeproof {

// Names
inline constexpr std::size_t kOrgIdCharsMax = 16;
inline constexpr std::size_t kRefCharsMax = 48;
inline constexpr std::size_t kObjectIdCharsMax = kOrgIdCharsMax + 1 + kRefCharsMax;
inline constexpr std::size_t kTextBytesMax = 256;
inline constexpr std::size_t kChainIdCharsMax = 96;
inline constexpr std::size_t kKeysPerOrgMax = 256;  // revoked ones too

// Counts and amounts: what JSON readers keep exact, and far from any overflow of a sum.
inline constexpr std::uint64_t kQuantityMax = (std::uint64_t{1} << 53) - 1;

// Statements and attachments
inline constexpr std::size_t kStatementBytesMax = 65'535;
inline constexpr std::size_t kAttachmentBytesMax = 16u << 20;
inline constexpr std::size_t kAttachmentLeavesMax = 262'144;
inline constexpr std::size_t kLeafBytesMax = 16'384;
inline constexpr std::size_t kGeometryBytesMax = 65'536;
inline constexpr std::size_t kDrawsMax = 64;
inline constexpr std::size_t kRunsMax = 64;
inline constexpr std::size_t kLinksMax = 262'144;
inline constexpr std::size_t kReplaceRunsMax = 4'096;
inline constexpr std::size_t kHandoverMax = 256;  // objects of one kind
inline constexpr std::size_t kSpeciesPerStatementMax = 512;
inline constexpr std::size_t kCommitmentsPerUnitMax = 16;

// Blocks
inline constexpr std::size_t kBlockStatementBytesMax = 4u << 20;
inline constexpr std::size_t kBlockAttachmentBytesMax = 32u << 20;
inline constexpr std::size_t kBlockLeavesMax = 524'288;
inline constexpr std::size_t kBlockBytesMax = kBlockStatementBytesMax + (1u << 20);

// Validators and rounds
inline constexpr std::size_t kValidatorsMax = 100;
inline constexpr std::size_t kValidatorsMin = 4;
inline constexpr std::size_t kValidatorSeatsMax = 256;  // proposed; more than may sit is refused
inline constexpr std::size_t kRegulatorsMax = 256;
inline constexpr std::size_t kApprovalsMax = kValidatorsMax + kRegulatorsMax;  // of one proposal
inline constexpr std::int32_t kRoundMax = 1'000'000;

// Evidence against validators
inline constexpr std::size_t kEvidenceBytesMax = 32u << 10;  // of one piece
inline constexpr std::size_t kForgottenRoundsMax = 30;       // from a lock to the vote against it
inline constexpr std::size_t kBlockEvidenceMax = 16;         // pieces
inline constexpr std::size_t kBlockEvidenceBytesMax = 256u << 10;
inline constexpr std::size_t kSeatsKnownMax = 1'024;  // validator sets that evidence may be of
inline constexpr std::size_t kDayStartsMax = 366;

// Disputes
inline constexpr std::size_t kDisputesPerTargetMax = 256;  // ended ones too
inline constexpr std::uint64_t kDisputeDays = 90;

// Pages of per-tree state: 4 bits each
inline constexpr std::size_t kPageBytes = 4'096;
inline constexpr std::size_t kTreesPerPage = kPageBytes * 2;

// Geometry
inline constexpr std::size_t kRingVerticesMax = 1'024;
inline constexpr std::size_t kRingsMax = 9;  // one outer, eight holes
inline constexpr std::uint32_t kUncertaintyMetresMax = 30;
inline constexpr std::uint32_t kPrecisionMetresMax = 10'000;
inline constexpr std::uint64_t kUnitSizeMax = 1'000'000;  // m2
inline constexpr std::int32_t kCellE7 = 500'000;          // the grid of plots: 0.05 degrees
inline constexpr std::size_t kCellsPerPlotMax = 256;

// Pools
inline constexpr std::size_t kMempoolBytesMax = 64u << 20;
inline constexpr std::size_t kMempoolCountMax = 65'536;
inline constexpr std::size_t kFutureHeightsMax = 8;

inline constexpr std::size_t kWaitersPerStatementMax = 64;  // calls that wait for one statement
// Attachments that the pending statements of one organisation announce
inline constexpr std::size_t kPendingAttachmentBytesMax = 256u << 20;

// Frames between peers
inline constexpr std::size_t kFrameBytesMax = 8u << 20;
inline constexpr std::size_t kPeerQueueBytesMax = 64u << 20;  // that wait for one slow peer

// Blocks and attachments read from the store for a peer
inline constexpr std::size_t kDecidedAnswerBytes = 16u << 20;  // the block that reaches it is last
inline constexpr std::size_t kAnswerQueueBytes = 16u << 20;    // in the peer's queue: read no more
inline constexpr std::size_t kAnswerBytesPerSecond = 32u << 20;
inline constexpr std::size_t kAnswersWaitingMax = 32;       // requests of one peer
inline constexpr std::size_t kCatchUpBytesMax = 96u << 20;  // asked for, not decided here yet

// Snapshots
inline constexpr std::size_t kSnapshotRecordBytesMax = kAttachmentBytesMax + (1u << 20);
inline constexpr std::size_t kSnapshotPartBytes = 1u << 20;   // what a peer is asked for at once
inline constexpr std::uint64_t kSnapshotPartsMax = 1u << 20;  // a TiB without attachments

static_assert(kStatementBytesMax < kBlockStatementBytesMax);
static_assert(kAttachmentBytesMax <= kBlockAttachmentBytesMax);
static_assert(kAttachmentLeavesMax <= kBlockLeavesMax);
static_assert(kBlockBytesMax < kFrameBytesMax && kSnapshotPartBytes < kFrameBytesMax);
static_assert(kBlockBytesMax < kSnapshotRecordBytesMax);
static_assert(kEvidenceBytesMax <= kBlockEvidenceBytesMax);
static_assert(kBlockStatementBytesMax + kBlockEvidenceBytesMax < kBlockBytesMax);
static_assert(kAnswerQueueBytes + kFrameBytesMax <= kPeerQueueBytesMax / 2);  // agreement's half
static_assert(kDecidedAnswerBytes + kFrameBytesMax <= kCatchUpBytesMax / 4);
static_assert(kAttachmentBytesMax * 4 <= kPendingAttachmentBytesMax);
static_assert(kLinksMax <= kBlockLeavesMax);
static_assert(kValidatorsMin <= kValidatorsMax && kValidatorsMax < kValidatorSeatsMax);
static_assert(kAttachmentLeavesMax % kTreesPerPage == 0);

}  // namespace treeproof
