#include "tests/unit/rpc/json_mutation.h"

namespace treeproof::rpc {

namespace {

// Goes down from the root by random steps and stops anywhere.
Json& random_place(Json& root, RandomFiller& random) {
  Json* at = &root;
  while (at->is_structured() && !at->empty() && random.below(4) > 0) {
    at = &*std::next(at->begin(), static_cast<std::ptrdiff_t>(random.below(at->size())));
  }
  return *at;
}

}  // namespace

Json hostile_value(RandomFiller& random) {
  static const std::vector<Json> kValues{nullptr,
                                         true,
                                         false,
                                         0,
                                         -1,
                                         1,
                                         1.5,
                                         -0.0,
                                         1e300,
                                         UINT64_MAX,
                                         INT64_MIN,
                                         2'147'483'648,
                                         "",
                                         "0",
                                         "-0",
                                         "01",
                                         "18446744073709551616",
                                         "latest",
                                         "null",
                                         "a/b",
                                         "a/b#0",
                                         "UPPER/CASE",
                                         std::string(64, '0'),
                                         std::string(1'000, 'a'),
                                         std::string("\0x", 2),
                                         "\xf0\x9f\x8c\xb3",
                                         Json::array(),
                                         Json::object(),
                                         Json::array({Json::array({Json::array()})}),
                                         Json{{"type", "pledge"}},
                                         Json(std::vector<int>(600, 7))};
  return kValues[random.below(kValues.size())];
}

void damage_tree(Json& json, RandomFiller& random) {
  Json& place = random_place(json, random);
  const auto which = place.empty() ? 0 : static_cast<std::ptrdiff_t>(random.below(place.size()));
  const std::size_t kind = random.below(4);
  if (place.is_object() && !place.empty() && kind == 0) {
    place.erase(std::next(place.begin(), which).key());
  } else if (place.is_object() && kind == 1) {
    place["unknown"] = hostile_value(random);
  } else if (place.is_array() && !place.empty() && kind == 0) {
    place.erase(static_cast<std::size_t>(which));
  } else if (place.is_array() && kind == 1) {
    place.insert(place.end(), random.below(20), hostile_value(random));
  } else {
    place = hostile_value(random);
  }
}

void damage_text(std::string& text, RandomFiller& random) {
  static constexpr std::string_view kSigns = "{}[]\",:\\0-9.eEtfn \x01\x7f\x80\xc3\xed\xff";
  const std::size_t at = random.below(text.size() + 1);
  const char sign = kSigns[random.below(kSigns.size())];
  switch (random.below(5)) {
    case 0:
      text.insert(at, 1, sign);
      return;
    case 1:
      text.erase(at, 1 + random.below(8));
      return;
    case 2:
      text.resize(at);
      return;
    case 3:
      text.insert(at, text.substr(random.below(text.size() + 1), random.below(64)));
      return;
    default:
      if (at < text.size()) text[at] = sign;
  }
}

}  // namespace treeproof::rpc
