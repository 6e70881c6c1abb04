// Who announced an attachment, and leaves whose bytes nodes drop. A redacted attachment is held by
// no rule any more, on every node alike: State hides it, whether its bytes are gone already or not.
// Owns no bytes. Callers: State, judge_statement, changes_redact, object_content, the store. Pure.
// Source: docs/ledger.md "Redaction"; docs/protocol.md section 5 ("attachment_uses", "redaction").
#pragma once

#include <vector>

#include "consensus/ledger/names.h"
#include "consensus/ledger/ranges.h"
#include "consensus/ledger/state.h"
#include "crypto/bytes.h"

namespace treeproof::ledger {

// List by the attachment's root in hex.
struct RedactedRange {
  static constexpr std::string_view kName = "redacted-range";
  static constexpr std::string_view kChunkName = "redacted-range-chunk";
  static constexpr bool kIsArray = true;
  std::uint64_t from = 0;
  std::uint64_t count = 0;
  ObjectId proposal;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("from", self.from);
    visit("count", self.count);
    visit("proposal", self.proposal);
  }
  bool operator==(const RedactedRange&) const = default;
};

// An object whose statement announced an attachment: several may announce the same. List by the
// attachment's root in hex.
struct AttachmentUse {
  static constexpr std::string_view kName = "attachment-use";
  static constexpr std::string_view kChunkName = "attachment-use-chunk";
  static constexpr bool kIsArray = true;
  ObjectId object;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor& visit) {
    visit("object", self.object);
  }
  bool operator==(const AttachmentUse&) const = default;
};

inline constexpr std::string_view kUsesNamespace = "attachment_uses";
inline constexpr std::string_view kRedactionNamespace = "redaction";

// Whether leaves of an attachment were redacted: one read.
bool is_redacted(const StateReader& state, const crypto::Hash& root);
bool is_redacted(const StateReader& state, const crypto::Hash& root, std::uint64_t leaf);
// All that were, in the order in which they were decided on: they may overlap.
std::vector<Range> redacted_leaves(const StateReader& state, const crypto::Hash& root);
// The roots of attachments of which a block redacted leaves, ascending.
std::vector<crypto::Hash> redacted_by(const StateChanges& changes);
// The objects whose statements announced an attachment.
std::vector<ObjectId> users_of_attachment(const StateReader& state, const crypto::Hash& root);

}  // namespace treeproof::ledger
