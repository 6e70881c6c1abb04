// Random sequences of convictions and governance, good and bad: after every block the set of the
// next height has at least the minimum, each organisation and key once, power within its bounds,
// nobody suspended, and nobody convicted who could be spared.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "consensus/ledger/conviction.h"
#include "consensus/ledger/lookups.h"
#include "crypto/hash.h"
#include "tests/unit/consensus/ledger/rules/consortium.h"

namespace treeproof::ledger {
namespace {

constexpr std::string_view kOrgs[] = {kCoast,    kDesert,    kSister,   kPartner,
                                      kPlatform, kRegulator, kVerifier, kVillage};

class History {
 public:
  explicit History(const Genesis& genesis) : consortium_(genesis) {
    for (const std::string_view org : kOrgs) {
      const auto key = secret_key(std::string(org) + "/node 2").public_key().bytes();
      consortium_.must(org, KeyPut{{"node"}, key, {KeyRole::node}});
    }
  }

  void step() {
    const int kind = *rc::gen::inRange(0, 6);
    if (kind == 0) return convict();
    if (kind == 1) return decide(SuspendOrg{any_org()});
    if (kind == 2) return decide(ReinstateOrg{any_org()});
    if (kind == 3)
      return decide(ParamsSet{{{{"validators_min"}, *rc::gen::inRange<std::uint64_t>(1, 9)}}});
    if (kind == 4) return rotate();
    decide(any_set());
  }

  void check() const {
    const ValidatorSet set = validators_of(consortium_.state);
    const std::uint64_t minimum = parameters_of(consortium_.state).validators_min;
    RC_ASSERT(set.size() >= minimum);
    RC_ASSERT(set.size() <= kValidatorsMax);
    std::set<std::string> orgs;
    std::set<crypto::PublicKeyBytes> keys;
    std::uint64_t total = 0;
    for (const Validator& validator : set.all()) {
      const auto org = consortium_.get<OrgObject>(validator.org);
      RC_ASSERT(orgs.insert(validator.org).second);
      RC_ASSERT(keys.insert(validator.key.bytes()).second);
      RC_ASSERT(validator.power > 0u);
      RC_ASSERT(validator.power <= UINT64_MAX / 3 - total);
      total += validator.power;
      RC_ASSERT(org.has_value());
      RC_ASSERT(!org->suspended);
      const KeyEntry* key = org->key(validator.key.bytes());
      RC_ASSERT(key != nullptr);
      RC_ASSERT(key->live() && key->has(KeyRole::node));
      const bool is_barred = is_convicted(consortium_.state, {validator.org});
      RC_ASSERT(!is_barred || set.size() == minimum);
    }
    check_sentences(set);
  }

 private:
  // A sentence that is served is a suspension just when its organisation does not sit.
  void check_sentences(const ValidatorSet& set) const {
    for (const std::string_view org : kOrgs) {
      const auto offender = consortium_.get<OffenderObject>(org);
      if (!offender || !offender->serving) continue;
      const auto id = sentence_id({std::string(org)}, *offender->serving);
      const auto sentence = consortium_.get<SentenceObject>(id);
      RC_ASSERT(sentence.has_value());
      RC_ASSERT(!sentence->reinstated_height);
      RC_ASSERT(sentence->suspended_height.has_value() == (set.find(org) == nullptr));
    }
  }

  static OrgId any_org() {
    return {std::string(kOrgs[*rc::gen::inRange<std::size_t>(0, std::size(kOrgs))])};
  }
  std::string next_ref() { return "r" + std::to_string(count_++); }

  void convict() {
    std::vector<Conviction> convictions;
    const int count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      const Height height{*rc::gen::inRange<std::uint64_t>(0, 30)};
      const Round round{*rc::gen::inRange(0, 2)};  // some stand twice
      convictions.push_back({{any_org().text, height, round, SignedStep::precommit},
                             static_cast<OffenceKind>(*rc::gen::inRange(0, 4)),
                             {}});
    }
    if (!consortium_.convict(convictions)) consortium_.empty_block();
  }

  // Any organisations, mostly with their newest node key and power 1.
  ValidatorsSet any_set() const {
    ValidatorsSet set;
    for (const std::string_view org : kOrgs) {
      if (*rc::gen::inRange(0, 4) == 0) continue;
      const auto object = consortium_.get<OrgObject>(org);
      const KeyEntry& key = object->keys.back();
      const bool odd = *rc::gen::inRange(0, 40) == 0;
      const std::uint64_t power = odd ? *rc::gen::arbitrary<std::uint64_t>() : 1;
      set.validators.push_back({{std::string(org)}, power, key.public_key});
    }
    return set;
  }

  void rotate() {
    const OrgId org = any_org();
    const auto key = secret_key("key " + std::to_string(count_)).public_key().bytes();
    (void)consortium_.record(org.text, KeyPut{{next_ref()}, key, {KeyRole::node}});
  }

  // Proposed by whoever can sign, approved by every validator that can, until it is done or
  // refused.
  void decide(const Change& change) {
    const std::string ref = next_ref();
    for (const std::string_view proposer : kOrgs) {
      if (!consortium_.record(proposer, Propose{{ref}, change})) continue;
      const ObjectId proposal{std::string(proposer) + "/" + ref};
      const ValidatorSet validators = validators_of(consortium_.state);
      for (const Validator& validator : validators.all()) {
        if (!consortium_.record(validator.org, Approve{{ref + "-yes"}, proposal})) return;
        if (consortium_.find<ProposalObject>(proposal.text)->carried_out) return;
      }
      return;
    }
  }

  Consortium consortium_;
  std::uint64_t count_ = 0;
};

RC_GTEST_PROP(Membership, HoldsWhateverIsDecidedAndWhoeverSins, (bool seven)) {
  History history(seven ? seven_genesis() : consortium_genesis());
  const int steps = *rc::gen::inRange(1, 12);
  for (int i = 0; i < steps; ++i) {
    history.step();
    history.check();
  }
}

}  // namespace
}  // namespace treeproof::ledger
