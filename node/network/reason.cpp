#include "node/network/reason.h"

#include <array>

namespace treeproof::network {
namespace {

constexpr std::array<std::string_view, kReasonCount> kNames = {
    "unreachable",  "timed_out",      "tls_failed",      "malformed_hello", "wrong_chain",
    "own_identity", "wrong_role",     "unknown_version", "unknown_org",     "unexpected_org",
    "unknown_key",  "bad_exporter",   "bad_signature",   "half_open_limit", "address_too_busy",
    "duplicate",    "closed_by_peer", "connection_lost", "unknown_kind",    "oversize_frame",
    "queue_full",   "too_slow",       "left_directory",  "replaced",        "misbehaved",
    "stopped",      "internal_error",
};
static_assert(!kNames.back().empty());

}  // namespace

std::string_view to_string(Reason reason) noexcept {
  return kNames[static_cast<std::size_t>(reason)];
}

std::optional<Reason> reason_from(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Reason>(i);
  }
  return std::nullopt;
}

}  // namespace treeproof::network
