// Every LevelDB key, drawn. Owns no value. Callers: the .cpp files of this folder. Pure.
// Source: docs/protocol.md sections 4 to 6; docs/ledger.md "Size".
//
//   key = one letter for its kind, then the rest; integers are big-endian, u64~ is the complement
//         of a u64, so that a seek finds the newest at or below
//
//   o namespace 0 id               -> u64 height, value    an object as it is, and who wrote it;
//                                                          no value: removed at that height
//   h namespace 0 id 0 u64~ height -> value                what was overwritten, by its own height
//   y type 0 id                    -> (empty)              objects of the types in kListedTypes
//   k u32 number                   -> names                the objects that a block created, under
//                                                          the number of the last of them
//   n u32 number                   -> redemption           redemptions, numbered as they came
//   p batch 0 u32 page             -> kPageBytes codes     the latest version only
//   r allocation                   -> link ranges          in link leaf order
//   a batch 0 allocation           -> member links         trees of a batch that it allocated
//   u redemption 0 allocation      -> member links         units of a redemption that hold them
//   b u64 height                   -> two places           block and certificate in their segments
//   i u64 log index                -> u64 height           of the last statement of a block
//   l u8 level u64 tile            -> 1 to 256 hashes      the log, eight levels to a tile
//   v u64~ height                  -> validators           in force from that height on
//   c u64 height                   -> header, certificate  of a change of validators below the base
//   g                              -> base                 where the store begins; none: at genesis
//   d allocation                   -> hashes               of its link leaves, once leaves behind
//                                                          them were redacted
//   s attachment root              -> place                in the attachments' segments
//   w attachment root              -> place                while no committed statement announces
//                                                          it
//   x attachment root u64 height   -> (empty)              leaves of it that were redacted there
//   are
//                                                          still to be taken out
//   z place                        -> attachment root      redacted bytes that still stand there
//   e offence                      -> evidence             that no block holds yet
//   f u8 kind u64 height           -> commit certificates  that cannot be: two of one height, or
//                                                          one for a block that is invalid here
//   t                              -> tip                  written with every height
//
// Pages have no history: a view at a height reads them from its snapshot.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "consensus/bft/outputs.h"
#include "consensus/ledger/state.h"
#include "consensus/types/height.h"

namespace treeproof::store {

// Types of namespace "object" that are found by an index: few of each, or bulk under one statement.
// Pledges, evidence and consents come by the thousand a second: a key each would cost too much, and
// who asks for all of them reads all objects.
inline constexpr std::array<std::string_view, 15> kListedTypes{
    "allocate",      "batch",        "campaign",  "correct", "dispute",
    "expire_points", "issue_points", "mortality", "observe", "plot",
    "programme",     "propose",      "redeem",    "replace", "verify"};
constexpr bool is_listed(std::string_view type) noexcept {
  return std::ranges::find(kListedTypes, type) != kListedTypes.end();
}

std::string object_key(const ledger::ObjectKey& key);
std::string object_prefix(std::string_view name_space);
std::string history_prefix(const ledger::ObjectKey& key);
std::string history_key(const ledger::ObjectKey& key, Height written);
std::string type_prefix(std::string_view type);
std::string type_key(std::string_view type, std::string_view id);
std::string names_key(std::uint32_t last_number);
std::string redemption_key(std::uint32_t number);
std::string page_key(const ledger::PageKey& key);
std::string links_key(const ledger::ObjectId& allocation);
std::string batch_links_prefix(const ledger::ObjectId& batch);
std::string redemption_links_prefix(const ledger::ObjectId& redemption);
std::string block_key(Height height);
std::string log_index_key(std::uint64_t last_index);
std::string tile_key(std::uint32_t tile_level, std::uint64_t tile);
std::string validators_key(Height from);
std::string attachment_key(const crypto::Hash& root);
std::string unclaimed_key(const crypto::Hash& root);
std::string link_hashes_key(const ledger::ObjectId& allocation);
inline constexpr std::string_view kErasingPrefix = "x";
std::string erasing_key(const crypto::Hash& root, Height height);
inline constexpr std::string_view kRedactedPlacePrefix = "z";
std::string redacted_place_key(crypto::ByteSpan place);
inline constexpr std::string_view kEvidencePrefix = "e";
std::string evidence_key(const crypto::Hash& offence);
std::string alarm_prefix(bft::AlarmKind kind);
std::string alarm_key(bft::AlarmKind kind, Height height);
std::string certified_key(Height height);
inline constexpr std::string_view kBaseKey = "g";
inline constexpr std::string_view kTipKey = "t";

}  // namespace treeproof::store
