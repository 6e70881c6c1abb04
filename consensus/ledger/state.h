// The ledger's state as rules see it: objects by namespace and id, pages of per-tree codes, and
// checked attachments. A State is an overlay of changes over a reader; overlays stack.
// Owns no storage and no hash. Callers: rules, apply, queries. Pure; one thread per overlay.
// Source: docs/protocol.md section 5; docs/ledger.md "Size".
#pragma once

#include <cassert>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/cbor_decoder.h"
#include "consensus/ledger/cbor_encoder.h"
#include "consensus/types/limits.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

struct ObjectKey {
  std::string name_space;
  std::string id;
  auto operator<=>(const ObjectKey&) const = default;
};
// One page of a batch: kPageBytes of 4-bit codes, low nibble first, the last page zero-padded.
struct PageKey {
  std::string batch;  // object id
  std::uint32_t index = 0;
  auto operator<=>(const PageKey&) const = default;
};
using SharedBytes = std::shared_ptr<const crypto::Bytes>;  // null: absent

// The port through which pure code reads what is stored. Same answers for the same state.
class StateReader {
 public:
  virtual ~StateReader() = default;
  virtual SharedBytes object(const ObjectKey& key) const = 0;
  virtual SharedBytes page(const PageKey& key) const = 0;
  // Content-addressed and checked when it came; null when this node does not hold it.
  virtual AttachmentPtr attachment(const crypto::Hash& root) const = 0;
  // Whether attachment() has something to look for: cheap, where that reads, unpacks and checks.
  virtual bool holds(const crypto::Hash& root) const { return attachment(root) != nullptr; }
};

// What a block changes, in key order: the same on every node.
struct StateChanges {
  std::map<ObjectKey, SharedBytes> objects;  // null removes
  std::map<PageKey, SharedBytes> pages;
  // Takes over what came later.
  void merge(StateChanges later);
  bool operator==(const StateChanges& other) const;  // by content
};

// Typed access for every reader. T says `static constexpr std::string_view kNamespace`. A stored
// object that does not decode is our own bug: asserted.
template <class T>
T decode_stored(const crypto::Bytes& bytes) {
  auto decoded = decode<T>(bytes);
  assert(decoded.has_value());
  return *std::move(decoded);
}
template <class T>
std::optional<T> get(const StateReader& state, std::string_view id) {
  const SharedBytes bytes = state.object({std::string(T::kNamespace), std::string(id)});
  if (!bytes) return std::nullopt;
  return decode_stored<T>(*bytes);
}
// As get, for the objects that statements made: nothing where the id names another type (kType).
template <class T>
std::optional<T> find(const StateReader& state, const ObjectId& id) {
  static_assert(T::kNamespace == "object");
  const SharedBytes bytes = state.object({std::string(T::kNamespace), id.text});
  if (!bytes || tag_of(*bytes, "type") != T::kType) return std::nullopt;
  return decode_stored<T>(*bytes);
}

class State final : public StateReader {
 public:
  explicit State(const StateReader& base) : base_(&base) {}
  // Not copied: State(state) would be a copy of its changes where an overlay is meant.
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  static State over(const StateReader& base) { return State(base); }

  SharedBytes object(const ObjectKey& key) const override;
  SharedBytes page(const PageKey& key) const override;
  // Null, too, where leaves of it were redacted: the same on every node (redaction.h).
  AttachmentPtr attachment(const crypto::Hash& root) const override;
  bool holds(const crypto::Hash& root) const override;

  void put_object(ObjectKey key, SharedBytes value);
  void put_page(PageKey key, SharedBytes value);

  template <class T>
  std::optional<T> get(std::string_view id) const {
    return ledger::get<T>(*this, id);
  }
  template <class T>
  std::optional<T> find(const ObjectId& id) const {
    return ledger::find<T>(*this, id);
  }
  template <class T>
  void put(std::string_view id, const T& value) {
    put_object({std::string(T::kNamespace), std::string(id)},
               std::make_shared<const crypto::Bytes>(encode(value)));
  }

  const StateChanges& changes() const noexcept { return changes_; }
  StateChanges take_changes() noexcept { return std::move(changes_); }
  // Takes over the changes of an overlay made on top of this state.
  void merge(StateChanges changes);

 private:
  bool is_redacted(const crypto::Hash& root) const;
  const StateReader* base_;
  StateChanges changes_;
};

}  // namespace treeproof::ledger
