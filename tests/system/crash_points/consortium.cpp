#include "tests/system/crash_points/consortium.h"

#include <algorithm>
#include <iostream>
#include <span>
#include <stdexcept>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "crypto/hash.h"
#include "node/cli/attachment_build.h"
#include "tests/system/patience.h"
#include "tests/system/same_ledger.h"

namespace treeproof::crash_points {

namespace {

using demo::Actor;
using demo::Cast;
using system_test::within_patience;

constexpr std::uint16_t kRpcPort = 25'640;
constexpr std::uint16_t kPeerPort = 25'650;
constexpr std::int32_t kFirstDay = 17'226;
const std::vector<std::string> kValidators{demo::kPlatform, demo::kDesertNgo, demo::kVerifier,
                                           kVictim};

TimeMs now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return TimeMs{static_cast<std::uint64_t>(ms)};
}

ledger::Evidence evidence(ledger::EvidenceKind kind, std::uint64_t number) {
  ledger::Evidence made;
  made.ref = {"evidence-" + std::to_string(number)};
  made.sha256 = crypto::sha256(crypto::as_bytes(made.ref.text));
  made.kind = kind;
  made.day = kFirstDay;
  made.bytes = 1;
  return made;
}

// A square of some 100 m, far from that of any other number.
geometry::Polygon square(std::uint64_t number) {
  constexpr std::int32_t kSide = 9'000;
  const auto step = static_cast<std::int32_t>(number);
  const geometry::Position corner{400'000'000 + step % 5'000 * 2 * kSide,
                                  900'000'000 + step / 5'000 * 4 * kSide};
  const auto at = [&](std::int32_t up, std::int32_t right) {
    return geometry::Position{corner.lat_e7 + up * kSide, corner.lon_e7 + right * kSide};
  };
  return {{{at(0, 0), at(0, 1), at(1, 1), at(1, 0), at(0, 0)}}};
}

bool is_ready(const std::string& url) {
  auto client = cli::RpcClient::open(url);
  return client && client->get("/readyz", 1 << 16).has_value();
}

}  // namespace

Consortium::Consortium(const std::filesystem::path& binary) {
  std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  auto cast = Cast::write({folder_, kPeerPort, kRpcPort}, now());
  if (!cast) throw std::runtime_error(cast.error().what);
  cast_.emplace(*std::move(cast));
  healthy_.emplace(binary);
  for (const std::string& org : kValidators) {
    if (org == kVictim) continue;
    auto started = healthy_->start(org, cast_->config(org), cast_->log(org));
    if (!started) throw std::runtime_error(started.error().what);
  }
  witness_ = std::make_unique<Witness>(*cast_, kPeerPort, kVictim);
  victim_ = std::make_unique<Victim>(binary, *cast_);
  victim_->start();
  for (const std::string& org : kValidators) {
    if (within_patience([&] { return is_ready(cast_->rpc_url(org)); })) continue;
    throw std::runtime_error(org + " does not become ready");
  }
  planter_.emplace(open(demo::kDesertNgo, demo::kPlatform));
}

Consortium::~Consortium() {
  if (victim_) victim_->stop();
  victim_.reset();
  witness_.reset();
  healthy_.reset();
  if (::testing::Test::HasFailure()) {
    std::cout << "The nodes' folders and logs are kept: " << folder_.string() << '\n';
  } else {
    std::filesystem::remove_all(folder_);
  }
}

Actor Consortium::open(const std::string& org, const std::string& at) {
  auto opened = Actor::open(org, cast_->work_key(org), cast_->rpc_url(at),
                            ledger::chain_id(cast_->genesis()), horizon_);
  if (!opened) throw std::runtime_error(opened.error().what);
  return *std::move(opened);
}

void Consortium::record() {
  auto recorded = planter_->record(evidence(ledger::EvidenceKind::photo, next_number_++));
  if (!recorded) throw std::runtime_error("a healthy node refuses: " + recorded.error().what);
  acknowledged_.push_back(*std::move(recorded));
}

void Consortium::record_with_attachment() {
  const std::uint64_t number = next_number_++;
  const ledger::Evidence title = evidence(ledger::EvidenceKind::land, number);
  const geometry::Polygon polygon = square(number);
  const auto outline = cli::geometry_attachment(polygon);
  if (!outline) throw std::runtime_error(outline.error().what);
  ledger::Plot plot;
  plot.ref = {"plot-" + std::to_string(number)};
  plot.country = {"CN"};
  plot.layer = ledger::Layer::canopy;
  plot.area = geometry::area_m2(polygon);
  plot.capacity = 10;
  plot.uncertainty_m = 10;
  plot.geometry = (*outline)->announced();
  plot.land_right = ledger::ObjectId::of({demo::kDesertNgo}, {title.ref.text});
  for (auto recorded : {planter_->record(title), planter_->record(plot, *outline)}) {
    if (!recorded) throw std::runtime_error("a healthy node refuses: " + recorded.error().what);
    acknowledged_.push_back(*std::move(recorded));
  }
}

::testing::AssertionResult Consortium::record_at_victim() {
  // Who has just caught up may need a moment for a block that others made without it.
  if (victim_->wait_until_ready() != "ready") {
    return ::testing::AssertionFailure() << "the victim is not ready: " << victim_->printed();
  }
  const auto own = std::make_shared<demo::Horizon>();
  auto door = Actor::open(kVictim, cast_->work_key(kVictim), cast_->rpc_url(kVictim),
                          ledger::chain_id(cast_->genesis()), own);
  if (!door) return ::testing::AssertionFailure() << door.error().what;
  auto recorded = door->record(evidence(ledger::EvidenceKind::photo, next_number_++));
  if (!recorded) return ::testing::AssertionFailure() << recorded.error().what;
  horizon_->height = std::max(horizon_->height, recorded->height);
  acknowledged_.push_back(*std::move(recorded));
  return ::testing::AssertionSuccess();
}

void Consortium::begin_life() {
  if (!within_patience([&] { return !witness_->is_connected(); })) {
    throw std::runtime_error("the witness is still connected to a node that has ended");
  }
  guard_ = victim_->guard();
  witness_->begin_life();
}

::testing::AssertionResult Consortium::all_agree() {
  const std::uint64_t height = horizon_->height;
  const auto fresh = std::span(acknowledged_).subspan(compared_);
  system_test::Complaint complaint;
  for (const std::string& org : kValidators) {
    if (!complaint) complaint = system_test::lags_behind(*cast_, org, height);
    if (!complaint) complaint = system_test::lacks_a_record(*cast_, org, fresh);
  }
  if (!complaint) {
    complaint = system_test::headers_differ(*cast_, kValidators, headers_compared_ + 1, height);
  }
  if (complaint) return ::testing::AssertionFailure() << *complaint;
  headers_compared_ = std::max(headers_compared_, height);
  compared_ = acknowledged_.size();
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult Consortium::victim_votes_again() {
  const auto has_voted = [&] {
    const auto last = witness_->highest();
    return last && last->life == witness_->life() && !guard_.empty() &&
           guard_.front().judge(last->request) == bft::GuardVerdict::sign;
  };
  if (within_patience(has_voted)) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "the node does not vote any more";
}

::testing::AssertionResult Consortium::signed_nothing_twice() const {
  for (const std::string& pair : witness_->double_signatures()) {
    return ::testing::AssertionFailure() << "signed twice: " << pair;
  }
  if (guard_.empty()) return ::testing::AssertionFailure() << "the guard does not hold";
  for (const Signed& one : witness_->seen()) {
    const auto verdict = guard_.front().judge(one.request);
    const bool is_above = verdict == bft::GuardVerdict::sign;
    const std::string where = "height " + std::to_string(one.request.height.value) + ", step " +
                              std::to_string(static_cast<int>(one.request.step));
    if (one.life < witness_->life() && is_above) {
      return ::testing::AssertionFailure() << "left before it was in the guard: " << where;
    }
    const bool is_known = std::ranges::any_of(guard_, [&](const bft::GuardState& state) {
      return state.judge(one.request) == bft::GuardVerdict::stored;
    });
    if (one.life == witness_->life() && !is_above && !is_known) {
      return ::testing::AssertionFailure() << "signed below the guard: " << where;
    }
  }
  return ::testing::AssertionSuccess();
}

}  // namespace treeproof::crash_points
