#include "consensus/ledger/names.h"

#include <algorithm>

#include "consensus/types/limits.h"

namespace treeproof::ledger {

namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool all_of_alphabet(std::string_view text, std::size_t chars_max, std::string_view punctuation) {
  if (text.empty() || text.size() > chars_max) return false;
  return std::ranges::all_of(
      text, [&](char c) { return is_lower_or_digit(c) || punctuation.contains(c); });
}

}  // namespace

bool OrgId::check(std::string_view text) noexcept {
  return all_of_alphabet(text, kOrgIdCharsMax, "-");
}

bool Ref::check(std::string_view text) noexcept {
  return all_of_alphabet(text, kRefCharsMax, "._-");
}

bool Code::check(std::string_view text) noexcept {
  return all_of_alphabet(text, kRefCharsMax, "._-");
}

bool ObjectId::check(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  return OrgId::check(text.substr(0, slash)) && Ref::check(text.substr(slash + 1));
}

ObjectId ObjectId::of(const OrgId& org, const Ref& ref) {
  ObjectId id;
  id.text.reserve(org.text.size() + 1 + ref.text.size());
  id.text.append(org.text).append(1, '/').append(ref.text);
  return id;
}

OrgId ObjectId::org() const { return {text.substr(0, text.find('/'))}; }

bool DisplayName::check(std::string_view text) noexcept {
  if (text.empty() || text.size() > 96) return false;
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

bool CountryCode::check(std::string_view text) noexcept {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

#define TREEPROOF_NAMES(Enum, ...)                              \
  Names names_of(Enum) noexcept {                               \
    static constexpr std::string_view kNames[] = {__VA_ARGS__}; \
    return kNames;                                              \
  }
TREEPROOF_NAMES(OrgRole, "platform", "programme", "planter", "verifier", "regulator", "community")
TREEPROOF_NAMES(KeyRole, "admin", "issue", "redeem", "plant", "verify", "observe", "dispute",
                "node")
TREEPROOF_NAMES(Habit, "tree", "shrub", "palm", "bamboo", "mangrove", "seagrass", "coral", "herb")
TREEPROOF_NAMES(Unit, "stem", "m2", "coral_fragment", "patrol_km", "nest")
TREEPROOF_NAMES(Mode, "pledge_first", "plant_first")
TREEPROOF_NAMES(Layer, "canopy", "understory", "marine", "protection")
TREEPROOF_NAMES(PlantingMethod, "seedling", "seed", "cutting", "coral", "none")
TREEPROOF_NAMES(Positions, "measured", "grid", "plot")
TREEPROOF_NAMES(Purpose, "campaign", "replacement")
TREEPROOF_NAMES(EvidenceKind, "photo", "drone", "satellite", "invoice", "nursery", "land")
TREEPROOF_NAMES(Provenance, "none", "present", "valid")
TREEPROOF_NAMES(VerifyMethod, "full", "sample")
TREEPROOF_NAMES(Cause, "drought", "fire", "flood", "pest", "grazing", "theft", "felled", "storm",
                "construction", "unknown")
TREEPROOF_NAMES(Witness, "self_reported", "verified", "reported")
TREEPROOF_NAMES(RefundReason, "user_request", "not_planted", "tree_lost", "error")
TREEPROOF_NAMES(Ground, "trees_missing", "counted_twice", "wrong_place", "wrong_species",
                "land_right", "false_report", "false_points", "stolen_key", "other")
TREEPROOF_NAMES(Outcome, "upheld", "rejected")
TREEPROOF_NAMES(Remedy, "none", "void_ranges", "reverify", "suspend_org")
TREEPROOF_NAMES(CorrectionReason, "typing_error", "survey_error", "wrong_species", "entered_twice",
                "not_planted", "other")
#undef TREEPROOF_NAMES

}  // namespace treeproof::ledger
