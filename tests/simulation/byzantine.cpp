#include "tests/simulation/byzantine.h"

#include <algorithm>
#include <array>
#include <limits>

#include "crypto/hash.h"
#include "crypto/merkle.h"

namespace treeproof::simulation {

namespace {

using replica::Message;

constexpr std::size_t kFramesRemembered = 256;
constexpr std::array<std::string_view, 13> kBehaviours{"equivocating_proposer",
                                                       "double_voter",
                                                       "silent",
                                                       "withholds_bodies",
                                                       "votes_for_invalid",
                                                       "replays_old",
                                                       "liar",
                                                       "forges_statements",
                                                       "selective_sender",
                                                       "proposes_out_of_turn",
                                                       "false_accuser",
                                                       "false_witness",
                                                       "amnesiac"};

template <class... Kinds>
bool is_any(const Message& message) {
  return (std::holds_alternative<Kinds>(message) || ...);
}
bool is_agreement(const Message& message) {
  return is_any<bft::Proposal, bft::Vote, bft::PolkaCertificate, bft::RoundCertificate,
                replica::Body>(message);
}

}  // namespace

std::span<const std::string_view> behaviour_names() noexcept { return kBehaviours; }

std::string_view name_of(Behaviour behaviour) noexcept {
  return kBehaviours[static_cast<std::size_t>(behaviour)];
}

std::optional<Behaviour> behaviour_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kBehaviours, name);
  if (found == kBehaviours.end()) return std::nullopt;
  return static_cast<Behaviour>(found - kBehaviours.begin());
}

ByzantineActor::ByzantineActor(std::string org, Behaviour behaviour, const Consortium& consortium,
                               const MemoryStore& store, Conspiracy& conspiracy, std::uint64_t seed)
    : org_(std::move(org)),
      behaviour_(behaviour),
      consortium_(consortium),
      store_(store),
      conspiracy_(conspiracy),
      random_(seed),
      peers_(consortium.validators()) {
  std::erase(peers_, org_);
}

void ByzantineActor::saw(const FramePtr& seen) {
  const auto& message = seen->message(consortium_.chain_id());
  if (!message) return;
  if (const auto* proposal = std::get_if<bft::Proposal>(&*message)) seen_proposal_ = *proposal;
  if (const auto* body = std::get_if<replica::Body>(&*message)) {
    const auto header = ledger::decode_header(body->block->header_bytes);
    if (header) seen_block_ = id_of(*body->block, *header);
  }
  if (behaviour_ != Behaviour::replays_old) return;
  if (seen_.size() == kFramesRemembered) seen_.pop_front();
  seen_.push_back(seen);
}

Letters ByzantineActor::instead_of(const Letter& meant) {
  saw(meant.frame);
  const auto& message = meant.frame->message(consortium_.chain_id());
  if (!message) return {meant};
  switch (behaviour_) {
    case Behaviour::silent:
    case Behaviour::withholds_bodies:
    case Behaviour::selective_sender:
      return hold_back(meant, *message);
    case Behaviour::equivocating_proposer:
    case Behaviour::votes_for_invalid:
    case Behaviour::forges_statements:
    case Behaviour::false_accuser:
      return tamper(meant, *message);
    case Behaviour::double_voter:
      if (const auto* vote = std::get_if<bft::Vote>(&*message)) return contradict(*vote);
      return {meant};
    case Behaviour::amnesiac:
      if (const auto* vote = std::get_if<bft::Vote>(&*message)) return forget_the_lock(*vote);
      return {meant};
    case Behaviour::liar:
    case Behaviour::false_witness:
      return lie(meant, *message);
    case Behaviour::replays_old:
    case Behaviour::proposes_out_of_turn:
      return {meant};
  }
  return {meant};
}

Letters ByzantineActor::hold_back(const Letter& meant, const Message& message) {
  if (behaviour_ == Behaviour::silent) {
    if (is_agreement(message)) return {};
    return {meant};
  }
  if (behaviour_ == Behaviour::withholds_bodies) {
    if (is_any<replica::AttachmentPart, replica::Decided>(message)) return {};
    if (!is_any<replica::Body>(message)) return {meant};
    if (meant.to.empty() && random(2) == 0) return {{peers_.front(), meant.frame}};
    return {};
  }
  Letters letters;
  for (const std::string& peer : peers_) {
    const bool addressed = meant.to.empty() || meant.to == peer;
    if (addressed && (listens(peer) || !is_agreement(message))) {
      letters.push_back({peer, meant.frame});
    }
  }
  return letters;
}

// Its own proposal waits for the body that follows; both leave changed, and votes for them too.
Letters ByzantineActor::tamper(const Letter& meant, const Message& message) {
  if (const auto* proposal = std::get_if<bft::Proposal>(&message)) {
    if (proposal->org != org_ || proposal->valid_round.exists()) return {meant};
    proposed_ = *proposal;
    return {};
  }
  const auto* body = std::get_if<replica::Body>(&message);
  const bool is_own = body != nullptr && proposed_ && proposed_->header_hash == body->header_hash;
  if (is_own) return propose_twin(*body);
  if (const auto* vote = std::get_if<bft::Vote>(&message)) return vote_twice(*vote);
  return {meant};
}

Letters ByzantineActor::propose_twin(const replica::Body& body) {
  std::optional<OtherBlock> other;
  if (behaviour_ == Behaviour::equivocating_proposer) other = later_block(body);
  if (behaviour_ == Behaviour::votes_for_invalid) other = with_wrong_root(body);
  if (behaviour_ == Behaviour::forges_statements) other = with_forged_statement(body);
  if (behaviour_ == Behaviour::false_accuser) other = with_false_evidence(body);
  if (!other) return {{"", frame(*proposed_)}, {"", frame(body)}};
  bft::Proposal second = *proposed_;
  second.header_hash = other->id.header_hash;
  second.signature =
      consortium_.member(org_).node_key.sign(bft::sign_digest(second, consortium_.chain_id()));
  const bool for_all = behaviour_ != Behaviour::equivocating_proposer;
  const auto header = ledger::decode_header(body.block->header_bytes);
  conspiracy_.twins[{second.height, second.round}] = {id_of(*body.block, *header), other->id,
                                                      for_all};
  Letters letters;
  const FramePtr first_frame = frame(*proposed_);
  const FramePtr first_body = frame(body);
  const FramePtr second_frame = frame(second);
  const FramePtr second_body = frame(replica::Body{other->block, other->id.header_hash});
  for (const std::string& peer : peers_) {
    const bool gets_first = !for_all && in_first_half(peer);
    letters.push_back({peer, gets_first ? first_frame : second_frame});
    letters.push_back({peer, gets_first ? first_body : second_body});
  }
  return letters;
}

// Each half hears that its own block has the vote; so do the halves of an accomplice.
Letters ByzantineActor::vote_twice(const bft::Vote& vote) {
  const auto found = conspiracy_.twins.find({vote.height, vote.round});
  if (vote.org != org_ || found == conspiracy_.twins.end()) return {{"", frame(vote)}};
  const Conspiracy::Twins& twins = found->second;
  const FramePtr second = frame(resigned(vote, twins.second));
  if (twins.for_all) return {{"", second}};
  const FramePtr first = frame(resigned(vote, twins.first));
  Letters letters;
  for (const std::string& peer : peers_) {
    letters.push_back({peer, in_first_half(peer) ? first : second});
  }
  return letters;
}

Letters ByzantineActor::contradict(const bft::Vote& vote) {
  if (vote.org != org_) return {{"", frame(vote)}};
  std::optional<bft::BlockId> other;
  if (!vote.value) {
    other = bft::BlockId{random_hash(), 2, random_hash()};
    const bool is_current = seen_proposal_ && seen_proposal_->height == vote.height;
    if (is_current && random(4) > 0) other->header_hash = seen_proposal_->header_hash;
  }
  const FramePtr first = frame(vote);
  const FramePtr second = frame(resigned(vote, other));
  const bool both_to_all = random(4) == 0;
  Letters letters;
  for (const std::string& peer : peers_) {
    if (both_to_all || in_first_half(peer)) letters.push_back({peer, first});
    if (both_to_all || !in_first_half(peer)) letters.push_back({peer, second});
  }
  return letters;
}

// A block wherever its replica would say nil, so that no lock ever holds it back.
Letters ByzantineActor::forget_the_lock(const bft::Vote& vote) {
  const bool is_proposed = seen_proposal_ && seen_proposal_->height == vote.height &&
                           seen_proposal_->round == vote.round;
  if (vote.org != org_ || vote.value || !is_proposed) return {{"", frame(vote)}};
  const crypto::Hash& hash = seen_proposal_->header_hash;
  if (vote.type == bft::VoteType::precommit) {
    const bool is_known = seen_block_ && seen_block_->header_hash == hash;
    return {{"", frame(is_known ? resigned(vote, seen_block_) : vote)}};
  }
  bft::Vote blind = vote;
  blind.valid_round = seen_proposal_->valid_round;
  return {{"", frame(resigned(blind, bft::prevote_value(hash)))}};
}

bft::Vote ByzantineActor::resigned(bft::Vote vote, const std::optional<bft::BlockId>& value) const {
  vote.value = value;
  if (vote.value && vote.type == bft::VoteType::prevote) {
    vote.value = bft::prevote_value(value->header_hash);
  } else {
    vote.valid_round = kNoRound;
  }
  vote.signature =
      consortium_.member(org_).node_key.sign(bft::sign_digest(vote, consortium_.chain_id()));
  return vote;
}

Letters ByzantineActor::propose_out_of_turn() {
  const Height height = store_.tip().height.next();
  const Round round{static_cast<std::int32_t>(random(2))};
  const bool in_turn = store_.tip().validators->proposer(height, round).org == org_;
  if (in_turn) return {};
  const crypto::SecretKey& key = consortium_.member(org_).node_key;
  bft::Proposal proposal{height, round, random_hash(), kNoRound, org_, key.public_key().kid(), {}};
  proposal.signature = key.sign(bft::sign_digest(proposal, consortium_.chain_id()));
  return {{peers_[random(peers_.size())], frame(proposal)}};
}

Letters ByzantineActor::lie(const Letter& meant, const Message& message) {
  if (behaviour_ == Behaviour::false_witness) {
    const auto* held = std::get_if<replica::OwnVoteHeld>(&message);
    if (held == nullptr || random(4) == 0) return {meant};
    return {{meant.to, frame(false_testimony(*held))}};
  }
  const bool worth = is_any<replica::Status, replica::AttachmentsHeld>(message);
  if (worth && random(2) == 0) return {{meant.to, frame(a_lie())}};
  return {meant};
}

// Keeps what it holds to itself, calls heights decided that nobody reached, or says what the asker
// did not sign.
replica::OwnVoteHeld ByzantineActor::false_testimony(replica::OwnVoteHeld held) {
  const Height tip = store_.tip().height;
  if (random(4) == 0) held.decided = {UINT64_MAX - random(100)};
  if (random(4) == 0) held.decided = {tip.value + random(100)};
  if (random(2) == 0) held.message.reset();
  if (held.message && random(2) == 0) {
    std::visit([](auto& message) { message.round = message.round.next(); }, *held.message);
  }
  return held;
}

Letters ByzantineActor::mischief() {
  const std::string& peer = peers_[random(peers_.size())];
  if (behaviour_ == Behaviour::liar) return {{peer, frame(a_lie())}};
  if (behaviour_ == Behaviour::proposes_out_of_turn) return propose_out_of_turn();
  if (behaviour_ == Behaviour::false_accuser) {
    return {{peer, frame(replica::EvidenceShown{false_evidence()})}};
  }
  Letters letters;
  const bool repeats = behaviour_ == Behaviour::replays_old && !seen_.empty();
  for (int i = 0; repeats && i < 4; ++i) letters.push_back({peer, seen_[random(seen_.size())]});
  return letters;
}

Message ByzantineActor::a_lie() {
  const Height tip = store_.tip().height;
  const Height above{tip.value + 1 + random(1'000)};
  switch (random(6)) {  // what no case returns is a forged certificate
    case 0:
      return replica::Status{above};
    case 1:
      return replica::AttachmentsHeld{{random_hash(), random_hash()}};
    case 2:
      return replica::DecidedWanted{{1 + random(above.value)}, 16};
    case 3:
      return replica::BodyWanted{random_hash()};
    case 4:
      return replica::AttachmentPart{random_hash(), 0, {0x80}};
    default:
      break;
  }
  if (store_.blocks().empty()) return replica::Status{above};
  const replica::Commit& held = store_.blocks()[random(store_.blocks().size())];
  bft::CommitCertificate forged = held.certificate;  // the right block, in another round
  forged.round = forged.round.next();
  return replica::Decided{forged, held.block->block};
}

FramePtr ByzantineActor::frame(const Message& message) const {
  auto payload =
      std::make_shared<const crypto::Bytes>(replica::encode(message, consortium_.chain_id()));
  return std::make_shared<Frame>(replica::kind_of(message), std::move(payload));
}

// The same halves for all of them.
bool ByzantineActor::in_first_half(const std::string& peer) const {
  const auto orgs = consortium_.validators();
  return static_cast<std::size_t>(std::ranges::find(orgs, peer) - orgs.begin()) < orgs.size() / 2;
}

// Another half of the peers at every height.
bool ByzantineActor::listens(const std::string& peer) const {
  const auto index = static_cast<std::uint64_t>(std::ranges::find(peers_, peer) - peers_.begin());
  return (store_.tip().height.value / 2 + index) % 2 == 0;
}

crypto::Hash ByzantineActor::random_hash() {
  crypto::Bytes bytes;
  crypto::append_u64be(bytes, random_());
  return crypto::sha256(bytes);
}

}  // namespace treeproof::simulation
