#include "tests/unit/rpc/test_chain.h"

#include <gtest/gtest.h>

#include <future>

#include "consensus/ledger/campaign_objects.h"
#include "consensus/ledger/lookups.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "rpc/genesis_json.h"

namespace treeproof::rpc {

namespace {

constexpr std::uint64_t kBlockTime_ms = 1'000;
constexpr std::uint64_t kDay_ms = 86'400'000;

ledger::GenesisOrg member(std::string_view id, ledger::OrgRoles roles) {
  using enum ledger::KeyRole;
  ledger::GenesisOrg entry;
  entry.org.org = entry.org.conflict_group = {std::string(id)};
  entry.org.name = {std::string(id)};
  entry.org.roles = std::move(roles);
  entry.keys.push_back({secret_key(id).public_key().bytes(),
                        {admin, issue, redeem, plant, verify, observe, dispute}});
  return entry;
}

ledger::GenesisOrg validator(std::string_view id, ledger::OrgRoles roles) {
  ledger::GenesisOrg entry = member(id, std::move(roles));
  const std::string node = std::string(id) + "/node";
  entry.keys.push_back({secret_key(node).public_key().bytes(), {ledger::KeyRole::node}});
  return entry;
}

// The key that a validator votes with now: its first node key, or one of its successors.
crypto::SecretKey node_key(const Validator& validator) {
  std::string name = validator.org + "/node";
  while (secret_key(name).public_key().bytes() != validator.key.bytes()) name += "+";
  return secret_key(name);
}

bft::CommitCertificate certified(const replica::ExecutedBlock& block, const ValidatorSet& set,
                                 const std::string& chain_id) {
  bft::CommitCertificate certificate{block.header.height, Round{0}, block.id(), {}};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string& org = set.at(i).org;
    const auto key = node_key(set.at(i));
    bft::Vote vote;
    vote.type = bft::VoteType::precommit;
    vote.height = block.header.height;
    vote.value = block.id();
    vote.org = org;
    vote.kid = key.public_key().kid();
    certificate.signatures.push_back({org, vote.kid, key.sign(bft::sign_digest(vote, chain_id))});
  }
  return certificate;
}

void take(ChainData& data, const ledger::StateChanges& changes, Height height) {
  for (const auto& [key, value] : changes.objects) data.objects[key][height] = value;
  for (const auto& [key, value] : changes.pages) data.pages[key] = value;
}

}  // namespace

crypto::SecretKey secret_key(std::string_view text) {
  return crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes(text))).value();
}

std::string test_genesis_text() {
  using enum ledger::OrgRole;
  ledger::Genesis genesis;
  genesis.chain_name = "test-api";
  genesis.time.value = 20'454 * kDay_ms;
  genesis.orgs = {validator("platform", {platform, programme}), validator("desert-ngo", {planter}),
                  validator("coast-ngo", {planter}), validator("verifier", {verifier}),
                  member("regulator", {regulator})};
  genesis.validators = {{"platform"}, {"desert-ngo"}, {"coast-ngo"}, {"verifier"}};
  genesis.species = {
      {{"haloxylon"}, {"Haloxylon ammodendron"}, 3'771'384, {}, ledger::Habit::shrub, 2'505},
      {{"rhizophora"}, {"Rhizophora mangle"}, {}, {}, ledger::Habit::mangrove, {}}};
  genesis.clock = {genesis.time, 1'000, TimeMs{genesis.time.value + 1'000 * kDay_ms}};
  return genesis_to_text(genesis);
}

// The latest state, for replica::Chain.
struct TestChain::Stored final : ledger::StateReader {
  explicit Stored(const TestChain& chain) : chain_(chain) {}
  ledger::SharedBytes object(const ledger::ObjectKey& key) const override {
    return TestView(chain_.data()).object(key);
  }
  ledger::SharedBytes page(const ledger::PageKey& key) const override {
    return TestView(chain_.data()).page(key);
  }
  ledger::AttachmentPtr attachment(const crypto::Hash& root) const override {
    return TestView(chain_.data()).attachment(root);
  }
  const TestChain& chain_;
};

TestChain::TestChain() : genesis_text_(test_genesis_text()) {
  genesis_ = parse_genesis(genesis_text_).value();
  EXPECT_TRUE(ledger::check_genesis(genesis_).has_value());
  chain_id_ = ledger::chain_id(genesis_);
  time_ = genesis_.time;

  auto data = std::make_shared<ChainData>();
  take(*data, ledger::genesis_state(genesis_), Height{0});
  data->log = ledger::genesis_log_entries(genesis_);
  data->header.chain_id = chain_id_;
  data->header.time = genesis_.time;
  data->header.log_size = data->log.size();
  data->header_hash = genesis_.file_hash;
  replica::Tip tip;
  tip.header_hash = genesis_.file_hash;
  tip.time = genesis_.time;
  for (const auto& entry : data->log) tip.log.append(crypto::leaf_hash(entry));
  tip.validators = std::make_shared<const ValidatorSet>(ledger::genesis_validators(genesis_));
  tip.previous_validators = tip.validators;
  data->validators.push_back(tip.validators);
  std::vector<crypto::StateMapChange> changes;
  for (const auto& [key, versions] : data->objects) {
    changes.push_back(
        {crypto::state_key(key.name_space, key.id), crypto::sha256(*versions.rbegin()->second)});
  }
  crypto::StateMap map;
  map.apply(changes);
  data->header.state_root = map.root();
  publish(std::move(data));
  stored_ = std::make_unique<Stored>(*this);
  chain_ = std::make_unique<replica::Chain>(chain_id_, *stored_, std::move(map), std::move(tip));
}

TestChain::~TestChain() { replica_thread_.stop(); }

ChainDataPtr TestChain::data() const {
  const std::lock_guard guard(lock_);
  return data_;
}

void TestChain::publish(std::shared_ptr<ChainData> next) {
  std::map<int, std::function<void(Height)>> listeners;
  {
    const std::lock_guard guard(lock_);
    data_ = next;
    listeners = listeners_;
  }
  for (const auto& [number, notify] : listeners) notify(next->header.height);
}

ledger::StatementPtr TestChain::sign(std::string_view org, const ledger::Payload& payload) const {
  const std::uint64_t seconds = data()->header.time.seconds() + 1;
  auto bytes =
      ledger::sign_statement(payload, {std::string(org)}, chain_id_, seconds, secret_key(org));
  return ledger::parse_statement(std::move(bytes), chain_id_).value();
}

std::expected<replica::AnswerCommitted, ledger::Refusal> TestChain::record(
    ledger::StatementPtr statement) {
  const std::lock_guard guard(deciding_);
  const auto key = chain_->key_of(statement->issuer, statement->kid);
  if (!key) return std::unexpected(ledger::Refusal{ledger::Reason::key_unknown, {}});
  const auto verified = ledger::VerifiedStatement::verify(statement, *key);
  if (!verified) return std::unexpected(verified.error());
  const TimeMs next{data()->header.time.value + kBlockTime_ms};
  const auto checked = ledger::check_statement(*verified, *stored_, chain_->next_context(next));
  if (!checked) return std::unexpected(checked.error());
  decide(std::span(&*verified, 1));
  const auto& header = data()->header;
  return replica::AnswerCommitted{header.height, header.log_size - 1};
}

void TestChain::record_together(std::span<const ledger::StatementPtr> statements) {
  const std::lock_guard guard(deciding_);
  std::vector<ledger::VerifiedStatement> verified;
  for (const ledger::StatementPtr& statement : statements) {
    const auto key = chain_->key_of(statement->issuer, statement->kid);
    verified.push_back(ledger::VerifiedStatement::verify(statement, key.value()).value());
  }
  decide(verified);
}

ledger::StatementPtr TestChain::must(std::string_view org, const ledger::Payload& payload) {
  auto statement = sign(org, payload);
  const auto recorded = record(statement);
  EXPECT_TRUE(recorded.has_value()) << ledger::to_string(recorded.error());
  return statement;
}

void TestChain::empty_block() {
  const std::lock_guard guard(deciding_);
  decide({});
}

void TestChain::advance_days(std::uint64_t days) {
  time_.value += days * kDay_ms;
  empty_block();
}

void TestChain::convict(const bft::Evidence& evidence) {
  const std::lock_guard guard(deciding_);
  const auto validators = chain_->validators_at(bft::offence_of(evidence).height);
  const auto verified = bft::VerifiedEvidence::verify(evidence, chain_id_, *validators);
  ASSERT_TRUE(verified.has_value()) << to_string(verified.error());
  decide({}, std::span(&*verified, 1));
  ASSERT_EQ(data()->commits.back().block->block->evidence.size(), verified->bytes().size() + 1);
}

bft::Evidence TestChain::double_vote(std::string_view org, Height height, Round round) const {
  const auto key = secret_key(std::string(org) + "/node");
  bft::Vote vote;
  vote.height = height;
  vote.round = round;
  vote.org = org;
  vote.kid = key.public_key().kid();
  bft::Vote other = vote;
  other.value = bft::prevote_value(crypto::sha256(crypto::as_bytes("a block")));
  for (bft::Vote* each : {&vote, &other}) each->signature = key.sign(sign_digest(*each, chain_id_));
  return bft::DoubleVote{vote, other};
}

bft::Evidence TestChain::wrong_proposer(std::string_view org, Height height) const {
  const auto key = secret_key(std::string(org) + "/node");
  bft::Proposal proposal;
  proposal.height = height;
  const auto& validators = *latest()->validators(height);
  if (validators.proposer(height, proposal.round).org == org) proposal.round = {1};
  proposal.org = org;
  proposal.kid = key.public_key().kid();
  proposal.signature = key.sign(sign_digest(proposal, chain_id_));
  return bft::WrongProposer{proposal};
}

void TestChain::decide(std::span<const ledger::VerifiedStatement> statements,
                       std::span<const bft::VerifiedEvidence> evidence) {
  time_.value += kBlockTime_ms;
  const auto draft = chain_->build(time_, {"platform"}, statements, evidence);
  ASSERT_TRUE(draft.refused.empty());
  const auto certificate = certified(*draft.block, *chain_->tip().validators, chain_id_);
  auto next = std::make_shared<ChainData>(*data());
  next->header = draft.block->header;
  next->header_hash = draft.block->header_hash;
  take(*next, draft.block->effects.changes, draft.block->header.height);
  for (const auto& statement : statements) next->log.push_back(statement->bytes);
  for (const auto& links : draft.block->effects.links) next->links.push_back(links);
  next->commits.push_back({draft.block, certificate});
  next->validators.push_back(draft.block->next_validators);
  publish(std::move(next));
  chain_->commit(draft.block, certificate);
}

ledger::AttachmentRef TestChain::attach(const ledger::AttachmentPtr& attachment) {
  auto next = std::make_shared<ChainData>(*data());
  next->attachments[attachment->announced().root] = attachment;
  publish(std::move(next));
  return attachment->announced();
}

void TestChain::forge(const ledger::ObjectKey& key, crypto::Bytes value) {
  auto next = std::make_shared<ChainData>(*data());
  next->objects[key][next->header.height] = std::make_shared<const crypto::Bytes>(std::move(value));
  publish(std::move(next));
}

std::int32_t TestChain::day() const { return data()->header.time.day(); }

replica::Answer TestChain::judge(const ledger::StatementPtr& statement) {
  const auto missing = ledger::missing_consents(*statement, *stored_);
  const auto* attachment = ledger::attachment_of(statement->payload);
  const bool lacks_attachment = attachment && !stored_->attachment(attachment->root);
  if (!missing.empty() || lacks_attachment || is_idle) {
    waiting_.push_back({statement, missing, lacks_attachment});
    return waiting_.back();
  }
  const auto known = ledger::record_of(*stored_, statement->object());
  if (known && known->statement == statement->id) {
    return replica::AnswerCommitted{{known->height}, known->log_index};
  }
  const auto recorded = record(statement);
  if (!recorded) return recorded.error();
  return *recorded;
}

void TestChain::submit(ledger::StatementPtr statement, std::uint32_t wait_ms,
                       std::function<void(const replica::Answer&)> answer) {
  waited_ms = wait_ms;
  replica_thread_.post([this, statement = std::move(statement), answer = std::move(answer)] {
    const auto given = judge(statement);
    answer(given);
    if (std::holds_alternative<replica::PendingStatement>(given)) unanswered_.push_back(answer);
  });
}

std::size_t TestChain::answer_late() {
  std::promise<std::size_t> done;
  replica_thread_.post([&] {
    for (const auto& answer : unanswered_) answer(ledger::Refusal{ledger::Reason::pool_full, {}});
    done.set_value(unanswered_.size());
    unanswered_.clear();
  });
  return done.get_future().get();
}

void TestChain::pending(std::function<void(const std::vector<replica::PendingStatement>&)> answer) {
  replica_thread_.post([this, answer = std::move(answer)] { answer(waiting_); });
}

void TestChain::upload(const crypto::Hash& root, crypto::Bytes bytes,
                       std::function<void(std::expected<void, ledger::Refusal>)> answer) {
  replica_thread_.post([this, root, bytes = std::move(bytes), answer = std::move(answer)] {
    for (const auto& entry : waiting_) {
      const auto* announced = ledger::attachment_of(entry.statement->payload);
      if (!announced || announced->root != root) continue;
      auto checked = ledger::Attachment::check(bytes, *announced);
      if (!checked) return answer(std::unexpected(checked.error()));
      attach(*checked);
      return answer({});
    }
    answer(std::unexpected(ledger::Refusal{ledger::Reason::attachment_not_awaited, {}}));
  });
}

ChainViewPtr TestChain::latest() const {
  return std::make_shared<const TestView>(data(), Height{base});
}

std::optional<ChainReader::StateProof> TestChain::state_proof(const ledger::ObjectKey& key,
                                                              Height at) const {
  if (at.value < proofs_from) return std::nullopt;
  const auto known = data();
  const TestView view(known);
  std::map<crypto::Hash, ledger::SharedBytes> values;
  std::vector<crypto::StateMapChange> changes;
  for (const auto& [object, versions] : known->objects) {
    const auto value = view.object_at(object, at);
    if (!value) continue;
    const crypto::Hash place = crypto::state_key(object.name_space, object.id);
    values[place] = value;
    changes.push_back({place, crypto::sha256(*value)});
  }
  crypto::StateMap map;
  map.apply(changes);
  const crypto::Hash place = crypto::state_key(key.name_space, key.id);
  const auto value = view.object_at(key, at);
  if (value) return StateProof{map.prove_existence(place, *value), value};
  return StateProof{
      map.prove_absence(place, [&](const crypto::Hash& other) { return *values.at(other); }),
      nullptr};
}

NodeStatus TestChain::status() const {
  return {"platform", true, data()->header.height, {"coast-ngo", "desert-ngo"}, 4, "0.1.0"};
}

std::shared_ptr<void> TestChain::on_commit(std::function<void(Height)> notify) {
  const std::lock_guard guard(lock_);
  const int number = next_listener_++;
  listeners_[number] = std::move(notify);
  return {nullptr, [this, number](void*) {
            const std::lock_guard inner(lock_);
            listeners_.erase(number);
          }};
}

}  // namespace treeproof::rpc
