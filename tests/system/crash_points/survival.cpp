#include "tests/system/crash_points/survival.h"

#include <array>

namespace treeproof::crash_points {

namespace {

constexpr int kRoundsMax = 8;  // of records, until a fault must have been reached
constexpr auto kMoment = std::chrono::milliseconds(300);
constexpr std::string_view kStoreCheck = "`treeproof store check`";

void expect_no_bug(const Victim& victim) {
  const std::string text = victim.printed();
  for (const char* sign : {"AddressSanitizer", "runtime error", "Assertion", "terminate called"}) {
    EXPECT_EQ(text.find(sign), std::string::npos) << text;
  }
}

// A fault ends a node as docs/running.md says, or does not end it.
void expect_a_named_end(const Victim& victim, const std::string& end) {
  if (end == "exit 2" || end == "SIGKILL") return;
  EXPECT_EQ(end, "SIGABRT") << victim.printed();
  EXPECT_NE(victim.printed().find(kStoreCheck), std::string::npos) << victim.printed();
}

// Records go on at all doors until the fault has done its work.
std::string live_through(Consortium& consortium, const Fault& fault, Outcome& outcome) {
  Victim& victim = consortium.victim();
  victim.start(fault);
  victim.wait_until_ready();  // a slow start must not use up the rounds
  bool is_hit = !victim.trace().hit.empty();
  for (int round = 0; round < kRoundsMax && !is_hit && !victim.ended(); ++round) {
    if (round == 1) consortium.record_with_attachment();
    consortium.record();
    // One that has fallen behind catches up first: the rounds are for what it does, not for time.
    if (!consortium.record_at_victim()) victim.wait_until_ready();
    is_hit = !victim.trace().hit.empty();
  }
  if (is_hit) victim.wait(kMoment);
  std::optional<std::string> ended = victim.ended();
  if (!ended) {
    if (is_hit) consortium.record_at_victim();
    ended = victim.stop();
    // It may have been on its way to an end of its own, which on a busy machine takes a while.
    if (ended == "exit 0") ended = is_hit ? "went on" : "not reached";
  }
  const std::string end = ended.value_or("does not stop");
  if (end != "went on" && end != "not reached") {
    expect_a_named_end(victim, end);
    if (end != "SIGKILL") outcome.sentences.push_back(victim.last_line());
  }
  expect_no_bug(victim);
  outcome.hits.push_back(victim.trace().hit);
  return end;
}

}  // namespace

std::string to_string(const Case& chosen) {
  std::string text = chosen.home == Home::empty ? "from nothing" : "";
  for (const Fault& fault : chosen.lives) text += (text.empty() ? "" : ", ") + to_string(fault);
  return text;
}

std::string recover(Consortium& consortium) {
  Victim& victim = consortium.victim();
  std::string recovery = "unaided";
  victim.start();
  auto end = victim.wait_until_ready();
  if (end && *end != "ready") {
    EXPECT_NE(victim.printed().find(kStoreCheck), std::string::npos) << victim.printed();
    EXPECT_EQ(victim.check_store(), 1) << victim.printed();
    recovery = kStoreCheck;
    victim.wipe();
    victim.start();
    end = victim.wait_until_ready();
  }
  EXPECT_EQ(end, "ready") << victim.printed();
  if (end != "ready") return "none";
  consortium.record();
  EXPECT_TRUE(consortium.record_at_victim());
  EXPECT_TRUE(consortium.all_agree());
  EXPECT_TRUE(consortium.victim_votes_again());
  EXPECT_TRUE(consortium.signed_nothing_twice());
  expect_no_bug(victim);
  return recovery;
}

Outcome survive(Consortium& consortium, const Case& chosen) {
  SCOPED_TRACE(to_string(chosen));
  Victim& victim = consortium.victim();
  Outcome outcome;
  EXPECT_EQ(victim.stop(), "exit 0") << victim.printed();
  consortium.begin_life();
  if (chosen.home == Home::empty) victim.wipe();
  for (const Fault& fault : chosen.lives) {
    outcome.ends.push_back(live_through(consortium, fault, outcome));
    consortium.begin_life();
  }
  outcome.recovery = recover(consortium);
  return outcome;
}

Trace measure(Consortium& consortium, Home home) {
  Victim& victim = consortium.victim();
  EXPECT_EQ(victim.stop(), "exit 0") << victim.printed();
  consortium.begin_life();
  if (home == Home::empty) victim.wipe();
  victim.start_watched();
  EXPECT_EQ(victim.wait_until_ready(), "ready") << victim.printed();
  consortium.record_with_attachment();
  consortium.record();
  EXPECT_EQ(victim.wait_until_ready(), "ready") << victim.printed();
  EXPECT_TRUE(consortium.record_at_victim());
  EXPECT_TRUE(consortium.all_agree());
  EXPECT_EQ(victim.stop(), "exit 0") << victim.printed();
  consortium.begin_life();
  const Trace trace = victim.trace();
  recover(consortium);
  return trace;
}

}  // namespace treeproof::crash_points
