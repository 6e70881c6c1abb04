#include "tests/unit/consensus/ledger/model/story.h"

#include <stdexcept>

#include <functional>
#include "tests/invariants/ledger_invariants.h"
#include "tests/unit/consensus/ledger/model/compare.h"

namespace treeproof::ledger::model {

namespace {

std::string text_of(const Reasons& reasons) {
  std::string text;
  for (const Reason reason : reasons) text += " " + std::string(name(reason));
  return text.empty() ? " nothing" : text;
}

// The kind of what a statement carries, where there are several.
std::string label_of(const Payload& payload) {
  std::string label(type_of(payload));
  const auto add = [&](const auto& kinds) {
    std::visit([&]<class K>(const K&) { label += " " + std::string(K::kName); }, kinds);
  };
  if (const auto* propose = std::get_if<Propose>(&payload)) add(propose->change);
  if (const auto* correct = std::get_if<Correct>(&payload)) add(correct->change);
  return label;
}

const std::map<std::string, std::uint64_t> kParameters = {  // docs/ledger.md "Parameters"
    {"density_slack_ppm", 50'000},   {"field_delay_days", 180},       {"history_until_day", 0},
    {"overlap_pair_max_ppm", 5'000}, {"overlap_sum_max_ppm", 10'000}, {"proposal_expiry_days", 90},
    {"sample_minimum", 50}};

}  // namespace

Story::Story() {
  consortium_.govern(OrgPut{{std::string(kPartner)},
                            {"Second"},
                            {OrgRole::programme, OrgRole::verifier},
                            {std::string(kPartner)}});
  model_.books.orgs = {
      {std::string(kPlatform), {{OrgRole::platform, OrgRole::programme}, "platform"}},
      {std::string(kDesert), {{OrgRole::planter}, "desert"}},
      {std::string(kCoast), {{OrgRole::planter}, "coast"}},
      {std::string(kVerifier), {{OrgRole::verifier}, "verifier"}},
      {std::string(kSister), {{OrgRole::verifier}, "desert"}},
      {std::string(kRegulator), {{OrgRole::regulator}, "state"}},
      {std::string(kPartner), {{OrgRole::programme, OrgRole::verifier}, "partner"}},
      {std::string(kVillage), {{OrgRole::community}, "village"}},
  };
  for (const Species& species : consortium_genesis().species) {
    model_.books.species[species.code.text] = species;
  }
  model_.books.parameters = kParameters;
  const auto put = [this](const std::string& org, const std::string& name,
                          const std::set<KeyRole>& roles) {
    const auto key = secret_key(name).public_key().bytes();
    if (roles.contains(KeyRole::node)) model_.books.node_keys[org] = {key};
    model_.books.keys[key] = {org, roles, false};
    keys_[org].push_back(name);
  };
  for (const auto& [org, book] : model_.books.orgs) {
    using enum KeyRole;
    put(org, org, {admin, issue, redeem, plant, verify, observe, dispute});
  }
  for (const std::string_view org : {kPlatform, kDesert, kCoast, kVerifier}) {
    model_.books.validators.insert(std::string(org));
    put(std::string(org), std::string(org) + "/node", {KeyRole::node});
  }
  open_world();
}

void Story::open_world() {
  Programme programme;
  programme.ref = {"energy"};
  programme.actions = {{{"walking"}, 10}};
  programme.yearly_cap = 30'000;
  programme.expiry_days = 60;
  programme.platforms = {{std::string(kPlatform)}};
  say(kPlatform, programme);
  open("planted", Mode::plant_first, treeproof::ledger::Unit::stem);
  open("pledged", Mode::pledge_first, treeproof::ledger::Unit::stem);
  open("reef", Mode::plant_first, treeproof::ledger::Unit::m2);
  Plot plot;
  plot.capacity = 120;
  plot.ref = {"home"};
  lay_out(kDesert, plot, Rectangle{});
  plot.ref = {"shore"};
  lay_out(kCoast, plot, {400'000'000, 1'000'200'000, 10'000, 10'000});
  plot.ref = {"lagoon"};
  plot.layer = Layer::marine;
  lay_out(kCoast, plot, {400'000'000, 1'000'300'000, 3'000, 3'000});
  plot.ref = {"small"};
  plot.layer = Layer::canopy;
  plot.capacity = 1'000;
  lay_out(kDesert, plot, {400'000'000, 1'000'100'000, 2'000, 2'000});
  say(kPlatform, IssuePoints{.ref = next_ref("issue"),
                             .programme = {"platform/energy"},
                             .series = {"daily"},
                             .from_day = kFirstDay,
                             .to_day = kFirstDay,
                             .accounts = 1,
                             .grams = 12'000});
}

bool Story::say(std::string_view org, const Payload& payload, const Beside& beside,
                const Consenting& others) {
  const VerifiedStatement statement = consortium_.sign(org, payload, key_of(std::string(org)));
  for (const std::string_view other : others) {
    say(other, Consent{next_ref("agree"), statement->id});
  }
  const BlockContext block = consortium_.block();
  const Said said{.org = std::string(org),
                  .ref = ref_of(payload).text,
                  .key = statement.key(),
                  .id = statement->id,
                  .day = block.day(),
                  .height = block.height.value,
                  .time_s = block.time.seconds()};
  const Reasons against = model_.say(said, payload, beside);
  const auto recorded = consortium_.record(statement);
  Count& count = counts_[label_of(payload)];
  ++(recorded ? count.accepted : count.refused);
  const auto* approval = std::get_if<Approve>(&payload);
  if (recorded && approval != nullptr) carried_out(approval->proposal.text);
  const bool agree = recorded ? against.empty() : against.contains(recorded.error().reason);
  if (!agree) {
    fail(std::string(type_of(payload)) + " " + said.object() + ": the model has against it" +
         text_of(against) + ", the ledger " + (recorded ? "nothing" : to_string(recorded.error())));
  }
  if (const auto differs = difference(model_, consortium_.state)) {
    fail("after " + std::string(type_of(payload)) + " " + said.object() + ": " + *differs);
  }
  if (recorded)
    told_ += "  day " + std::to_string(said.day) + ": " + std::string(type_of(payload)) + " " +
             said.object() + "\n";
  if (recorded) last_ = {std::string(org), payload};
  return recorded.has_value();
}

// Counts the change that the last approval carried out.
void Story::carried_out(const std::string& proposal) {
  const auto found = model_.books.proposals.find(proposal);
  if (found == model_.books.proposals.end() || !found->second.is_done) return;
  std::visit([&]<class C>(const C&) { ++counts_["carried out " + std::string(C::kName)].accepted; },
             found->second.change);
}

void Story::fail(const std::string& what) const {
  throw std::runtime_error(what + "\nafter\n" + told_);
}

std::uint64_t Story::choose(std::uint64_t n) {
  const std::uint64_t at = next_choice_++;
  if (step_ == nullptr || at >= step_->choices.size()) return 0;
  return step_->choices[at] % n;
}

Ref Story::next_ref(std::string_view kind) {
  return {std::string(kind) + "-" + std::to_string(refs_++)};
}

void Story::take(const Step& step) {
  step_ = &step;
  next_choice_ = 0;
  const auto plant_trees = [this] { plant(false); };
  const std::vector<std::function<void()>> doings = {
      [this] { consortium_.advance_days(static_cast<std::int32_t>(1 + choose(40))); },
      [this] { issue(); },
      [this] { expire(); },
      [this] { pledge(); },
      plant_trees,
      plant_trees,
      plant_trees,
      [this] { verify(); },
      [this] { verify(); },
      [this] { verify(); },
      [this] { redeem(); },
      [this] { redeem(); },
      [this] { redeem(); },
      [this] { allocate(); },
      [this] { allocate(); },
      [this] { allocate(); },
      [this] { allocate(); },
      [this] { die(); },
      [this] { die(); },
      [this] { observe(); },
      [this] { refund(); },
      [this] { plant(true); },
      [this] { revive(); },
      [this] { replace(); },
      [this] { replace(); },
      [this] { replace(); },
      [this] { correct(); },
      [this] { release(); },
      [this] { dispute(); },
      [this] { confirm(); },
      [this] { resolve(); },
      [this] { revise(); },
      [this] { assign(); },
      [this] { assign(); },
      [this] { take_stock(); },
      [this] { hand_over(); },
      [this] { repeat(); },
      [this] { register_plot(); },
      [this] { revise_plot(); },
      [this] { show(); },
      [this] { rotate_key(); },
      [this] { propose(); },
      [this] { approve(); },
      [this] {
        if (one_in(4)) close();
        if (one_in(4)) open_campaign();
        if (one_in(4)) found();
      },
      [this] {
        if (one_in(4)) close_plot();
      },
  };
  doings[step.kind % doings.size()]();
  const auto& objects = consortium_.state.all.objects;
  for (const auto& broken : invariants::broken_in({consortium_.state, objects})) {
    fail(std::string(broken.invariant) + ": " + broken.numbers);
  }
  step_ = nullptr;
}

}  // namespace treeproof::ledger::model
