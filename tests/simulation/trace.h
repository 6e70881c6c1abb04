// What happened in a run: a hash over all of it, and the last events for a diagram.
// Owns a bounded number of events. Caller: the simulated world. One thread.
// Source: docs/simulation.md "How to read a diagram".
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "tests/simulation/frame.h"

namespace treeproof::simulation {

enum class Happening : std::uint8_t {
  lost,       // a frame that never arrives
  received,   // a frame arrived
  stepped,    // a node took another event than a frame
  committed,  // a store holds one block more
  crashed,
  restarted,
  paused,
  noted  // a sentence about a node
};

class Trace {
 public:
  explicit Trace(std::size_t events_kept) : kept_(events_kept) {}

  void note(Happening what, std::uint64_t time_us, const std::string& org,
            std::uint64_t detail = 0);
  void note_frame(Happening what, std::uint64_t time_us, const std::string& from,
                  const std::string& to, const FramePtr& frame);
  void note_commit(std::uint64_t time_us, const std::string& org, Height height,
                   const crypto::Hash& header_hash);
  void note_text(std::uint64_t time_us, const std::string& org, const std::string& text);

  // The same for two runs only if the same happened in both.
  std::uint64_t hash() const noexcept { return hash_; }
  std::uint64_t count() const noexcept { return count_; }
  // A sequence diagram of the last events in Mermaid's notation, `last_line` below it.
  std::string diagram(const std::vector<std::string>& orgs, const std::string& chain_id,
                      const std::string& last_line) const;

 private:
  struct Event {
    Happening what{};
    std::uint64_t time_us = 0;
    std::string org;
    std::string other;
    FramePtr frame;
    std::string text;
  };
  void mix(std::uint64_t value) noexcept;
  void mix_happening(Happening what, std::uint64_t time_us, const std::string& org);
  void keep(Event event);  // requires: kept_ > 0

  std::size_t kept_;
  std::deque<Event> events_;
  std::uint64_t hash_ = 0x9e3779b97f4a7c15;
  std::uint64_t count_ = 0;
};

// What a frame says, in a few words: "prevote 12/0 ab12cd34".
std::string text_of(const replica::Message& message);

}  // namespace treeproof::simulation
