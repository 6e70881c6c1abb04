#include "tests/unit/consensus/ledger/model/story.h"

#include <stdexcept>

#include <functional>
#include "consensus/ledger/geometry/polygon.h"
#include "consensus/ledger/geometry/polygon_codec.h"
#include "tests/invariants/ledger_invariants.h"
#include "tests/unit/consensus/ledger/model/compare.h"

namespace treeproof::ledger::model {

namespace {

std::string text_of(const Reasons& reasons) {
  std::string text;
  for (const Reason reason : reasons) text += " " + std::string(name(reason));
  return text.empty() ? " nothing" : text;
}

Campaign campaign(std::string_view ref, Mode mode) {
  Campaign payload;
  payload.ref = {std::string(ref)};
  payload.planters = {{std::string(kCoast)}, {std::string(kDesert)}};
  payload.unit_size = 1;
  payload.redeem_window = {kFirstDay, kFirstDay + 500};
  payload.plant_window = {kFirstDay - 100, kFirstDay + 400};
  payload.mode = mode;
  return payload;
}

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
  Campaign planted = campaign("planted", Mode::plant_first);
  planted.species = {{kHaloxylon, 100}, {kRhizophora, 100}};
  planted.target = 120;
  planted.policy = {.sample_minimum = 3,
                    .replacement_until_days = 200,
                    .lookback_days = 100,
                    .standing_consent = true};
  say(kPlatform, planted, {}, {kCoast, kDesert});
  Campaign pledged = campaign("pledged", Mode::pledge_first);
  pledged.species = {{kHaloxylon, 100}, {kRhizophora, 250}};
  pledged.target = 60;
  pledged.policy = {.sample_minimum = 2, .lookback_days = 300};
  say(kPlatform, pledged, {}, {kCoast, kDesert});
  land_ = {{"desert-ngo/home", Rectangle{}},
           {"desert-ngo/small", Rectangle{400'000'000, 1'000'100'000, 2'000, 2'000}},
           {"coast-ngo/shore", Rectangle{400'000'000, 1'000'200'000, 10'000, 10'000}}};
  for (const auto& [id, on] : land_) {
    const ObjectId object{id};
    Plot plot;
    plot.ref = {id.substr(id.find('/') + 1)};
    plot.country = {"CN"};
    plot.layer = Layer::canopy;
    plot.area = geometry::check(on.polygon())->square_metres;
    plot.capacity = id == "desert-ngo/small" ? 1'000 : 120;
    plot.geometry = consortium_.attach(geometry::encode_leaves(on.polygon()));
    say(object.org().text, plot);
    say(kVerifier, Consent{next_ref("confirm"), model_.books.plots.at(id).statement});
  }
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
  const VerifiedStatement statement = consortium_.sign(org, payload);
  for (const std::string_view other : others) {
    say(other, Consent{next_ref("agree"), statement->id});
  }
  const BlockContext block = consortium_.block();
  const Said said{std::string(org), ref_of(payload).text, statement->id,
                  block.day(),      block.height.value,   block.time.seconds()};
  const Reasons against = model_.say(said, payload, beside);
  const auto recorded = consortium_.record(statement);
  Count& count = counts_[std::string(type_of(payload))];
  ++(recorded ? count.accepted : count.refused);
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
      [this] { verify(); },
      [this] { verify(); },
      [this] { redeem(); },
      [this] { redeem(); },
      [this] { allocate(); },
      [this] { allocate(); },
      [this] { die(); },
      [this] { observe(); },
      [this] { refund(); },
      [this] { plant(true); },
      [this] { revive(); },
      [this] { replace(); },
      [this] { correct(); },
      [this] { release(); },
      [this] { dispute(); },
      [this] { second(); },
      [this] { resolve(); },
      [this] { revise(); },
      [this] { assign(); },
      [this] { take_stock(); },
      [this] { hand_over(); },
      [this] { repeat(); },
      [this] {
        if (one_in(4)) close();
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
