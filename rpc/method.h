// One row of the table of methods: the same row finds the handler, judges the parameters and writes
// the OpenRPC document.
// Owns nothing; rows are constants. Callers: dispatcher, openrpc, the handlers' files that hold the
// rows. Handlers run on worker threads, several at once. Source: docs/api.md "Methods".
#pragma once

#include <functional>

#include "rpc/params.h"
#include "rpc/ports.h"

namespace treeproof::rpc {

struct Services;

// What a handler answers from: one snapshot for all calls of a request.
struct Query {
  std::shared_ptr<Services> services;
  const Params& params;
  ChainViewPtr view;
  Height at;  // of the objects that are asked for; at most view->height()

  bool is_latest() const { return at == view->height(); }
};

// The JSON text of a result.
using TextAnswer = std::expected<std::string, RpcError>;
using Format = std::function<TextAnswer()>;

// Where a call that waits delivers its answer: once, from any thread; what comes later is dropped.
// The format itself runs on a worker.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void resolve(Format format) = 0;
  // At the latest after this time the call is answered with `otherwise`.
  virtual void wait_at_most(std::uint32_t wait_ms, Format otherwise) = 0;
};
using WaiterPtr = std::shared_ptr<Waiter>;

enum class Lane : std::uint8_t { quick, slow };  // slow: may take longer than some milliseconds
enum class Envelope : std::uint8_t { none, snapshot };

using Handler = Answer (*)(const Query& query);
using WaitingHandler = void (*)(const Query& query, const WaiterPtr& waiter);

struct Method {
  std::string_view name;
  std::string_view summary;
  std::span<const ParamSpec> params;
  // The members of its result: "tree:text, plot:text?, leaves:array"; a question mark says that
  // it may be null. Types: text, decimal, hex, base64url, integer, boolean, object, array.
  std::string_view result;
  Handler answer = nullptr;  // one of these two
  WaitingHandler start = nullptr;
  Lane lane = Lane::quick;
  Envelope envelope = Envelope::snapshot;
};

// Parameters that many methods share.
inline constexpr ParamSpec kAt{"at", ParamType::height, false,
                               "The height whose objects are asked for; the latest by default."};
inline constexpr std::uint64_t kListLimitMax = 500;
inline constexpr ParamSpec kCursor{"cursor", ParamType::text, false,
                                   "The cursor of the page before."};
inline constexpr ParamSpec kLimit{"limit", ParamType::number, false,
                                  "Items of a page: 1 to 500, 100 by default.", kListLimitMax};

// One table for each trade; methods() has them all.
std::span<const Method> tree_methods();
std::span<const Method> redemption_methods();
std::span<const Method> campaign_methods();
std::span<const Method> allocation_methods();
std::span<const Method> land_methods();
std::span<const Method> batch_methods();
std::span<const Method> record_methods();
std::span<const Method> submission_methods();
std::span<const Method> audit_methods();
std::span<const Method> export_methods();
std::span<const Method> dispute_methods();
std::span<const Method> chain_methods();
std::span<const Method> log_methods();
std::span<const Method> org_methods();
std::span<const Method> discovery_methods();

// Every method, ascending by name.
std::span<const Method* const> methods();
const Method* find_method(std::string_view name);

}  // namespace treeproof::rpc
