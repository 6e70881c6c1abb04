// The calls of one request: read from JSON, executed on a worker, put together when the last one is
// answered. Owns the request's tree and the answers. Caller: dispatcher.
// Thread rule: read() and execute() on one worker at a time; resolve() and expire() from any
// thread. Source: JSON-RPC 2.0 sections 4 to 6.
#pragma once

#include <atomic>
#include <deque>

#include "rpc/dispatcher.h"

namespace treeproof::rpc {

class CallBatch;
using CallBatchPtr = std::shared_ptr<CallBatch>;

class CallBatch final : public Exchange {
 public:
  struct Context {
    ServicesPtr services;
    std::shared_ptr<Workers> quick;
    std::shared_ptr<Workers> slow;
    DispatchLimits limits;
  };
  CallBatch(Context context, std::string body, CallReply reply);
  ~CallBatch() override;

  // Reads the body, then executes it here or on the slow lane.
  static void run(const CallBatchPtr& batch);
  void expire() override;
  // Nothing of it will be executed.
  void refuse(const RpcError& error);

 private:
  struct Call {
    std::string id;  // JSON text; empty: a notification
    const Method* method = nullptr;
    const Json* params = nullptr;
    Format format;
    Format otherwise;
    std::atomic<bool> is_resolved{false};
  };
  class CallWaiter;

  bool read();
  void read_call(const Json& call);
  static void execute(const CallBatchPtr& batch);
  static void execute_call(const CallBatchPtr& batch, Call& call, const ChainViewPtr& view);
  TextAnswer answer(const Call& call, const Query& query) const;
  // True where it was the first answer.
  static void resolve(const CallBatchPtr& batch, Call& call, Format format);
  static void release(const CallBatchPtr& batch);
  void finish();
  void append_response(std::string& out, const Call& call);

  Context context_;
  std::string body_;
  CallReply reply_;
  std::unique_ptr<Json> tree_;
  bool is_batch_ = false;
  std::deque<Call> calls_;
  std::atomic<std::size_t> outstanding_{1};  // one for execute() itself
  std::uint32_t wait_ms_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace treeproof::rpc
