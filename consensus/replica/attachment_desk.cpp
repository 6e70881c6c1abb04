#include "consensus/replica/attachment_desk.h"

#include <algorithm>
#include <vector>

namespace treeproof::replica {

void AttachmentDesk::note_held(const std::string& org, const crypto::Hash& root) {
  if (!holders_.contains(root) && holders_.size() >= kRootsKnownMax) {
    const auto idle =
        std::ranges::find_if(holders_, [&](const auto& known) { return !wants(known.first); });
    if (idle == holders_.end()) return;
    holders_.erase(idle);
  }
  holders_[root].insert(org);
  note_available(root);
}

void AttachmentDesk::note_available(const crypto::Hash& root) {
  const bool is_idle = wanted_.contains(root) && !downloads_.contains(root);
  if (is_idle && holders_.contains(root)) available_.insert(root);
}

std::uint64_t AttachmentDesk::power_holding(const crypto::Hash& root,
                                            const ValidatorSet& validators) const {
  const auto found = holders_.find(root);
  if (found == holders_.end()) return 0;
  std::uint64_t power = 0;
  for (const std::string& org : found->second) {
    if (const Validator* validator = validators.find(org)) power += validator->power;
  }
  return power;
}

void AttachmentDesk::want(const ledger::AttachmentRef& announced) {
  wanted_.emplace(announced.root, announced);
  note_available(announced.root);
}

void AttachmentDesk::forget(const crypto::Hash& root) {
  wanted_.erase(root);
  available_.erase(root);
  downloads_.erase(root);
  attempts_.erase(root);
}

void AttachmentDesk::forget_holders(const crypto::Hash& root) {
  holders_.erase(root);
  available_.erase(root);
}

std::optional<ledger::AttachmentRef> AttachmentDesk::wanted(const crypto::Hash& root) const {
  const auto found = wanted_.find(root);
  if (found == wanted_.end()) return std::nullopt;
  return found->second;
}

std::string AttachmentDesk::choose_holder(const crypto::Hash& root,
                                          const std::set<std::string>& connected) {
  std::vector<std::string> able;
  const auto holders = holders_.find(root);
  if (holders != holders_.end()) {
    std::ranges::set_intersection(holders->second, connected, std::back_inserter(able));
  }
  if (able.empty()) return {};
  return able[attempts_[root]++ % able.size()];
}

std::vector<AttachmentDesk::Request> AttachmentDesk::next_requests(
    const std::set<std::string>& connected) {
  drop_downloads([&](const Download& download) { return !connected.contains(download.org); });
  std::vector<Request> requests;
  for (auto at = available_.begin(); at != available_.end() && downloads_.size() < kDownloadsMax;) {
    std::string org = choose_holder(*at, connected);
    if (org.empty()) {
      ++at;
      continue;
    }
    downloads_.emplace(*at, Download{org, {}});
    requests.push_back({std::move(org), {*at, 0}});
    at = available_.erase(at);
  }
  return requests;
}

void AttachmentDesk::drop_downloads(const std::function<bool(const Download&)>& is_over) {
  for (auto at = downloads_.begin(); at != downloads_.end();) {
    if (!is_over(at->second)) {
      ++at;
      continue;
    }
    const crypto::Hash root = at->first;
    at = downloads_.erase(at);
    note_available(root);
  }
}

void AttachmentDesk::restart_stalled() {
  drop_downloads([](const Download& download) { return !download.advanced; });
  for (auto& [root, download] : downloads_) download.advanced = false;
}

AttachmentDesk::Progress AttachmentDesk::take(const std::string& org, AttachmentPart part) {
  const auto found = downloads_.find(part.root);
  if (found == downloads_.end()) return {};
  Download& download = found->second;
  const std::uint64_t total = wanted_.at(part.root).bytes;
  const bool fits = download.org == org && part.offset == download.bytes.size() &&
                    !part.bytes.empty() && part.bytes.size() <= total - part.offset;
  if (!fits) return {};
  download.advanced = true;
  download.bytes.insert(download.bytes.end(), part.bytes.begin(), part.bytes.end());
  if (download.bytes.size() < total) {
    return {Request{org, {part.root, download.bytes.size()}}, nullptr};
  }
  auto complete = std::make_shared<const crypto::Bytes>(std::move(download.bytes));
  downloads_.erase(found);
  return {std::nullopt, std::move(complete)};
}

}  // namespace treeproof::replica
