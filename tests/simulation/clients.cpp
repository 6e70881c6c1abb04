#include "tests/simulation/clients.h"

#include "consensus/ledger/geometry/polygon_codec.h"
#include "crypto/hash.h"
#include "tests/simulation/world.h"

namespace treeproof::simulation {

void Clients::start() {
  if (options_.statements_per_s == 0) return;
  world_.at(world_.now_us(), [this] { submit_something(); });
}

void Clients::submit_something() {
  if (!world_.has_clients()) return;
  const std::uint64_t pause = 2'000'000 / options_.statements_per_s;
  world_.at(world_.now_us() + 1 + world_.random(pause), [this] { submit_something(); });
  const auto doors = world_.doors();
  if (doors.empty()) return;
  const std::string& door = doors[world_.random(doors.size())];
  const std::string signer = world_.chance(1, 2) ? "desert-ngo" : "river-ngo";
  if (world_.chance(options_.attachment_percent, 100)) return submit_plot(door, signer);
  submit_photo(door, signer);
}

void Clients::submit_photo(const std::string& door, const std::string& signer) {
  ledger::Evidence evidence;
  evidence.ref = {"photo-" + std::to_string(next_ref_++)};
  evidence.sha256 = crypto::sha256(crypto::as_bytes(evidence.ref.text));
  evidence.kind = ledger::EvidenceKind::photo;
  evidence.day = world_.now().chain.day();
  evidence.bytes = 1'000;
  world_.submit(door, world_.consortium().sign(signer, evidence, world_.now().chain.seconds()));
}

// Squares of about a hectare, none beside another.
void Clients::submit_plot(const std::string& door, const std::string& signer) {
  constexpr std::int32_t kSide = 10'000;
  const std::int32_t number = next_ref_++;
  const geometry::Position south_west{number / 100 * 3 * kSide, number % 100 * 3 * kSide};
  const auto corner = [&](std::int32_t north, std::int32_t east) {
    return geometry::Position{south_west.lat_e7 + north, south_west.lon_e7 + east};
  };
  const geometry::Polygon square{
      {{corner(0, 0), corner(0, kSide), corner(kSide, kSide), corner(kSide, 0), corner(0, 0)}}};
  const std::vector<crypto::Bytes> leaves{geometry::encode_ring(square.rings.front())};
  const ledger::AttachmentPtr outline = ledger::Attachment::build(leaves);
  ledger::Plot plot;
  plot.ref = {"plot-" + std::to_string(number)};
  plot.country = {"CN"};
  plot.area = geometry::area_m2(square);
  plot.capacity = 100;
  plot.uncertainty_m = 10;
  plot.geometry = outline->announced();
  world_.submit(door, world_.consortium().sign(signer, plot, world_.now().chain.seconds()),
                outline);
}

}  // namespace treeproof::simulation
