// Clients that record without pause, each at the door of one node, whatever becomes of the node: an
// answer lost with a killed node is no answer, and no answer is no promise.
// Owns a thread for each client and what they were answered. Callers: system tests, one thread.
// Source: docs/api.md record_submit.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/demo/actor.h"
#include "node/demo/cast.h"

namespace treeproof::system_test {

// The fingerprint of a photo that there never was: a statement without an attachment. Requires: a
// chain of the demo's cast.
ledger::Evidence photo(const std::string& ref);

class Load {
 public:
  static constexpr std::size_t kClientsPerDoor = 3;

  // Clients at each of these nodes, who sign for `signer`. Requires: the cast outlives the load.
  Load(const demo::Cast& cast, std::string signer, const std::vector<std::string>& doors);
  ~Load() { end(); }

  // Until the door has answered so many statements more; false where patience ends.
  bool wait_for_answers(const std::string& door, std::size_t more) const;
  // Until all clients of the door wait for an answer, and `kill` while they do; they knock again
  // once it is reopened. False where they never all wait.
  bool interrupt(const std::string& door, const std::function<void()>& kill);
  void reopen(const std::string& door);
  void end();

  // After end(): what was answered with receipts, at any door.
  const std::vector<demo::Recorded>& acknowledged() const { return acknowledged_; }
  std::size_t answers(const std::string& door) const { return doors_.at(door).answers; }
  // Statements that were under way when their node died.
  std::size_t interrupted(const std::string& door) const { return doors_.at(door).interrupted; }
  // Failures at doors that were open, in words.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  struct Door {
    std::atomic<bool> open = true;
    std::atomic<std::uint32_t> deaths = 0;
    std::atomic<std::size_t> waiting = 0;  // clients
    std::atomic<std::size_t> answers = 0;
    std::atomic<std::size_t> interrupted = 0;
  };
  void record_without_pause(const std::string& at, Door& door, std::size_t client);
  void take(const cli::Result<demo::Recorded>& answer, const std::string& at, Door& door,
            std::uint32_t deaths);

  const demo::Cast& cast_;
  std::string signer_;
  std::map<std::string, Door> doors_;
  std::atomic<bool> ending_ = false;
  std::mutex lock_;  // guards the two lists
  std::vector<demo::Recorded> acknowledged_;
  std::vector<std::string> complaints_;
  std::vector<std::thread> clients_;  // last: they begin when the rest is there
};

}  // namespace treeproof::system_test
