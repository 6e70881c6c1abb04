#include <gtest/gtest.h>

#include "tests/tidy/outline.h"
#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

std::string repeated(std::string_view line, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += line;
  return text;
}

std::size_t count_long_functions(const std::string& text) {
  return check_function_lengths({make_file("node/a.cpp", text)}).size();
}

TEST(FileSizes, AreBounded) {
  EXPECT_TRUE(check_file_sizes({make_file("crypto/a.h", repeated("\n", 150))}).empty());
  EXPECT_FALSE(check_file_sizes({make_file("crypto/a.h", repeated("\n", 151))}).empty());
  EXPECT_TRUE(check_file_sizes({make_file("tests/a.cpp", repeated("\n", 400))}).empty());
  EXPECT_FALSE(check_file_sizes({make_file("tests/a.cpp", repeated("\n", 401))}).empty());
}

TEST(FunctionLengths, AreBoundedAt70Lines) {
  const std::string open = "namespace a {\nint f() {\n";
  EXPECT_EQ(count_long_functions(open + repeated("  g();\n", 68) + "}\n}\n"), 0u);
  EXPECT_EQ(count_long_functions(open + repeated("  g();\n", 69) + "}\n}\n"), 1u);
}

TEST(FunctionLengths, SeeEveryKindOfFunction) {
  const std::string body = repeated("  if (a < b) { g({1, 2}); }\n", 71) + "}\n";
  EXPECT_EQ(count_long_functions("TEST(Vote, CountsOnce) {\n" + body), 1u);
  EXPECT_EQ(count_long_functions("struct S {\n  int f() const override {\n" + body + "};\n"), 1u);
  EXPECT_EQ(count_long_functions("A::A(int b) : b_{b}, c_(1) {\n" + body), 1u);
  EXPECT_EQ(count_long_functions("bool operator==(const A& a, const A& b) {\n" + body), 1u);
  EXPECT_EQ(count_long_functions("template <typename T = int>\nauto f(T t) -> B<T> {\n" + body),
            1u);
  EXPECT_EQ(count_long_functions("const auto kRun = [](int a, int b) {\n" + body + ";\n"), 1u);
  EXPECT_EQ(count_long_functions("extern \"C\" {\nint f(int a, int b) {\n" + body + "}\n"), 1u);
}

TEST(FunctionLengths, DoNotCountTypesTablesAndNamespaces) {
  EXPECT_EQ(count_long_functions("struct S {\n" + repeated("  int f();\n", 90) + "};\n"), 0u);
  EXPECT_EQ(count_long_functions("namespace a {\n" + repeated("int f();\n", 90) + "}\n"), 0u);
  EXPECT_EQ(count_long_functions("const Map kTable = {\n" + repeated("{1, f(2)},\n", 90) + "};\n"),
            0u);
  EXPECT_EQ(count_long_functions("enum class A : int {\n" + repeated("b,\n", 90) + "};\n"), 0u);
}

TEST(FunctionLengths, AreNotFooledByBracesInTextAndComments) {
  const std::string text = "int f() {\n  g(\"{\", '{', R\"({{)\");  // {\n  n = 1'000 + '{';\n}\n";
  EXPECT_EQ(count_long_functions(text + repeated("int h();\n", 90)), 0u);
  EXPECT_EQ(count_long_functions("#define OPEN \\\n  {\nint f() {}\n" + repeated("int h();\n", 90)),
            0u);
}

TEST(Outline, NamesLinesAndScopes) {
  const auto pieces = outline_of("namespace a {\nint x;\n\nint f() {\n  g();\n}\n}\n");
  ASSERT_EQ(pieces.size(), 4u);
  EXPECT_EQ(pieces[0].head, "int x");
  EXPECT_EQ(pieces[1].scope, Scope::function);
  EXPECT_EQ(pieces[2].head, "int f()");
  EXPECT_EQ(pieces[2].first_line, 4u);
  EXPECT_EQ(pieces[2].last_line, 6u);
  EXPECT_EQ(pieces[3].body, Body::space);
}

TEST(LineLengths, AreBoundedAt100Columns) {
  const std::string ok(100, 'x');
  EXPECT_TRUE(check_line_lengths({make_file("tests/a.cpp", ok + "\n")}).empty());
  EXPECT_FALSE(check_line_lengths({make_file("tests/a.cpp", ok + "x\n")}).empty());
  EXPECT_TRUE(check_line_lengths({make_file("README.md", ok + "x\n")}).empty());
  EXPECT_TRUE(check_line_lengths({make_file("crypto/a.h", repeated("\u6811", 100))}).empty());
  EXPECT_FALSE(check_line_lengths({make_file("crypto/a.cpp", "\tint x;\n")}).empty());
}

TEST(HeaderOpenings, AreACommentOfTwoLinesThenPragmaOnce) {
  const auto holds = [](std::string text) {
    return check_header_openings({make_file("crypto/a.h", std::move(text))}).empty();
  };
  EXPECT_TRUE(holds("// What it is.\n// Who calls it.\n#pragma once\n"));
  EXPECT_TRUE(holds("// What it is.\n// Who calls it.\n\n#pragma once\n"));
  EXPECT_FALSE(holds("// What it is.\n#pragma once\n"));
  EXPECT_FALSE(holds("#pragma once\n// What it is.\n// Who calls it.\n"));
  EXPECT_FALSE(holds("// What it is.\n// Who calls it.\n#include <span>\n#pragma once\n"));
  EXPECT_FALSE(holds("// What it is.\n// Who calls it.\n"));
  EXPECT_TRUE(holds("// What it is.\n//\n// Who calls it.\n#pragma once\n"));
  EXPECT_FALSE(holds("//\n//\n#pragma once\n"));
}

TEST(Assertions, AreKeptByAGuard) {
  const std::string guard = "#ifdef NDEBUG\n#error \"keep assertions\"\n#endif\n";
  EXPECT_TRUE(check_assertions_kept({make_file("crypto/bytes.h", guard)}).empty());
  EXPECT_FALSE(check_assertions_kept({make_file("crypto/bytes.h", "// " + guard)}).empty());
  EXPECT_FALSE(check_assertions_kept({}).empty());
}

}  // namespace
}  // namespace treeproof::tidy
