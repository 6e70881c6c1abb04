// The reasons, their page for people and their tests name the same things.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "consensus/ledger/reason.h"

namespace treeproof::vectors {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The names in the first column of the page's tables, as far as the ledger's reasons go.
std::set<std::string> documented() {
  std::istringstream page(text_of("docs/refusals.md"));
  std::set<std::string> names;
  for (std::string line; std::getline(page, line) && line != "## Rows that an import leaves out";) {
    if (!line.starts_with("| `")) continue;
    const std::string name = line.substr(3, line.find('`', 3) - 3);
    EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
  }
  return names;
}

std::set<std::string> listed() {
  std::set<std::string> names;
  for (const auto reason : ledger::all_reasons()) names.emplace(ledger::name(reason));
  return names;
}

// The tests of the pure code, one after the other. The second ledger's are left out: it only says
// what it expects.
std::string tests() {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("tests/unit/consensus")) {
    const std::filesystem::path& path = entry.path();
    const bool is_model = path.parent_path().filename() == "model";
    if (path.extension() == ".cpp" && !is_model) all += text_of(path);
  }
  return all;
}

bool is_part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// From the end of the statement or block before it.
bool is_in_assertion(const std::string& text, std::size_t at) {
  std::size_t start = 0;
  for (const std::string_view end : {";", "{\n", "}\n"}) {
    const std::size_t before = text.rfind(end, at);
    if (before != std::string::npos) start = std::max(start, before);
  }
  const std::string statement = text.substr(start, at - start);
  return statement.find("EXPECT_EQ(") != std::string::npos ||
         statement.find("ASSERT_EQ(") != std::string::npos;
}

// Whether a test compares what it got with this reason: to name it is not enough.
bool asserts_reason(const std::string& text, const std::string& name) {
  const std::string wanted = "Reason::" + name;
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool is_whole = end == text.size() || !is_part_of_name(text[end]);
    if (is_whole && is_in_assertion(text, at)) return true;
  }
  return false;
}

TEST(Refusals, OfThePageAreThoseOfTheTable) {
  const std::set<std::string> page = documented();
  const std::set<std::string> table = listed();
  for (const std::string& name : table) {
    EXPECT_TRUE(page.contains(name)) << name << " is missing in docs/refusals.md";
  }
  for (const std::string& name : page) {
    EXPECT_TRUE(table.contains(name)) << name << " is no reason of reasons.inc";
  }
}

TEST(Refusals, AreNotTriggeredByATestThatOnlyNamesThem) {
  EXPECT_TRUE(asserts_reason("  EXPECT_EQ(refused(plot),\n            Reason::empty);", "empty"));
  EXPECT_FALSE(asserts_reason("  EXPECT_EQ(a, b);\n  rows.insert(Reason::empty);", "empty"));
  EXPECT_FALSE(asserts_reason("  EXPECT_EQ(found, Reason::empty_list);", "empty"));
}

TEST(Refusals, AreEachTriggeredByATest) {
  const std::string all = tests();
  for (const std::string& name : listed()) {
    EXPECT_TRUE(asserts_reason(all, name))
        << "no test of tests/unit/consensus gets Reason::" << name;
  }
}

}  // namespace
}  // namespace treeproof::vectors
