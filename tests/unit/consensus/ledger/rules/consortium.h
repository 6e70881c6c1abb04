// A small consortium over a state in memory: four validators, a regulator, a partner programme and
// a community. Signs, verifies and executes statements, each in a block of its own.
// Shared by the tests of the ledger's rules.
#pragma once

#include <map>
#include <string_view>

#include "consensus/ledger/execution.h"
#include "consensus/ledger/genesis.h"

namespace treeproof::ledger {

class MemoryState final : public StateReader {
 public:
  SharedBytes object(const ObjectKey& key) const override;
  SharedBytes page(const PageKey& key) const override;
  AttachmentPtr attachment(const crypto::Hash& root) const override;

  StateChanges all;
  std::map<crypto::Hash, AttachmentPtr> attachments;
};

// Deterministic keys: one for each text.
crypto::SecretKey secret_key(std::string_view text);

inline constexpr std::string_view kPlatform = "platform";       // platform, programme
inline constexpr std::string_view kDesert = "desert-ngo";       // planter
inline constexpr std::string_view kCoast = "coast-ngo";         // planter
inline constexpr std::string_view kVerifier = "verifier";       // verifier
inline constexpr std::string_view kSister = "desert-verifier";  // verifier of kDesert's owner
inline constexpr std::string_view kRegulator = "regulator";     // regulator, no power
inline constexpr std::string_view kPartner = "partner";         // programme
inline constexpr std::string_view kVillage = "village";         // community
inline constexpr std::int32_t kFirstDay = 20'454;               // 2026-01-01

// Roles as above; every organisation has one key with all roles but node, named like itself, and
// validators one named "<org>/node". Validators: kPlatform, kDesert, kCoast, kVerifier.
// Species: haloxylon (shrub), rhizophora (mangrove), coral.
Genesis consortium_genesis();
// The same with seven validators: kSister, kRegulator and kPartner, too.
Genesis seven_genesis();

class Consortium {
 public:
  Consortium() : Consortium(consortium_genesis()) {}
  explicit Consortium(const Genesis& genesis);

  // What the next statement's block looks like.
  BlockContext block() const;
  std::int32_t day() const { return block().day(); }
  void advance_days(std::int32_t days) { time_.value += std::uint64_t(days) * 86'400'000; }

  // Signed with the organisation's own key, or with the key of another name, at the block's time.
  VerifiedStatement sign(std::string_view org, const Payload& payload) const;
  VerifiedStatement sign(std::string_view org, const Payload& payload, std::string_view key,
                         std::int64_t iat_offset_s = 0) const;

  // Executes in a block of its own; refused statements change no byte (asserted, by the state root
  // and by every page).
  std::expected<void, Refusal> record(const VerifiedStatement& statement);
  std::expected<void, Refusal> record(std::string_view org, const Payload& payload);
  // What a statement is refused with; fails the test where it is not.
  Refusal refusal(std::string_view org, const Payload& payload);
  Refusal refusal(const VerifiedStatement& statement);
  // Records, or fails the test with the refusal.
  void must(std::string_view org, const Payload& payload);
  void must(const VerifiedStatement& statement);
  // A block without statements.
  void empty_block();
  // The same with convictions; refused ones change nothing (asserted).
  std::expected<void, Refusal> convict(std::span<const Conviction> convictions);

  // Builds and holds an attachment.
  AttachmentRef attach(std::span<const crypto::Bytes> leaves);
  template <class Leaf>
  AttachmentRef attach_leaves(std::span<const Leaf> leaves) {
    std::vector<crypto::Bytes> encoded;
    for (const Leaf& leaf : leaves) encoded.push_back(encode(leaf));
    return attach(encoded);
  }

  template <class T>
  std::optional<T> get(std::string_view id) const {
    return ledger::get<T>(state, id);
  }
  template <class T>
  std::optional<T> find(std::string_view id) const {
    return ledger::find<T>(state, ObjectId{std::string(id)});
  }
  // The state root after the last block that was executed.
  crypto::Hash root() const { return map_.root(); }
  // Of the last block that was executed.
  const std::vector<AllocationLinks>& links() const { return links_; }
  // Proposes and has the validators approve until it is carried out.
  void govern(Change change);

  MemoryState state;
  std::string chain;

 private:
  // Fails the test where the state, or its root, is not what it was when the block was opened.
  void expect_untouched(BlockExecution& execution, const StateChanges& opened);
  void keep(StateChanges&& changes);

  Height height_{1};
  TimeMs time_;
  std::uint64_t log_index_ = 2;
  std::uint64_t governed_ = 0;
  std::vector<AllocationLinks> links_;
  crypto::StateMap map_;
};

// Of a number, by its label; empty where there is none.
std::string number(const Refusal& refusal, std::string_view label);

}  // namespace treeproof::ledger
