#include <gtest/gtest.h>

#include <fstream>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

bool is_good_path(std::string path) {
  return check_file_names({make_file(std::move(path), "")}).empty();
}

bool is_good_code(Findings (*rule)(const Tree&), std::string text) {
  return rule({make_file("node/a.cpp", std::move(text))}).empty();
}

TEST(FileNames, SayWhatIsInThem) {
  EXPECT_TRUE(is_good_path("crypto/base45.cpp"));
  EXPECT_TRUE(is_good_path("node/store/database.h"));
  EXPECT_FALSE(is_good_path("node/util/a.cpp"));
  EXPECT_FALSE(is_good_path("node/string_utils.h"));
  EXPECT_FALSE(is_good_path("node/common.cpp"));
  EXPECT_FALSE(is_good_path("node/peer_manager.cpp"));
  EXPECT_FALSE(is_good_path("tests/unit/test-helpers.ts"));
  EXPECT_FALSE(is_good_path("explorer/src/Misc.tsx"));
}

TEST(Identifiers, SayWhatTheyName) {
  EXPECT_TRUE(is_good_code(check_identifiers, "class VoteTally; void implement();"));
  EXPECT_FALSE(is_good_code(check_identifiers, "class StoreImpl;"));
  EXPECT_FALSE(is_good_code(check_identifiers, "struct Impl;"));
  EXPECT_FALSE(is_good_code(check_identifiers, "auto self = shared_from_this();"));
  EXPECT_FALSE(is_good_code(check_identifiers, "std::recursive_mutex mutex_;"));
  EXPECT_TRUE(is_good_code(check_identifiers, "// no StoreImpl here\n"));
}

TEST(BoolRows, AreRefused) {
  EXPECT_TRUE(is_good_code(check_bool_rows, "void f(bool a, int b, bool c);"));
  EXPECT_TRUE(is_good_code(check_bool_rows, "bool f(bool a);\nbool g(bool b);"));
  EXPECT_FALSE(is_good_code(check_bool_rows, "void f(bool a, bool b);"));
  EXPECT_FALSE(is_good_code(check_bool_rows, "void f(int a, bool b,\n       bool c);"));
}

TEST(UnfinishedMarks, AreRefusedInCodeAndComments) {
  const std::string mark = std::string("TO") + "DO";
  EXPECT_FALSE(is_good_code(check_unfinished_marks, "// " + mark + ": later\n"));
  EXPECT_FALSE(is_good_code(check_unfinished_marks, std::string("// FIX") + "ME\n"));
  EXPECT_TRUE(is_good_code(check_unfinished_marks, "mkdtemp(\"/tmp/aXXXXXX\"); method_list();"));
  EXPECT_FALSE(check_unfinished_marks({make_file("README.md", mark)}).empty());
}

TEST(AbsolutePaths, OfOneMachineAreRefused) {
  const std::string folder = std::string("/wo") + "rk";
  EXPECT_FALSE(is_good_code(check_absolute_paths, "open(\"" + folder + "/shared\");"));
  EXPECT_FALSE(is_good_code(check_absolute_paths, "cd(\"" + folder + "\");"));
  EXPECT_TRUE(is_good_code(check_absolute_paths, "get(\"" + folder + "ers\");"));
  EXPECT_TRUE(is_good_code(check_absolute_paths, "open(\"a" + folder + "/b\");"));
}

TEST(CitedPages, AreThere) {
  const std::string folder = std::string("do") + "cs/";
  const SourceFile page = make_file(folder + "api.md", "the page");
  const SourceFile good = make_file("rpc/a.h", "// Source: " + folder + "api.md section 2.\n");
  const SourceFile bad = make_file("rpc/b.h", "\n// Source: " + folder + "old-api.md.\n");
  EXPECT_TRUE(check_cited_pages({page, good}).empty());
  const Findings findings = check_cited_pages({page, good, bad});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].path, "rpc/b.h");
  EXPECT_EQ(findings[0].line, 2u);
}

TEST(LoadedTree, LeavesOutBuildOutputAndPackages) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(testing::TempDir()) / "treeproof_tidy_tree";
  fs::remove_all(root);
  for (const char* folder : {"crypto", "build/dev", "explorer/node_modules/x", ".git"}) {
    fs::create_directories(root / folder);
    std::ofstream(root / folder / "a.cpp") << "int x = 'a';  // b\n";
  }
  const Tree tree = load_tree(root);
  fs::remove_all(root);
  ASSERT_EQ(tree.size(), 1u);
  EXPECT_EQ(tree[0].path, "crypto/a.cpp");
  EXPECT_EQ(tree[0].code, "int x = ' ';      \n");
}

}  // namespace
}  // namespace treeproof::tidy
