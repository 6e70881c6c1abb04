// Four validators on loopback, three of them healthy, and a witness in the observer's seat; records
// that they acknowledged, and whether all of them still agree on every one.
// Owns the processes, the witness and the folder. Caller: the crash-point tests, from one thread.
// Source: docs/testing.md "Crash points".
#pragma once

#include <gtest/gtest.h>

#include "node/demo/actor.h"
#include "node/demo/processes.h"
#include "tests/system/crash_points/victim.h"
#include "tests/system/crash_points/witness.h"

namespace treeproof::crash_points {

class Consortium {
 public:
  // Throws where a node does not become ready. The victim runs as well.
  explicit Consortium(const std::filesystem::path& binary);
  ~Consortium();

  Victim& victim() noexcept { return *victim_; }
  const Witness& witness() const noexcept { return *witness_; }
  const std::filesystem::path& folder() const noexcept { return folder_; }

  // Records one statement by a healthy node; throws where it is not acknowledged.
  void record();
  // A plot with its outline, which every node keeps as an attachment.
  void record_with_attachment();
  // By the victim's own door, where it is open; true when it was acknowledged.
  ::testing::AssertionResult record_at_victim();
  std::size_t acknowledged() const noexcept { return acknowledged_.size(); }

  // After the victim has ended: what it signs from now on belongs to another life.
  void begin_life();
  // Waits until all nodes are as high as the last acknowledged record, then: every record
  // acknowledged since the last time is on every node in its place, and all headers are equal.
  ::testing::AssertionResult all_agree();
  // The victim signs what it never signed before, within kPatience.
  ::testing::AssertionResult victim_votes_again();
  // Nothing was signed twice; what left in the last life was in the guard before, and what left in
  // this one is above it or the very same.
  ::testing::AssertionResult signed_nothing_twice() const;

 private:
  demo::Actor open(const std::string& org, const std::string& at);

  std::filesystem::path folder_;
  std::optional<demo::Cast> cast_;
  std::optional<demo::Processes> healthy_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Victim> victim_;
  std::shared_ptr<demo::Horizon> horizon_ = std::make_shared<demo::Horizon>();
  std::optional<demo::Actor> planter_;
  std::vector<demo::Recorded> acknowledged_;
  std::size_t compared_ = 0;            // of them, last time
  std::uint64_t headers_compared_ = 0;  // up to this height
  std::uint64_t next_number_ = 0;
  std::vector<bft::GuardState> guard_;  // when the victim's last life ended
};

}  // namespace treeproof::crash_points
