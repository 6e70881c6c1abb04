#include "tests/simulation/elections.h"

#include <algorithm>

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/governance.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

namespace {

constexpr std::size_t kSeatsMin = 4;
constexpr std::uint64_t kPatienceS = 3;
constexpr const char* kProposer = "platform";

std::string numbered(const std::string& name, std::uint64_t number) {
  return name + "-" + std::to_string(number);
}

// The node key that a seat must have.
crypto::PublicKeyBytes newest_node_key(World& world, const std::string& org) {
  const auto object = ledger::get<ledger::OrgObject>(world.invariants().reference(), org);
  return object->node_key()->public_key;
}

// One seat fewer, or one more of those that left.
ledger::ValidatorsSet other_seats(World& world) {
  const ValidatorSet& now = *world.invariants().reference().tip().validators;
  const auto orgs = world.consortium().validators();
  const bool may_leave = now.size() > kSeatsMin;
  const bool leaves = may_leave && (now.size() == orgs.size() || world.chance(1, 2));
  std::vector<std::string> candidates;
  for (const auto& org : orgs) {
    if ((now.find(org) != nullptr) == leaves) candidates.push_back(org);
  }
  const std::string& chosen = candidates[world.random(candidates.size())];
  ledger::ValidatorsSet seats;
  for (const auto& org : orgs) {
    const bool sits = now.find(org) != nullptr;
    if (org == chosen ? leaves : !sits) continue;
    seats.validators.push_back({{org}, 1, newest_node_key(world, org)});
  }
  return seats;
}

}  // namespace

std::optional<ledger::Change> forgiving_change(World& world) {
  for (const auto& org : world.consortium().validators()) {
    const bool barred = ledger::is_convicted(world.invariants().reference(), {org});
    if (barred) return ledger::ReinstateOrg{{org}};
  }
  return other_seats(world);
}

void Elections::operator()(World& world) {
  if (!world.has_clients() || world.doors().empty()) return;
  rotate(world);
  if (!ballot_->proposal || ballot_->patience_s == 0) return propose(world);
  --ballot_->patience_s;
  if (ballot_->recorded) return approve(world);
  hand_in(world);
}

// A new key every now and then, handed in again until somebody answers.
void Elections::rotate(World& world) {
  const auto doors = world.doors();
  const bool is_under_way = rotation_->statement && !rotation_->answered;
  if (!is_under_way) {
    if (!world.chance(1, 3)) return;
    const std::string& org = doors[world.random(doors.size())];
    const std::uint64_t number = rotation_->number + 1;
    const crypto::PublicKeyBytes key = world.make_key(org).bytes();
    const ledger::KeyPut put{{numbered("node", number)}, key, {ledger::KeyRole::node}};
    const auto statement = world.consortium().sign(org, put, world.now().chain.seconds());
    rotation_ = std::make_shared<Rotation>(Rotation{number, statement, false});
  }
  const auto heard = [rotation = rotation_](const replica::Answer& answer) {
    rotation->answered |= !std::holds_alternative<replica::PendingStatement>(answer);
  };
  world.submit(doors[world.random(doors.size())], rotation_->statement, nullptr, heard);
}

void Elections::propose(World& world) {
  const auto change = choice_(world);
  if (!change) return;
  const std::uint64_t number = ballot_->number + 1;
  ledger::Propose propose{{numbered("seats", number)}, *change};
  ballot_ = std::make_shared<Ballot>();
  ballot_->number = number;
  ballot_->proposal = world.consortium().sign(kProposer, propose, world.now().chain.seconds());
  ballot_->patience_s = kPatienceS;
  hand_in(world);
}

// Two proposals may cross: what one of them takes away the other may not find any more.
void Elections::hand_in(World& world) {
  const auto doors = world.doors();
  const auto heard = [ballot = ballot_](const replica::Answer& answer) {
    if (std::holds_alternative<replica::AnswerCommitted>(answer)) ballot->recorded = true;
  };
  world.submit(doors[world.random(doors.size())], ballot_->proposal, nullptr, heard);
}

// Those that come after enough of them are refused: the change is carried out already.
void Elections::approve(World& world) {
  const auto doors = world.doors();
  const ledger::ObjectId proposal = ballot_->proposal->object();
  for (const auto& org : world.consortium().validators()) {
    const ledger::Approve approve{{numbered("approve-seats", ballot_->number)}, proposal};
    world.submit(doors[world.random(doors.size())],
                 world.consortium().sign(org, approve, world.now().chain.seconds()), nullptr,
                 [](const replica::Answer&) {});
  }
}

}  // namespace treeproof::simulation
