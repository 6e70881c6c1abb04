#include "consensus/ledger/state.h"

#include "consensus/ledger/redaction.h"

namespace treeproof::ledger {

namespace {

bool same(const SharedBytes& left, const SharedBytes& right) {
  if (!left || !right) return left == right;
  return *left == *right;
}

constexpr auto kSameEntry = [](const auto& left, const auto& right) {
  return left.first == right.first && same(left.second, right.second);
};

template <class Map>
void take_over(Map& into, Map&& from) {
  if (into.empty()) {
    into = std::move(from);
    return;
  }
  while (!from.empty()) {
    auto entry = from.extract(from.begin());
    const auto [at, inserted, node] = into.insert(std::move(entry));
    if (!inserted) at->second = std::move(node.mapped());
  }
}

}  // namespace

bool StateChanges::operator==(const StateChanges& other) const {
  return std::ranges::equal(objects, other.objects, kSameEntry) &&
         std::ranges::equal(pages, other.pages, kSameEntry);
}

void StateChanges::merge(StateChanges later) {
  take_over(objects, std::move(later.objects));
  take_over(pages, std::move(later.pages));
}

SharedBytes State::object(const ObjectKey& key) const {
  const auto found = changes_.objects.find(key);
  return found == changes_.objects.end() ? base_->object(key) : found->second;
}

SharedBytes State::page(const PageKey& key) const {
  const auto found = changes_.pages.find(key);
  return found == changes_.pages.end() ? base_->page(key) : found->second;
}

AttachmentPtr State::attachment(const crypto::Hash& root) const {
  return is_redacted(root) ? nullptr : base_->attachment(root);
}

bool State::holds(const crypto::Hash& root) const {
  return !is_redacted(root) && base_->holds(root);
}

bool State::is_redacted(const crypto::Hash& root) const { return ledger::is_redacted(*this, root); }

void State::put_object(ObjectKey key, SharedBytes value) {
  changes_.objects.insert_or_assign(std::move(key), std::move(value));
}

void State::put_page(PageKey key, SharedBytes value) {
  assert(!value || value->size() == kPageBytes);
  changes_.pages.insert_or_assign(std::move(key), std::move(value));
}

void State::merge(StateChanges changes) { changes_.merge(std::move(changes)); }

}  // namespace treeproof::ledger
