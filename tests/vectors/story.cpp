#include "tests/vectors/story.h"

#include <cassert>

#include "consensus/ledger/lookups.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "rpc/genesis_json.h"

namespace treeproof::vectors {

namespace {

using namespace ledger;

constexpr std::uint64_t kBlockSeconds = 60;

template <class Map, class Key>
SharedBytes lookup(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : found->second;
}

GenesisOrg organisation(std::string_view id, std::string_view name, OrgRoles roles) {
  GenesisOrg entry;
  entry.org = {{std::string(id)}, {std::string(name)}, std::move(roles), {std::string(id)}};
  entry.keys = {{secret_of(id).public_key().bytes(),
                 {KeyRole::admin, KeyRole::issue, KeyRole::redeem, KeyRole::plant, KeyRole::verify,
                  KeyRole::observe, KeyRole::dispute}},
                {secret_of(node_key_of(id)).public_key().bytes(), {KeyRole::node}}};
  return entry;
}

Genesis first_terms() {
  Genesis genesis;
  genesis.chain_name = "test-golden";
  genesis.time.value = kGenesisTimeS * 1'000;
  genesis.orgs = {
      organisation(kPlatform, "Green Points", {OrgRole::platform, OrgRole::programme}),
      organisation(kDesert, "Saxaul Desert Forestry", {OrgRole::planter}),
      organisation(kCoast, "Coast Mangrove Trust", {OrgRole::planter}),
      organisation(kVerifier, "Forest Audit", {OrgRole::verifier}),
  };
  for (const GenesisOrg& entry : genesis.orgs) genesis.validators.push_back(entry.org.org);
  genesis.species = {
      {{"haloxylon"}, {"Haloxylon ammodendron"}, 3'771'384, std::nullopt, Habit::shrub, 2'505},
      {{"poplar"}, {"Populus euphratica"}, std::nullopt, std::nullopt, Habit::tree, std::nullopt}};
  return genesis;
}

// The precommits of the first `signers` organisations in order.
bft::CommitCertificate certify(const DecidedBlock& decided, const std::string& chain_id,
                               Round round, std::size_t signers) {
  bft::CommitCertificate commit{decided.header().height, round, decided.executed->id(), {}};
  for (std::size_t i = 0; i < signers; ++i) {
    const Validator& validator = decided.validators.at(i);
    commit.signatures.push_back({validator.org, validator.key.kid(), {}});
    const bft::Vote vote = bft::votes_of(commit).back();
    const crypto::SecretKey secret = secret_of(vote_key_of(validator));
    commit.signatures.back().signature = secret.sign(bft::sign_digest(vote, chain_id));
  }
  assert(bft::verify(commit, chain_id, decided.validators).has_value());
  return commit;
}

}  // namespace

crypto::SecretKey secret_of(std::string_view key_name) {
  const std::string text = "treeproof golden key " + std::string(key_name);
  return crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(text))).value();
}

std::string node_key_of(std::string_view org) { return std::string(org) + "/node"; }

std::string vote_key_of(const Validator& validator) {
  const std::string first = node_key_of(validator.org);
  return secret_of(first).public_key() == validator.key ? first : first + "-2";
}

const Story& Story::told() {
  static const Story story;
  return story;
}

Story::Story() {
  open_chain();
  tell_of_governance();
  tell_of_points();
  tell_of_a_campaign();
  tell_of_land();
  tell_of_trees();
  tell_of_a_redemption();
  decide({0}, 4);
  tell_of_an_allocation();
  tell_of_a_new_node_key();
  tell_of_membership();
  decide({1}, 3);
  decide({0}, 3);
  tell_of_a_point_plot();
  tell_of_a_release();
  tell_of_a_campaigns_end();
  tell_of_points_that_return();
  tell_of_deaths();
  decide({0}, 4);
  tell_of_new_trees();
  decide({0}, 4);
  tell_of_trees_that_change();
  tell_of_land_that_changes();
  tell_of_a_dispute();
  decide({0}, 4);
}

SharedBytes Story::object(const ObjectKey& key) const { return lookup(state_.objects, key); }

SharedBytes Story::page(const PageKey& key) const { return lookup(state_.pages, key); }

AttachmentPtr Story::attachment(const crypto::Hash& root) const {
  const auto found = held_.find(root);
  return found == held_.end() ? nullptr : found->second;
}

void Story::open_chain() {
  genesis_text_ = rpc::genesis_to_text(first_terms());
  genesis_ = rpc::parse_genesis(genesis_text_).value();
  assert(check_genesis(genesis_).has_value());
  chain_id_ = ledger::chain_id(genesis_);
  state_ = genesis_state(genesis_);
  crypto::StateMap map;
  map.apply(map_changes(state_));
  map_.apply(map_changes(state_));
  log_ = genesis_log_entries(genesis_);
  replica::Tip tip;
  tip.header_hash = genesis_.file_hash;
  tip.time = genesis_.time;
  for (const crypto::Bytes& entry : log_) tip.log.append(crypto::leaf_hash(entry));
  tip.validators = std::make_shared<const ValidatorSet>(genesis_validators(genesis_));
  chain_.emplace(chain_id_, *this, std::move(map), std::move(tip));
}

StatementPtr Story::sign(std::string_view org, const Payload& payload) const {
  const std::uint64_t issued_at_s = kGenesisTimeS + statements_.size();
  return parse_statement(
             sign_statement(payload, {std::string(org)}, chain_id_, issued_at_s, secret_of(org)),
             chain_id_)
      .value();
}

void Story::record(std::string_view org, const Payload& payload) {
  record(org, sign(org, payload));
}

void Story::record(std::string_view org, StatementPtr statement) {
  pending_.push_back(VerifiedStatement::verify(statement, secret_of(org).public_key()).value());
  log_.push_back(statement->bytes);
  statements_.push_back({std::string(org), std::move(statement)});
}

void Story::decide(Round round, std::size_t signers) {
  const Height height = chain_->tip().height.next();
  const ValidatorSet validators = *chain_->tip().validators;
  const TimeMs time{(kGenesisTimeS + kBlockSeconds * height.value) * 1'000};
  const auto draft = chain_->build(time, {validators.proposer(height, round).org}, pending_, {});
  assert(draft.refused.empty());
  DecidedBlock decided{draft.block, validators, {}};
  decided.commit = certify(decided, chain_id_, round, signers);
  state_.merge(draft.block->effects.changes);
  map_.apply(draft.block->map_changes);
  chain_->commit(draft.block, decided.commit);
  blocks_.push_back(std::move(decided));
  pending_.clear();
}

AttachmentRef Story::attach(std::string kind, std::string statement,
                            const std::vector<crypto::Bytes>& leaves) {
  const AttachmentPtr attachment = Attachment::build(leaves);
  held_[attachment->announced().root] = attachment;
  attachments_.push_back({std::move(kind), std::move(statement), attachment});
  return attachment->announced();
}

}  // namespace treeproof::vectors
