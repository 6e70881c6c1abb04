// Real nodes under strace: the disk fails, fills up, or the process dies, at one call after
// another. Each run must recover by itself or name the tool to run; nothing acknowledged is lost,
// nothing is signed twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "tests/system/crash_points/survival.h"

namespace treeproof::crash_points {
namespace {

constexpr std::uint32_t kStoreCheckEvery = 25;  // cases; each reads all blocks

struct Kind {
  std::string call;
  Place place;
};

// What a healthy node does to its disk, in all places.
const std::vector<Kind>& kinds() {
  using enum Place;
  static const std::vector<Kind> kKinds{{"openat", key},
                                        {"pwrite64", guard},
                                        {"fdatasync", guard},
                                        {"openat", guard},
                                        {"pwrite64", journal},
                                        {"fdatasync", journal},
                                        {"openat", journal},
                                        {"fallocate", journal},
                                        {"pwrite64", blocks},
                                        {"fdatasync", blocks},
                                        {"openat", blocks},
                                        {"pwrite64", attachments},
                                        {"fdatasync", attachments},
                                        {"openat", attachments},
                                        {"write", ledger},
                                        {"fdatasync", ledger},
                                        {"openat", ledger},
                                        {"rename", ledger},
                                        {"fsync", folders},
                                        {"fdatasync", folders},
                                        {"openat", folders}};
  return kKinds;
}

// Blocks are written twice a height, their certificates second: this leaves a block without one.
Fault torn_block(std::uint32_t height) {
  return {"pwrite64", Place::blocks, Effect::kill, 2 * height};
}

// A spread over calls, places and effects that runs in about half a minute.
std::vector<Case> a_dozen() {
  using enum Place;
  using enum Effect;
  return {{Home::empty, {{"rename", ledger, kill, 1}}},
          {Home::empty, {{"fallocate", journal, no_space, 1}}},
          {Home::used, {{"pwrite64", guard, io_error, 4}}},
          {Home::used, {{"fdatasync", guard, kill, 5}}},
          {Home::used, {{"pwrite64", journal, kill, 9}}},
          {Home::used, {{"fdatasync", journal, io_error, 6}}},
          {Home::used, {{"pwrite64", blocks, no_space, 4}}},
          {Home::used, {{"fdatasync", attachments, io_error, 1}}},
          {Home::used, {{"write", ledger, no_space, 5}}},
          {Home::used, {{"fdatasync", ledger, kill, 4}}},
          {Home::used, {{"openat", ledger, io_error, 3}}},
          {Home::used, {torn_block(2), {"ftruncate", blocks, io_error, 1}}}};
}

// Every call that `measured` found, with each effect, every `stride`th of them.
void enumerate(const Trace& measured, Home home, std::uint32_t stride, std::vector<Case>& cases) {
  for (const Kind& kind : kinds()) {
    const auto found = measured.calls.find({kind.call, kind.place});
    if (found == measured.calls.end()) continue;
    for (const Effect effect : {Effect::io_error, Effect::no_space, Effect::kill}) {
      for (std::uint32_t when = 1; when <= found->second; when += stride) {
        cases.push_back({home, {{kind.call, kind.place, effect, when}}});
      }
    }
    for (std::uint32_t when = 1; when <= found->second; when += 4 * stride) {
      cases.push_back({home, {{kind.call, kind.place, Effect::disk_full, when}}});
    }
  }
}

// A second fault while the node mends what the first one left.
void enumerate_recoveries(std::vector<Case>& cases) {
  using enum Place;
  const std::vector<Kind> mending{{"ftruncate", blocks}, {"fdatasync", blocks},
                                  {"write", ledger},     {"fdatasync", ledger},
                                  {"pwrite64", journal}, {"pwrite64", guard}};
  for (const Kind& kind : mending) {
    for (const Effect effect : {Effect::io_error, Effect::no_space, Effect::kill}) {
      for (std::uint32_t when = 1; when <= (kind.call == "ftruncate" ? 1 : 3); ++when) {
        cases.push_back({Home::used, {torn_block(1), {kind.call, kind.place, effect, when}}});
        cases.push_back(
            {Home::used,
             {{"fdatasync", ledger, Effect::kill, 5}, {kind.call, kind.place, effect, when}}});
      }
    }
  }
}

// What became of the cases, by kind of fault.
class Tally {
 public:
  void add(const Case& chosen, const Outcome& outcome) {
    const Fault& fault = chosen.lives.back();
    const std::string row = fault.call + " " + std::string(to_string(fault.effect)) + " " +
                            std::string(to_string(fault.place)) +
                            (chosen.lives.size() > 1 ? " (while recovering)" : "");
    ++rows_[row][outcome.ends.back() + ", " + outcome.recovery];
    not_reached_ += static_cast<int>(std::ranges::count(outcome.ends, "not reached"));
    for (const std::string& sentence : outcome.sentences) ++sentences_[without_digits(sentence)];
  }
  // Lives that went by before their fault's call came.
  int not_reached() const { return not_reached_; }
  void print() const {
    for (const auto& [row, ends] : rows_) {
      std::cout << row << ":";
      for (const auto& [end, count] : ends) std::cout << "  " << count << " x " << end;
      std::cout << '\n';
    }
    for (const auto& [sentence, count] : sentences_) {
      std::cout << count << " x \"" << sentence << "\"\n";
    }
  }

 private:
  static std::string without_digits(std::string text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::ranges::replace_if(text, is_digit, '#');
    return text;
  }
  std::map<std::string, std::map<std::string, int>> rows_;
  std::map<std::string, int> sentences_;
  int not_reached_ = 0;
};

class CrashPoints : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* binary = std::getenv("TREEPROOF_BINARY");
    if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    turn_leak_checks_off();
    const std::string why = why_no_strace(std::filesystem::temp_directory_path());
    if (!why.empty()) GTEST_SKIP() << why;
    consortium_.emplace(binary);
    consortium_->record();
  }
  void survive_all(const std::vector<Case>& cases) {
    std::uint32_t done = 0;
    for (const Case& chosen : cases) {
      const auto begin = std::chrono::steady_clock::now();
      const Outcome outcome = survive(*consortium_, chosen);
      const auto took = std::chrono::steady_clock::now() - begin;
      tally_.add(chosen, outcome);
      std::cout << ++done << "/" << cases.size() << " " << to_string(chosen) << ": "
                << outcome.ends.back() << " in \"" << outcome.hits.back() << "\", "
                << outcome.recovery << ", "
                << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms"
                << std::endl;
      if (outcome.recovery == "none") break;  // nothing to go on with
      if (done % kStoreCheckEvery == 0) expect_a_whole_store();
    }
    expect_a_whole_store();
    tally_.print();
  }
  void expect_a_whole_store() {
    Victim& victim = consortium_->victim();
    EXPECT_EQ(victim.stop(), "exit 0");
    consortium_->begin_life();
    EXPECT_EQ(victim.check_store(), 0) << victim.printed();
    recover(*consortium_);
  }
  std::optional<Consortium> consortium_;
  Tally tally_;
};

TEST_F(CrashPoints, ADozenOverAllPlacesAreSurvived) {
  survive_all(a_dozen());
  EXPECT_EQ(tally_.not_reached(), 0) << "a fault that is never dealt tests nothing";
}

TEST_F(CrashPoints, EveryCallOfANodeMayBeItsLast) {
  const char* wanted = std::getenv("TREEPROOF_CRASH_POINTS");
  if (wanted == nullptr || std::string_view(wanted) != "all") {
    GTEST_SKIP() << "half an hour or more: set TREEPROOF_CRASH_POINTS=all (docs/testing.md)";
  }
  std::vector<Case> cases;
  enumerate(measure(*consortium_, Home::empty), Home::empty, 3, cases);
  enumerate(measure(*consortium_, Home::used), Home::used, 1, cases);
  enumerate_recoveries(cases);
  survive_all(cases);
}

}  // namespace
}  // namespace treeproof::crash_points
