#include "tests/unit/consensus/ledger/rules/consortium.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/ledger/trades.h"
#include "crypto/hash.h"

namespace treeproof::ledger {

namespace {

template <class Map, class Key>
SharedBytes lookup(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

const KeyRoles kAllRoles = {KeyRole::admin,  KeyRole::issue,   KeyRole::redeem, KeyRole::plant,
                            KeyRole::verify, KeyRole::observe, KeyRole::dispute};

GenesisOrg member(std::string_view id, OrgRoles roles, std::string_view group) {
  GenesisOrg entry;
  entry.org = {{std::string(id)}, {std::string(id)}, std::move(roles), {std::string(group)}};
  entry.keys.push_back({secret_key(id).public_key().bytes(), kAllRoles});
  return entry;
}

GenesisOrg validator(std::string_view id, OrgRoles roles, std::string_view group) {
  GenesisOrg entry = member(id, std::move(roles), group);
  const std::string node = std::string(id) + "/node";
  entry.keys.push_back({secret_key(node).public_key().bytes(), {KeyRole::node}});
  return entry;
}

// An explanation tells the same story as the verdict, and asks only rules of the type's table, in
// the order of the table.
void check_explanation(const VerifiedStatement& statement, std::span<const RuleResult> results,
                       const std::expected<void, Refusal>& added) {
  const auto failed = std::ranges::find(results, RuleState::failed, &RuleResult::state);
  EXPECT_EQ(failed == results.end(), added.has_value());
  if (!added && failed != results.end()) {
    EXPECT_EQ((Refusal{failed->reason, failed->numbers}), added.error());
  }
  const std::vector<Reason> table = rules_of(statement->payload);
  auto place = table.begin();  // a reason may stand in the envelope's rules and in the trade's
  for (const RuleResult& result : results) {
    if (result.state == RuleState::not_reached) break;
    place = std::find(place, table.end(), result.reason);
    ASSERT_NE(place, table.end()) << type_of(statement->payload) << " asks " << name(result.reason)
                                  << " out of the order of its table";
  }
}

}  // namespace

SharedBytes MemoryState::object(const ObjectKey& key) const { return lookup(all.objects, key); }

SharedBytes MemoryState::page(const PageKey& key) const { return lookup(all.pages, key); }

AttachmentPtr MemoryState::attachment(const crypto::Hash& root) const {
  const auto found = attachments.find(root);
  return found == attachments.end() ? nullptr : found->second;
}

crypto::SecretKey secret_key(std::string_view text) {
  return crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(text))).value();
}

Genesis consortium_genesis() {
  Genesis genesis;
  genesis.chain_name = "test-consortium";
  genesis.time.value = std::uint64_t{kFirstDay} * 86'400'000;
  genesis.orgs = {
      validator(kPlatform, {OrgRole::platform, OrgRole::programme}, "platform"),
      validator(kDesert, {OrgRole::planter}, "desert"),
      validator(kCoast, {OrgRole::planter}, "coast"),
      validator(kVerifier, {OrgRole::verifier}, "verifier"),
      member(kSister, {OrgRole::verifier}, "desert"),
      member(kRegulator, {OrgRole::regulator}, "state"),
      member(kPartner, {OrgRole::programme}, "partner"),
      member(kVillage, {OrgRole::community}, "village"),
  };
  for (const std::string_view org : {kPlatform, kDesert, kCoast, kVerifier}) {
    genesis.validators.push_back({std::string(org)});
  }
  genesis.species = {
      {{"haloxylon"}, {"Haloxylon ammodendron"}, 3'771'384, std::nullopt, Habit::shrub, 2'505},
      {{"rhizophora"}, {"Rhizophora mangle"}, std::nullopt, std::nullopt, Habit::mangrove, {}},
      {{"coral"}, {"Acropora"}, std::nullopt, std::nullopt, Habit::coral, std::nullopt},
  };
  genesis.file_hash = crypto::sha256(crypto::as_bytes("consortium"));
  return genesis;
}

Genesis seven_genesis() {
  Genesis genesis = consortium_genesis();
  for (const std::string_view org : {kSister, kRegulator, kPartner}) {
    const auto entry = std::ranges::find(
        genesis.orgs, org, [](const GenesisOrg& e) -> std::string_view { return e.org.org.text; });
    const std::string node = std::string(org) + "/node";
    entry->keys.push_back({secret_key(node).public_key().bytes(), {KeyRole::node}});
    genesis.validators.push_back({std::string(org)});
  }
  return genesis;
}

Consortium::Consortium(const Genesis& genesis) {
  EXPECT_TRUE(check_genesis(genesis).has_value());
  keep(genesis_state(genesis));
  chain = chain_id(genesis);
  time_ = genesis.time;
}

BlockContext Consortium::block() const {
  BlockContext block;
  block.chain_id = chain;
  block.height = height_;
  block.time = time_;
  block.previous_header_hash = crypto::sha256(crypto::as_bytes(std::to_string(height_.value - 1)));
  block.log_index = log_index_;
  return block;
}

VerifiedStatement Consortium::sign(std::string_view org, const Payload& payload) const {
  return sign(org, payload, org);
}

VerifiedStatement Consortium::sign(std::string_view org, const Payload& payload,
                                   std::string_view key, std::int64_t iat_offset_s) const {
  const crypto::SecretKey secret = secret_key(key);
  const std::uint64_t iat = time_.seconds() + static_cast<std::uint64_t>(iat_offset_s);
  auto parsed =
      parse_statement(sign_statement(payload, {std::string(org)}, chain, iat, secret), chain);
  EXPECT_TRUE(parsed.has_value()) << to_string(parsed.error());
  return VerifiedStatement::verify(*parsed, secret.public_key()).value();
}

void Consortium::expect_untouched(BlockExecution& execution, const StateChanges& opened) {
  const auto root_with = [&](const StateChanges& changes) {
    const auto undo = map_.apply(map_changes(changes));
    const crypto::Hash root = map_.root();
    map_.revert(undo);
    return root;
  };
  const StateChanges& now = execution.state().changes();
  EXPECT_EQ(root_with(now), root_with(opened)) << "a refusal changed the state root";
  EXPECT_TRUE(now == opened) << "a refusal changed the state";  // the pages, too
}

void Consortium::keep(StateChanges&& changes) {
  map_.apply(map_changes(changes));
  state.all.merge(std::move(changes));
}

std::expected<void, Refusal> Consortium::record(const VerifiedStatement& statement) {
  BlockExecution execution(state, block());
  const StateChanges opened = execution.state().changes();
  const auto results = explain_statement(statement, execution.state(), block());
  auto added = execution.add(statement);
  check_explanation(statement, results, added);
  if (!added) {
    expect_untouched(execution, opened);
    return added;
  }
  BlockEffects effects = execution.finish();
  keep(std::move(effects.changes));
  links_ = std::move(effects.links);
  height_ = height_.next();
  ++log_index_;
  time_.value += 1'000;
  return added;
}

std::expected<void, Refusal> Consortium::record(std::string_view org, const Payload& payload) {
  return record(sign(org, payload));
}

Refusal Consortium::refusal(std::string_view org, const Payload& payload) {
  return refusal(sign(org, payload));
}

Refusal Consortium::refusal(const VerifiedStatement& statement) {
  const auto recorded = record(statement);
  EXPECT_FALSE(recorded.has_value()) << "the statement was accepted";
  return recorded ? Refusal{} : recorded.error();
}

void Consortium::must(std::string_view org, const Payload& payload) { must(sign(org, payload)); }

void Consortium::must(const VerifiedStatement& statement) {
  const auto recorded = record(statement);
  ASSERT_TRUE(recorded.has_value()) << to_string(recorded.error());
}

void Consortium::empty_block() { EXPECT_TRUE(convict({}).has_value()); }

std::expected<void, Refusal> Consortium::convict(std::span<const Conviction> convictions) {
  BlockExecution execution(state, block());
  const StateChanges opened = execution.state().changes();
  auto convicted = execution.convict(convictions);
  if (!convicted) {
    expect_untouched(execution, opened);
    return convicted;
  }
  keep(execution.finish().changes);
  height_ = height_.next();
  time_.value += 1'000;
  return convicted;
}

AttachmentRef Consortium::attach(std::span<const crypto::Bytes> leaves) {
  const AttachmentPtr attachment = Attachment::build(leaves);
  state.attachments[attachment->announced().root] = attachment;
  return attachment->announced();
}

void Consortium::govern(Change change) {
  const std::string ref = "governed-" + std::to_string(governed_++);
  must(kDesert, Propose{{ref}, std::move(change)});
  const ObjectId proposal{std::string(kDesert) + "/" + ref};
  const ValidatorSet validators = validators_of(state);
  for (const Validator& validator : validators.all()) {
    if (find<ProposalObject>(proposal.text)->carried_out) return;
    must(validator.org, Approve{{"approve-" + ref}, proposal});
  }
  EXPECT_TRUE(find<ProposalObject>(proposal.text)->carried_out.has_value());
}

std::string number(const Refusal& refusal, std::string_view label) {
  const auto found = std::ranges::find(refusal.numbers, label, &Number::label);
  return found == refusal.numbers.end() ? std::string() : found->value;
}

}  // namespace treeproof::ledger
