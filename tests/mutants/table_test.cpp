#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/mutants/table.h"

namespace treeproof::mutants {
namespace {

std::string row(const std::string& name, const std::string& code, const std::string& becomes) {
  return "mutant " + name + "\nrule 7 19\ndoes Something.\nseen https://example.org/1\n" +
         "in a.cpp\ncode " + code + "\nbecomes " + becomes + "\ncaught Some.Test\n";
}

std::string copy_of(const std::string& table, const std::string& source) {
  const auto mutants = parse_table(table);
  EXPECT_TRUE(mutants.has_value()) << mutants.error();
  const auto copy = mutated_copy("a.cpp", source, *mutants);
  return copy ? *copy : "refused: " + copy.error();
}

std::vector<Mutant> own_table() {
  std::ostringstream text;
  text << std::ifstream("tests/mutants/table.txt").rdbuf();
  const auto mutants = parse_table(text.str());
  EXPECT_TRUE(mutants.has_value()) << mutants.error();
  return mutants.value_or(std::vector<Mutant>{});
}

TEST(MutantsTable, IsReadWordByWord) {
  const auto mutants = parse_table("# a comment\n\n" + row("one", "a < b", "(MUTANT || ORIGINAL)"));
  ASSERT_TRUE(mutants.has_value()) << mutants.error();
  ASSERT_EQ(mutants->size(), 1u);
  const Mutant& one = mutants->front();
  EXPECT_EQ(one.number, 1);
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.rules, (std::vector{7, 19}));
  EXPECT_EQ(one.seen, std::vector<std::string>{"https://example.org/1"});
  EXPECT_EQ(one.edits.front().code, "a < b");
  EXPECT_EQ(one.caught, "Some.Test");
  EXPECT_EQ(one.profile, "mixed");
}

TEST(MutantsTable, RefusesWhatIsMissingDoubledOrUnknown) {
  const std::string whole = row("one", "x", "MUTANT");
  EXPECT_FALSE(parse_table("").has_value());
  EXPECT_FALSE(parse_table("rule 1\n").has_value());
  EXPECT_FALSE(parse_table(whole + whole).has_value());
  EXPECT_FALSE(parse_table(whole + "colour blue\n").has_value());
  EXPECT_FALSE(parse_table(whole + "does Something else.\n").has_value());
  EXPECT_FALSE(parse_table(whole + "rule 31\n").has_value());
  EXPECT_FALSE(parse_table(row("one", "x", "no switch in it")).has_value());
  for (const std::string key : {"rule", "does", "seen", "code", "becomes", "caught"}) {
    const std::size_t at = whole.find(key + " ");
    std::string cut = whole;
    cut.erase(at, whole.find('\n', at) - at + 1);
    EXPECT_FALSE(parse_table(cut).has_value()) << key;
  }
}

TEST(MutantsTable, ACopyHoldsTheOriginalBehindTheSwitch) {
  const std::string copy =
      copy_of(row("one", "a < b", "(MUTANT || ORIGINAL)"), "if (a < b) x();\n");
  EXPECT_TRUE(copy.ends_with("if ((::treeproof::mutants::is_active(1) || a < b)) x();\n")) << copy;
}

TEST(MutantsTable, TwoMutantsMayChangeTheSameCode) {
  const std::string table =
      row("one", "a < b", "(MUTANT || ORIGINAL)") + row("two", "a < b", "(!MUTANT && ORIGINAL)");
  const std::string copy = copy_of(table, "a < b");
  EXPECT_TRUE(
      copy.ends_with("(!::treeproof::mutants::is_active(2) && "
                     "(::treeproof::mutants::is_active(1) || a < b))"))
      << copy;
}

TEST(MutantsTable, CodeThatIsNotThereOnceOrOverlapsIsRefusedByName) {
  const std::string one = row("one", "a < b", "MUTANT");
  EXPECT_NE(copy_of(one, "a > b").find("refused: the mutant one"), std::string::npos);
  EXPECT_NE(copy_of(one, "a < b, a < b").find("refused: the mutant one"), std::string::npos);
  EXPECT_NE(copy_of(one + row("two", "< b", "MUTANT"), "a < b").find("refused: the mutant two"),
            std::string::npos);
}

TEST(MutantsTable, HasFortyMutantsAndOneOfEachRule) {
  const std::vector<Mutant> mutants = own_table();
  EXPECT_GE(mutants.size(), 40u);
  std::set<int> rules;
  for (const Mutant& mutant : mutants) rules.insert(mutant.rules.begin(), mutant.rules.end());
  EXPECT_EQ(rules.size(), 30u);
}

}  // namespace
}  // namespace treeproof::mutants
