// JSON-RPC 2.0: a body in, a body out; single calls, batches and notifications.
// Owns no socket and no timer: the server has them. Callers: site. Thread rule: start() from any
// thread; handlers run on the workers; the reply's functions are called from any thread.
// Source: JSON-RPC 2.0; docs/api.md "Conventions".
#pragma once

#include "rpc/services.h"
#include "rpc/workers.h"

namespace treeproof::rpc {

struct DispatchLimits {
  std::size_t json_depth_max = 32;
  std::size_t batch_calls_max = 1'000;
  std::size_t slow_calls_max = 64;             // of one batch
  std::size_t response_bytes_max = 16u << 20;  // of one batch
};

struct CallReply {
  // Once: the body, empty where nothing is to be answered (notifications).
  std::function<void(std::string body)> done;
  // At most once, before `done`: a call waits; expire() is to be called after this time.
  std::function<void(std::uint32_t wait_ms)> waits;
};

// A request on its way.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // Calls that still wait are answered with what is known. On a worker.
  virtual void expire() = 0;
};

class Dispatcher {
 public:
  Dispatcher(ServicesPtr services, std::shared_ptr<Workers> quick, std::shared_ptr<Workers> slow,
             const DispatchLimits& limits);

  std::shared_ptr<Exchange> start(std::string body, CallReply reply);

 private:
  ServicesPtr services_;
  std::shared_ptr<Workers> quick_;
  std::shared_ptr<Workers> slow_;
  DispatchLimits limits_;
};

}  // namespace treeproof::rpc
