// The architecture as a unit test: every rule of rules.h on the repository itself.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

const Tree& repository() {
  static const Tree tree = load_tree(std::filesystem::current_path());
  return tree;
}

void expect_none(const Findings& findings) {
  EXPECT_TRUE(findings.empty()) << findings.size() << " finding(s):\n" << to_text(findings);
}

TEST(House, IsReadFromItsRoot) {
  ASSERT_TRUE(std::filesystem::exists("CMakePresets.json")) << "run the test from the root";
  std::size_t cpp_files = 0;
  for (const SourceFile& file : repository()) cpp_files += file.is_cpp() ? 1 : 0;
  EXPECT_GT(cpp_files, 10u);
}

TEST(House, HasNoCodeOutsideThePlan) { expect_none(check_closed_folders(repository())); }
TEST(House, IncludesPointDown) { expect_none(check_include_directions(repository())); }
TEST(House, IncludesFormNoCircle) { expect_none(check_include_circles(repository())); }
TEST(House, LibrariesStayBehindTheirWalls) { expect_none(check_third_party_walls(repository())); }
TEST(House, BeastIsCompiledOnce) { expect_none(check_one_beast_file(repository())); }
TEST(House, EveryFolderHasItsNamespace) { expect_none(check_namespaces(repository())); }

TEST(House, PureCodeIncludesNothingWorldly) { expect_none(check_pure_includes(repository())); }
TEST(House, PureCodeCallsNothingWorldly) { expect_none(check_pure_calls(repository())); }
TEST(House, PureCodeCountsInIntegers) { expect_none(check_no_floating_point(repository())); }
TEST(House, PureCodeKeepsNoMutableStatic) { expect_none(check_no_mutable_statics(repository())); }
TEST(House, PureCodeThrowsNothing) { expect_none(check_no_exceptions_thrown(repository())); }

TEST(House, FilesAreShort) { expect_none(check_file_sizes(repository())); }
TEST(House, FunctionsAreShort) { expect_none(check_function_lengths(repository())); }
TEST(House, LinesAreShort) { expect_none(check_line_lengths(repository())); }
TEST(House, HeadersOpenWithAComment) { expect_none(check_header_openings(repository())); }
TEST(House, AssertionsAreAlwaysOn) { expect_none(check_assertions_kept(repository())); }

TEST(House, FilesHaveTellingNames) { expect_none(check_file_names(repository())); }
TEST(House, IdentifiersHaveTellingNames) { expect_none(check_identifiers(repository())); }
TEST(House, BoolParametersStandAlone) { expect_none(check_bool_rows(repository())); }
TEST(House, NothingIsMarkedUnfinished) { expect_none(check_unfinished_marks(repository())); }
TEST(House, NoPathBelongsToOneMachine) { expect_none(check_absolute_paths(repository())); }
TEST(House, CitesPagesThatExist) { expect_none(check_cited_pages(repository())); }

// As [rule 17], [rules 27, 28] or [L28]: whoever reads a rule finds where it is carried out.
TEST(House, EveryRuleOfAgreementIsCitedWhereItIsCarriedOut) {
  std::set<std::string> cited;
  for (const SourceFile& file : repository()) {
    const bool carries_out = file.path.starts_with("consensus/") || file.path.starts_with("node/");
    if (!carries_out || !file.is_cpp()) continue;
    static const std::regex kCitation(R"(\[(?:rules? )([0-9, ]+)\]|\[(L[0-9L, ]+)\])");
    static const std::regex kNumber("L?[0-9]+");
    const auto end = std::sregex_iterator();
    for (std::sregex_iterator at(file.text.begin(), file.text.end(), kCitation); at != end; ++at) {
      const std::string numbers = at->str();
      for (std::sregex_iterator one(numbers.begin(), numbers.end(), kNumber); one != end; ++one) {
        cited.insert(one->str());
      }
    }
  }
  std::vector<std::string> wanted{"L22", "L28", "L34", "L36", "L44", "L47", "L49", "L55"};
  for (int rule = 1; rule <= 30; ++rule) wanted.push_back(std::to_string(rule));
  for (const std::string& rule : wanted) EXPECT_TRUE(cited.contains(rule)) << rule;
}

}  // namespace
}  // namespace treeproof::tidy
