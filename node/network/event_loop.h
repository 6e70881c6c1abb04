// The node's event loop: one thread on which the replica and the mesh live, a pool of workers for
// what must never run there, and timers.
// Owns the executors; the thread is whoever calls run(). post() and offload() from any thread,
// everything else on the loop's thread.
// Source: docs/architecture.md "One thread owns replica and Asio"; docs/consensus.md rule 30.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
class thread_pool;
}  // namespace boost::asio

namespace treeproof::network {

class EventLoop {
 public:
  explicit EventLoop(std::size_t workers);
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // To the loop's thread, in order.
  void post(std::function<void()> work);
  // To a worker.
  void offload(std::function<void()> work);
  // To a worker of its own, for what agreement waits for: never behind offload()'s work.
  void offload_urgent(std::function<void()> work);
  // To a worker of its own, for what waits for the disk; in order.
  void offload_to_disk(std::function<void()> work);

  // Cancels when destroyed. Null handles are fine.
  class Timer {
   public:
    virtual ~Timer() = default;
  };
  std::unique_ptr<Timer> after(std::uint64_t delay_ms, std::function<void()> work);

  // Runs until stop(); what is left is dropped. Once.
  void run();
  void stop();  // from any thread
  // Waits for what the workers are doing. Requires: run() has returned.
  void join_workers();

  boost::asio::io_context& main() noexcept;
  boost::asio::thread_pool& workers() noexcept;

 private:
  struct Executors;
  std::unique_ptr<Executors> executors_;
};

}  // namespace treeproof::network
