#include "node/network/event_loop.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>

namespace treeproof::network {

namespace {

struct SteadyTimer final : EventLoop::Timer {
  SteadyTimer(boost::asio::io_context& main, std::uint64_t delay_ms) : timer(main) {
    timer.expires_after(std::chrono::milliseconds(delay_ms));
  }
  boost::asio::steady_timer timer;
};

}  // namespace

struct EventLoop::Executors {
  explicit Executors(std::size_t worker_count) : workers(worker_count) {}
  boost::asio::thread_pool workers;
  boost::asio::thread_pool urgent{1};
  boost::asio::thread_pool disk{1};
  boost::asio::io_context main{1};
};

EventLoop::EventLoop(std::size_t workers) : executors_(std::make_unique<Executors>(workers)) {}

EventLoop::~EventLoop() { join_workers(); }

void EventLoop::post(std::function<void()> work) {
  boost::asio::post(executors_->main, std::move(work));
}

void EventLoop::offload(std::function<void()> work) {
  boost::asio::post(executors_->workers, std::move(work));
}

void EventLoop::offload_urgent(std::function<void()> work) {
  boost::asio::post(executors_->urgent, std::move(work));
}

void EventLoop::offload_to_disk(std::function<void()> work) {
  boost::asio::post(executors_->disk, std::move(work));
}

std::unique_ptr<EventLoop::Timer> EventLoop::after(std::uint64_t delay_ms,
                                                   std::function<void()> work) {
  auto timer = std::make_unique<SteadyTimer>(executors_->main, delay_ms);
  timer->timer.async_wait([work = std::move(work)](const boost::system::error_code& cancelled) {
    if (!cancelled) work();
  });
  return timer;
}

void EventLoop::run() {
  const auto keep_running = boost::asio::make_work_guard(executors_->main);
  executors_->main.run();
}

void EventLoop::stop() { executors_->main.stop(); }

void EventLoop::join_workers() {
  executors_->disk.join();
  executors_->urgent.join();
  executors_->workers.join();
}

boost::asio::io_context& EventLoop::main() noexcept { return executors_->main; }

boost::asio::thread_pool& EventLoop::workers() noexcept { return executors_->workers; }

}  // namespace treeproof::network
