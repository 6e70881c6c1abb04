// The reasons, their page for people and their tests name the same things.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

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

// The tests of the pure code, one after the other.
std::string tests() {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("tests/unit/consensus")) {
    if (entry.path().extension() == ".cpp") all += text_of(entry.path());
  }
  return all;
}

bool is_part_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

bool names_reason(const std::string& text, const std::string& name) {
  const std::string wanted = "Reason::" + name;
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    if (end == text.size() || !is_part_of_name(text[end])) return true;
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

TEST(Refusals, AreEachTriggeredByATest) {
  const std::string all = tests();
  for (const std::string& name : listed()) {
    EXPECT_TRUE(names_reason(all, name))
        << "no test of tests/unit/consensus names Reason::" << name;
  }
}

}  // namespace
}  // namespace treeproof::vectors
