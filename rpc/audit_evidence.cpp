// I10: the photos of plantings, read from the statements themselves. One that proves two plantings
// is a finding; two that look alike, and a planting without any, are flags.
#include <bit>
#include <map>
#include <set>

#include "consensus/ledger/plot_objects.h"
#include "consensus/ledger/statement.h"
#include "consensus/ledger/tree_books.h"
#include "rpc/audit_check.h"
#include "rpc/audit_reports.h"
#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

using ledger::BatchObject;
using ledger::EvidenceObject;

constexpr int kAlikeBitsMax = 6;
// Photos that differ in at most six bits agree in one of seven stretches, whichever these are.
constexpr std::size_t kStretches = 7;
constexpr unsigned kStretchBits = 9;
// What is compared and listed of one campaign: many photos may be made to look alike.
constexpr std::uint64_t kComparisonsMax = 20'000'000;
constexpr std::size_t kAlikeMax = 10'000;

struct Photo {
  std::string id;
  std::string batch;
  std::uint64_t phash = 0;
};

class EvidenceReport {
 public:
  EvidenceReport(const ChainView& view, Height at, const AuditScope& scope)
      : view_(view), at_(at), scope_(scope), state_(view, at) {}

  AuditReport make() {
    each_object<BatchObject>(view_, at_, [this](const ledger::ObjectId& id, const auto& batch) {
      const bool of_campaign = !scope_.campaign || batch.campaign == *scope_.campaign;
      const bool of_org = !scope_.org || batch.holder.text == *scope_.org;
      if (of_campaign && of_org) add(id.text, batch);
    });
    for (const auto& [sha256, batches] : proven_) check_use(sha256, batches);
    for (const auto& [campaign, photos] : photos_) compare(campaign, photos);
    report_.checked = {{"batches", batches_},
                       {"photos", proven_.size()},
                       {"statements_not_held", not_held_},
                       {"comparisons_left_out", left_out_}};
    return std::move(report_);
  }

 private:
  void add(const std::string& id, const BatchObject& batch) {
    ++batches_;
    const auto evidence = evidence_of(batch);
    if (!evidence) {
      ++not_held_;
      return;
    }
    const std::string campaign = batch.campaign ? batch.campaign->text : "none";
    const bool counts = !ledger::is_voided(batch);
    bool has_photo = false;
    for (const ledger::ObjectId& piece : *evidence) {
      const auto object = ledger::find<EvidenceObject>(state_, piece);
      if (!object || object->payload.kind != ledger::EvidenceKind::photo) continue;
      has_photo = true;
      if (counts) proven_[crypto::to_hex(object->payload.sha256)].insert(id);
      if (object->payload.phash64) {
        photos_[campaign].push_back({piece.text, id, *object->payload.phash64});
      }
    }
    if (!has_photo) add_row("no_photo", campaign, std::nullopt, std::nullopt, id, std::nullopt, {});
  }

  // What the statement of the batch lists; nothing where the log's entry is not held.
  std::optional<ledger::EvidenceList> evidence_of(const BatchObject& batch) const {
    auto entry = view_.log_entry(batch.record.log_index);
    if (!entry) return std::nullopt;
    const auto statement = ledger::parse_statement(*std::move(entry), view_.header().chain_id);
    if (!statement) return std::nullopt;
    const ledger::Payload& payload = (*statement)->payload;
    if (const auto* plant = std::get_if<ledger::Plant>(&payload)) return plant->evidence;
    if (const auto* stock = std::get_if<ledger::Inventory>(&payload)) return stock->evidence;
    return std::nullopt;
  }

  void check_use(const std::string& sha256, const std::set<std::string>& batches) {
    if (batches.size() < 2) return;
    AuditCheck(report_, *batches.begin())
        .fail("photo_used_twice", {{"sha256", sha256}, {"batch", *std::next(batches.begin())}});
  }

  void compare(const std::string& campaign, const std::vector<Photo>& photos) {
    std::set<std::pair<std::size_t, std::size_t>> alike;
    std::uint64_t left = kComparisonsMax;
    for (std::size_t stretch = 0; stretch < kStretches; ++stretch) {
      std::map<std::uint64_t, std::vector<std::size_t>> buckets;
      for (std::size_t i = 0; i < photos.size(); ++i) {
        buckets[stretch_of(photos[i].phash, stretch)].push_back(i);
      }
      for (const auto& [bits, members] : buckets) {
        compare_all(photos, members, alike, left);
      }
    }
    for (const auto& [one, other] : alike) {
      const auto distance = std::popcount(photos[one].phash ^ photos[other].phash);
      add_row("alike", campaign, photos[one].id, photos[other].id, photos[one].batch,
              photos[other].batch, std::to_string(distance));
    }
  }

  void compare_all(const std::vector<Photo>& photos, const std::vector<std::size_t>& members,
                   std::set<std::pair<std::size_t, std::size_t>>& alike, std::uint64_t& left) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const std::uint64_t count = members.size() - i - 1;
      if (count > left || alike.size() >= kAlikeMax) {
        left_out_ += count;
        continue;
      }
      left -= count;
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        const Photo& one = photos[members[i]];
        const Photo& other = photos[members[j]];
        const bool is_alike = std::popcount(one.phash ^ other.phash) <= kAlikeBitsMax;
        if (is_alike && one.id != other.id) alike.emplace(members[i], members[j]);
      }
    }
  }

  static std::uint64_t stretch_of(std::uint64_t phash, std::size_t stretch) {
    const auto shift = static_cast<unsigned>(stretch) * kStretchBits;
    const std::uint64_t rest = phash >> shift;
    return stretch + 1 == kStretches ? rest : rest & ((std::uint64_t{1} << kStretchBits) - 1);
  }

  void add_row(std::string_view kind, const std::string& campaign, AuditCell photo, AuditCell other,
               const std::string& batch, AuditCell other_batch, AuditCell distance) {
    report_.rows.push_back({{"kind", std::string(kind)},
                            {"campaign", campaign},
                            {"photo", std::move(photo)},
                            {"other_photo", std::move(other)},
                            {"batch", batch},
                            {"other_batch", std::move(other_batch)},
                            {"distance_bits", std::move(distance)}});
  }

  const ChainView& view_;
  Height at_;
  const AuditScope& scope_;
  const PastState state_;
  std::map<std::string, std::set<std::string>> proven_;  // batches, by photo
  std::map<std::string, std::vector<Photo>> photos_;     // by campaign
  std::uint64_t batches_ = 0;
  std::uint64_t not_held_ = 0;
  std::uint64_t left_out_ = 0;
  AuditReport report_{"I10", {}, {}, {}};
};

}  // namespace

AuditReport audit_evidence(const ChainView& view, Height at, const AuditScope& scope) {
  return EvidenceReport(view, at, scope).make();
}

}  // namespace treeproof::rpc
