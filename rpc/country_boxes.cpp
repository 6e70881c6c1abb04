#include "rpc/country_boxes.h"

#include <algorithm>
#include <array>

namespace treeproof::rpc {

namespace {

// In tenths of a degree.
struct CountryBox {
  std::string_view code;
  std::int32_t south;
  std::int32_t west;
  std::int32_t north;
  std::int32_t east;
};

constexpr auto kBoxes = std::to_array<CountryBox>({
#include "rpc/country_boxes.inc"
});
static_assert(std::ranges::is_sorted(kBoxes, {}, &CountryBox::code));

constexpr std::int32_t kTenthE7 = 1'000'000;
constexpr std::int32_t kMargin = 5;

bool holds(const CountryBox& box, geometry::Position at) noexcept {
  return (box.south - kMargin) * kTenthE7 <= at.lat_e7 &&
         at.lat_e7 <= (box.north + kMargin) * kTenthE7 &&
         (box.west - kMargin) * kTenthE7 <= at.lon_e7 &&
         at.lon_e7 <= (box.east + kMargin) * kTenthE7;
}

}  // namespace

bool may_lie_in(const ledger::CountryCode& country, geometry::Position position) noexcept {
  const auto boxes =
      std::ranges::equal_range(kBoxes, std::string_view(country.text), {}, &CountryBox::code);
  return boxes.empty() ||
         std::ranges::any_of(boxes, [&](const CountryBox& box) { return holds(box, position); });
}

}  // namespace treeproof::rpc
