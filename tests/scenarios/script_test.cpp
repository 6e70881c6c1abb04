#include <gtest/gtest.h>

#include "tests/scenarios/player.h"

namespace treeproof::scenarios {
namespace {

std::string error_of(const std::string& text) {
  const auto script = parse_script(text);
  if (script) return "none";
  return std::to_string(script.error().line) + ": " + script.error().what;
}

TEST(Script, SaysWhereItIsWrong) {
  EXPECT_EQ(error_of("validators 4\nexpect a undecided\n"), "none");
  EXPECT_EQ(error_of("validators 4\n\n# words\njump\nexpect a undecided\n"), "4: unknown sentence");
  EXPECT_EQ(error_of("expect a undecided\n"), "1: expected `validators`");
  EXPECT_EQ(error_of("validators 3\n"), "1: 4 to 7 validators");
  EXPECT_EQ(error_of("validators 4\nexpect a locked X\n"), "2: expected `in`");
  EXPECT_EQ(error_of("validators 4\nexpect a locked x in round 0\n"),
            "2: expected a block (a word with a capital) instead of `x`");
  EXPECT_EQ(error_of("validators 4\ntimeout propose e\n"), "2: expected a validator");
  EXPECT_EQ(error_of("validators 4\nheal now\n"), "2: surplus word `now`");
  EXPECT_EQ(error_of("validators 4\ntimeout lunch a\n"), "2: unexpected `lunch`");
  EXPECT_EQ(error_of("validators 4\nd prevotes X in round one to a\n"),
            "2: expected a number instead of `one`");
  EXPECT_EQ(error_of("validators 4\npartition a b c d\n"), "2: a partition has two sides or more");
  EXPECT_EQ(error_of("validators 4\nheal\n"), "2: nothing is expected");
}

std::optional<Failure> outcome(const std::string& text) {
  const auto script = parse_script("validators 4\n" + text);
  if (!script) return Failure{script.error().line, script.error().what, {}};
  return play(*script);
}

TEST(Player, NamesTheLineAndDrawsWhatHappened) {
  const auto failure = outcome("a proposes X\ndeliver\nexpect a undecided\n");
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->line, 4u);
  EXPECT_TRUE(failure->what.starts_with("not so for a: "));
  EXPECT_TRUE(failure->diagram.starts_with("sequenceDiagram\n  participant a\n"));
  EXPECT_TRUE(failure->diagram.contains("a->>b: proposal X 0\n"));
}

TEST(Player, RefusesImpossibleSteps) {
  EXPECT_EQ(outcome("b proposes X\nexpect a undecided\n")->what, "b has nothing to propose now");
  EXPECT_EQ(outcome("timeout prevote b\nexpect a undecided\n")->what, "b has no such timer");
  EXPECT_EQ(outcome("d prevotes X in round 0 to a\nexpect a undecided\n")->what,
            "d is correct and does not sign at will");
  EXPECT_EQ(outcome("drop prevote\nexpect a undecided\n")->what,
            "there is no such message to drop");
  EXPECT_EQ(outcome("byzantine d\nexpect d undecided\n")->what, "d is Byzantine");
}

}  // namespace
}  // namespace treeproof::scenarios
