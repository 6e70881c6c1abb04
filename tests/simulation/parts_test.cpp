// The simulator's own parts: a simulator that sees nothing would find nothing.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "tests/simulation/agenda.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/invariants.h"
#include "tests/simulation/network.h"
#include "tests/simulation/trace.h"

namespace treeproof::simulation {
namespace {

TEST(Agenda, TakesWhatIsDueFirstAndKeepsTheOrderOfEqualTimes) {
  Agenda agenda;
  std::string said;
  agenda.at(20, [&] { said += "c"; });
  agenda.at(10, [&] { said += "a"; });
  agenda.at(10, [&] { said += "b"; });
  while (!agenda.empty()) agenda.take_next()();
  EXPECT_EQ(said, "abc");
}

TEST(Network, PartsConnectsAndLosesInOneDirection) {
  Network network;
  network.part({{"b", 1}});
  EXPECT_FALSE(network.connected("a", "b"));
  EXPECT_TRUE(network.connected("a", "c"));
  network.heal();
  network.lose_all("a", "b");
  EXPECT_TRUE(network.connected("a", "b"));
  EXPECT_FALSE(network.carries("a", "b"));
  EXPECT_TRUE(network.carries("b", "a"));
  network.hang_up("c", "b");
  EXPECT_FALSE(network.connected("b", "c"));
  network.call_again("b", "c");
  EXPECT_TRUE(network.connected("b", "c"));
}

class DiskTest : public testing::Test {
 protected:
  DiskTest()
      : disk_(Consortium::of(4).empty_store(), Consortium::of(4).member("platform").node_key) {
    for (std::uint8_t i = 0; i < 4; ++i) {
      disk_.unsynced.push_back({Height{1}, i, crypto::Bytes(20, i)});
      if (i == 1) disk_.sync();
    }
  }
  Disk disk_;
};

TEST_F(DiskTest, ACrashLosesWhatWasNotSynced) {
  EXPECT_TRUE(disk_.crash(JournalFault::none, [](std::uint64_t) { return 0; }));
  EXPECT_EQ(disk_.journal.size(), 2u);
  EXPECT_TRUE(disk_.unsynced.empty());
}

// [rule 23] Whatever was written of the slot, the guard is at what was signed before, or at it.
TEST_F(DiskTest, ATornSlotOfTheGuardIsTheOneOrTheOther) {
  const auto signs = [](bft::GuardState state, std::uint64_t height) {
    state.record({Height{height}, Round{0}, bft::SignStep::prevote, {}}, crypto::Signature{7});
    return state;
  };
  std::set<std::uint64_t> heights;
  for (std::uint64_t bytes = 0; bytes < 192; ++bytes) {
    Guard guard;
    guard.write(signs(guard.state(), 1));
    guard.write(signs(guard.state(), 2));
    guard.tear(signs(guard.state(), 3), bytes);
    heights.insert(guard.state().height().value);
    guard.write(signs(guard.state(), 4));
    EXPECT_EQ(guard.state().height(), Height{4});
  }
  EXPECT_EQ(heights, (std::set<std::uint64_t>{2, 3}));
}

TEST_F(DiskTest, ATornTailIsCut) {
  EXPECT_TRUE(disk_.crash(JournalFault::torn, [](std::uint64_t below) { return below - 5; }));
  EXPECT_EQ(disk_.journal.size(), 3u);
}

TEST_F(DiskTest, AWriteOverWhatWasDurableIsFound) {
  EXPECT_FALSE(disk_.crash(JournalFault::misdirected, [](std::uint64_t) { return 30; }));
}

class InvariantsTest : public testing::Test {
 protected:
  static bft::SignRequest prevote(std::string_view what) {
    return {Height{3}, Round{1}, bft::SignStep::prevote, crypto::sha256(crypto::as_bytes(what))};
  }
  Invariants invariants_{Consortium::of(4), {"verifier"}};
};

TEST_F(InvariantsTest, TwoSignaturesForOneStepAreSeen) {
  invariants_.signs("platform", prevote("a"));
  invariants_.signs("platform", prevote("a"));
  invariants_.signs("verifier", prevote("a"));
  invariants_.signs("verifier", prevote("b"));  // is Byzantine
  EXPECT_EQ(invariants_.violation(), std::nullopt);
  invariants_.signs("platform", prevote("b"));
  EXPECT_TRUE(invariants_.violation()->starts_with("double signature"));
}

TEST_F(InvariantsTest, ARestoredNodeIsJudgedByWhatOthersHold) {
  invariants_.restored("platform");
  invariants_.signs("platform", prevote("a"));
  invariants_.signs("platform", prevote("b"));
  EXPECT_EQ(invariants_.violation(), std::nullopt);
  bft::Vote vote{bft::VoteType::prevote, Height{3}, Round{1}, {}, kNoRound, "platform", {}, {}};
  for (const char* by : {"desert-ngo", "river-ngo", "verifier"})
    invariants_.received(by, Height{2}, vote);
  bft::Vote other = vote;
  other.signature[0] = 1;
  invariants_.received("river-ngo", Height{2},
                       other);  // two correct ones held the first: not enough
  EXPECT_EQ(invariants_.violation(), std::nullopt);
  Invariants all_correct(Consortium::of(4), {});
  all_correct.restored("platform");
  for (const char* by : {"desert-ngo", "river-ngo", "verifier"})
    all_correct.received(by, Height{2}, vote);
  all_correct.received("river-ngo", Height{2}, other);
  EXPECT_TRUE(all_correct.violation()->starts_with("double signature"));
  invariants_.received("platform", Height{2}, {});
  vote.org = "river-ngo";
  other.org = "river-ngo";
  invariants_.received("platform", Height{2}, vote);
  invariants_.received("desert-ngo", Height{2}, other);  // never restored
  EXPECT_TRUE(invariants_.violation()->starts_with("double signature"));
}

TEST_F(InvariantsTest, AnAccusationOfACorrectNodeIsSeen) {
  bft::DoubleVote evidence;
  evidence.first.org = evidence.second.org = "verifier";
  invariants_.reported("platform", evidence);
  EXPECT_EQ(invariants_.violation(), std::nullopt);
  evidence.first.org = evidence.second.org = "river-ngo";
  invariants_.reported("platform", evidence);
  EXPECT_TRUE(invariants_.violation()->starts_with("accusation"));
}

TEST_F(InvariantsTest, AStatementThatWasAcknowledgedAndIsNotThereIsSeen) {
  invariants_.acknowledged({crypto::sha256(crypto::as_bytes("x")), Height{1}, 2, nullptr});
  invariants_.check_nothing_lost("platform", Consortium::of(4).empty_store());
  EXPECT_TRUE(invariants_.violation()->starts_with("loss"));
}

replica::ExecutedBlock allocating(std::vector<ledger::LinkRange> ranges) {
  replica::ExecutedBlock block;
  block.effects.links.push_back({{"platform/allocate"}, std::move(ranges)});
  return block;
}

TEST(Books, ALinkToNothingIsSeen) {
  Books books;
  const auto wrong = books.take(allocating({{{"platform/redeem"}, 0, {"desert-ngo/plant"}, 0, 1}}),
                                Consortium::of(4).empty_store());
  EXPECT_TRUE(wrong.has_value());
}

TEST(Trace, DrawsTheLastEventsAndHashesAll) {
  Trace trace(2);
  const auto payload = std::make_shared<const crypto::Bytes>(crypto::Bytes{0x07});
  const auto frame = std::make_shared<Frame>(std::uint8_t{1}, payload);
  trace.note(Happening::crashed, 1'000'000, "platform");
  trace.note_frame(Happening::received, 2'500'000, "platform", "verifier", frame);
  trace.note_frame(Happening::lost, 3'000'000, "verifier", "platform", frame);
  const std::string diagram = trace.diagram({"platform", "verifier"}, "chain", "the end");
  EXPECT_EQ(diagram,
            "sequenceDiagram\n"
            "  participant n0 as platform\n"
            "  participant n1 as verifier\n"
            "  n0->>n1: 2.5000 s: decided 7\n"
            "  n1--xn0: 3.0000 s: decided 7\n"
            "  Note over n0,n1: the end\n");
  Trace other(0);
  EXPECT_NE(trace.hash(), other.hash());
  EXPECT_EQ(trace.count(), 3u);
}

}  // namespace
}  // namespace treeproof::simulation
