#include "rpc/dispatcher.h"

#include "rpc/call_batch.h"

namespace treeproof::rpc {

Dispatcher::Dispatcher(ServicesPtr services, std::shared_ptr<Workers> quick,
                       std::shared_ptr<Workers> slow, const DispatchLimits& limits)
    : services_(std::move(services)),
      quick_(std::move(quick)),
      slow_(std::move(slow)),
      limits_(limits) {}

std::shared_ptr<Exchange> Dispatcher::start(std::string body, CallReply reply) {
  auto batch = std::make_shared<CallBatch>(CallBatch::Context{services_, quick_, slow_, limits_},
                                           std::move(body), std::move(reply));
  if (!quick_->offer([batch] { CallBatch::run(batch); })) {
    batch->refuse(limit_exceeded("queue", "Too many requests wait; try again.").error());
  }
  return batch;
}

}  // namespace treeproof::rpc
