#include "tests/simulation/invariants.h"

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/lookups.h"
#include "tests/invariants/ledger_invariants.h"

namespace treeproof::simulation {

Invariants::Invariants(const Consortium& consortium, std::set<std::string> byzantine)
    : consortium_(consortium),
      byzantine_(std::move(byzantine)),
      reference_(consortium.empty_store()),
      chain_(consortium.chain_id(), reference_, reference_.build_state_map(), reference_.tip()) {}

void Invariants::committed(const std::string& org, const replica::Commit& commit) {
  const Height height = commit.block->header.height;
  const auto [held, fresh] = decided_.emplace(height, commit.block->header_hash);
  if (!fresh && held->second != commit.block->header_hash) {
    return violate("agreement: " + org + " commits a second block at height " +
                   std::to_string(height.value));
  }
  check_signers(commit);
  if (!fresh) return;
  execute_again(commit);
}

// More than 2/3 of the power, and every correct one among them signed just this.
void Invariants::check_signers(const replica::Commit& commit) {
  const ValidatorSet& validators = *chain_.tip().validators;
  const bool is_next = commit.block->header.height == chain_.tip().height.next();
  std::uint64_t power = 0;
  for (const bft::Vote& vote : bft::votes_of(commit.certificate)) {
    const Validator* validator = validators.find(vote.org);
    if (validator != nullptr) power += validator->power;
    if (!is_correct(vote.org) || restored_.contains(vote.org)) continue;
    const auto found = signed_.find({vote.org, vote.height, vote.round, bft::SignStep::precommit});
    const bool signed_this =
        found != signed_.end() && found->second == bft::sign_digest(vote, consortium_.chain_id());
    if (!signed_this) return violate("validity: a certificate holds a vote that was never cast");
  }
  if (is_next && !validators.is_quorum(power)) {
    violate("validity: a certificate of less than a quorum");
  }
}

void Invariants::convicted(const bft::Evidence& evidence) {
  ++evidence_;
  convicted_.insert(bft::offence_of(evidence).org);
  reported("a block", evidence);
}

void Invariants::check_seats(const replica::ExecutedBlock& block) {
  const ValidatorSet& seated = *block.next_validators;
  const std::uint64_t minimum = ledger::parameters_of(reference_).validators_min;
  if (seated.size() < minimum) violate("seats: fewer than the minimum sit");
  for (const auto& org : consortium_.validators()) {
    if (!ledger::is_convicted(reference_, {org})) continue;
    if (!convicted_.contains(org)) violate("accusation: " + org + " is convicted by no evidence");
    const bool spared = seated.find(org) != nullptr && seated.size() > minimum;
    if (spared) violate("seats: " + org + " is convicted, can be spared and sits");
  }
}

void Invariants::execute_again(const replica::Commit& commit) {
  const ledger::Block& block = *commit.block->block;
  std::vector<ledger::VerifiedStatement> statements;
  for (const crypto::Bytes& bytes : block.statements) {
    auto parsed = ledger::parse_statement(bytes, consortium_.chain_id());
    if (!parsed) return violate("validity: a decided statement does not parse");
    const auto key = chain_.key_of((*parsed)->issuer, (*parsed)->kid);
    if (!key) return violate("validity: the key of a decided statement is not registered");
    auto verified = ledger::VerifiedStatement::verify(*parsed, *key);
    if (!verified) return violate("validity: a decided statement is forged");
    statements.push_back(*std::move(verified));
  }
  const auto claims = chain_.claims_of(block);
  if (!claims) return violate("validity: the evidence of a decided block is malformed");
  const auto evidence = replica::verify_all(*claims, consortium_.chain_id());
  if (!evidence) return violate("validity: the evidence of a decided block is forged");
  for (const auto& piece : *evidence) convicted(piece.evidence());
  auto executed = chain_.execute(commit.block->block, std::move(statements), *evidence);
  if (!executed) {
    return violate("validity: a decided block executes to something else: " +
                   std::string(replica::to_string(executed.error())));
  }
  reference_.commit({*executed, commit.certificate});
  chain_.commit(*executed, commit.certificate);
  if (auto wrong = books_.take(**executed, reference_)) violate("conservation: " + *wrong);
  for (const auto& broken : invariants::broken_in({reference_, reference_.objects()})) {
    violate(std::string(broken.invariant) + ": " + broken.numbers);
  }
  check_seats(**executed);
}

namespace {

std::string place_of(const std::string& org, Height height, Round round, bft::SignStep step) {
  return org + " in height " + std::to_string(height.value) + " round " +
         std::to_string(round.value) + " step " + std::to_string(static_cast<int>(step));
}

}  // namespace

void Invariants::signs(const std::string& org, const bft::SignRequest& request) {
  if (!is_correct(org)) return;
  const Place place{org, request.height, request.round, request.step};
  const auto [held, fresh] = signed_.emplace(place, request.digest);
  if (fresh || held->second == request.digest) return;
  if (restored_.contains(org)) {
    if (is_excused(place)) excused_.insert(place);  // others may hear of the first one later
    held->second = request.digest;
    return;
  }
  violate("double signature: two of " + place_of(org, request.height, request.round, request.step));
}

bool Invariants::is_excused(const Place& place) const {
  if (excused_.contains(place)) return true;
  const std::size_t faulty_max = (consortium_.validators().size() - 1) / 3;
  const auto held = received_.find(place);
  const bool remembered = held != received_.end() && held->second.by.size() > 2 * faulty_max;
  return restored_.contains(std::get<std::string>(place)) && !remembered;
}

// No restored disk explains a turn that was another's, or a root that no block has.
bool Invariants::is_excused(const bft::Evidence& evidence) const {
  if (const auto* forgot = std::get_if<bft::Amnesia>(&evidence)) {
    const bft::Vote& lock = forgot->precommits.front();
    return is_excused(Place{lock.org, lock.height, lock.round, bft::SignStep::precommit});
  }
  const bool twice = std::holds_alternative<bft::DoubleVote>(evidence) ||
                     std::holds_alternative<bft::DoubleProposal>(evidence);
  const Offence offence = bft::offence_of(evidence);
  const auto step = static_cast<bft::SignStep>(static_cast<int>(offence.step) + 1);
  return twice && is_excused(Place{offence.org, offence.height, offence.round, step});
}

template <class Signed>
void Invariants::received_once(const std::string& by, Height tip, const Signed& message,
                               bft::SignStep step) {
  if (!is_correct(message.org)) return;
  const Place place{message.org, message.height, message.round, step};
  Received& held = received_.try_emplace(place, Received{message.signature, {}}).first->second;
  if (held.signature == message.signature) {
    if (is_correct(by) && tip.next() == message.height) held.by.insert(by);
    return;
  }
  if (is_excused(place)) return;
  violate("double signature: others hold two of " +
          place_of(message.org, message.height, message.round, step));
}

void Invariants::received(const std::string& by, Height tip, const Verified& message) {
  if (const auto* vote = std::get_if<bft::Vote>(&message)) {
    received_once(by, tip, *vote, bft::sign_step(vote->type));
  } else if (const auto* proposal = std::get_if<bft::Proposal>(&message)) {
    received_once(by, tip, *proposal, bft::SignStep::proposal);
  }
}

void Invariants::forgets(const std::string& org, Height tip) {
  for (auto& [place, held] : received_) {
    if (std::get<Height>(place) > tip) held.by.erase(org);
  }
}

void Invariants::reported(const std::string& by, const bft::Evidence& evidence) {
  const std::string accused = bft::offence_of(evidence).org;
  if (!is_correct(accused) || is_excused(evidence)) return;
  violate("accusation: " + by + " accuses " + accused + ", a correct node");
}

void Invariants::offers(const std::string& org, const replica::SnapshotOffer& offer) {
  const auto& first = offered_.try_emplace(offer.height, offer).first->second;
  if (is_correct(org) && first != offer) {
    violate("snapshot: " + org + " makes other bytes of height " +
            std::to_string(offer.height.value) + " than others do");
  }
}

void Invariants::acknowledged(const Acknowledged& told) {
  acknowledged_.emplace(told.statement, told);
}

void Invariants::check_nothing_lost(const std::string& org, const MemoryStore& store) {
  for (const auto& [id, where] : acknowledged_) {
    if (where.height > store.tip().height) {
      return violate("loss: " + org + " lacks an acknowledged block");
    }
    // One that began at a snapshot holds the leaf hashes of what came before.
    const auto& block = *reference_.block(where.height)->block;
    const std::uint64_t first = block.header.log_size - block.statements.size();
    const bool inside = where.log_index >= first && where.log_index < block.header.log_size;
    const bool decided = inside && block.statements[where.log_index - first]->id == id;
    const bool held = decided && store.leaf_hashes()[where.log_index] ==
                                     block.statements[where.log_index - first]->leaf;
    if (!held) return violate("loss: " + org + " lacks an acknowledged statement");
    const replica::Commit* const own = store.block(where.height);
    if ((own == nullptr) != (where.height <= store.base()) ||
        (own != nullptr && own->block->header_hash != block.header_hash)) {
      return violate("loss: " + org + " lacks an acknowledged block");
    }
    const auto& beside = where.attachment;
    const bool complete = !beside || store.attachment(beside->announced().root) != nullptr;
    if (!complete) return violate("loss: " + org + " lacks an acknowledged attachment");
  }
}

}  // namespace treeproof::simulation
