// SIGTERM and SIGINT as an ordinary call: blocked in every thread, read by one that waits for them.
// Owns that thread. Made before any other thread starts, so that all inherit the mask. Caller:
// node. Source: docs/running.md "Stopping".
#pragma once

#include <functional>
#include <thread>

namespace treeproof::node {

class SignalWatch {
 public:
  // Blocks the signals in the calling thread; those that come from now on are kept for watch().
  SignalWatch();
  ~SignalWatch();  // ends the thread
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // Calls back once, on the watch's own thread, with the signal's name. Requires: called once.
  void watch(std::function<void(const char* name)> on_signal);

 private:
  int signals_;
  int wake_;
  std::thread thread_;
};

}  // namespace treeproof::node
