#include <gtest/gtest.h>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

using Rule = Findings (*)(const Tree&);

std::size_t count(Rule rule, std::string path, std::string text) {
  return rule({make_file(std::move(path), std::move(text))}).size();
}

TEST(PureIncludes, RefuseClockThreadFileAndLog) {
  for (const char* header : {"thread", "mutex", "fstream", "iostream", "chrono", "random",
                             "filesystem", "ctime", "atomic", "cmath"}) {
    const std::string text = std::string("#include <") + header + ">\n";
    EXPECT_EQ(count(check_pure_includes, "crypto/a.h", text), 1u) << header;
    EXPECT_EQ(count(check_pure_includes, "consensus/bft/a.cpp", text), 1u) << header;
    EXPECT_EQ(count(check_pure_includes, "node/store/a.cpp", text), 0u) << header;
  }
  EXPECT_EQ(count(check_pure_includes, "crypto/a.cpp", "#include <vector>\n"), 0u);
  EXPECT_EQ(count(check_pure_includes, "crypto/a.cpp", "  #  include <thread>\n"), 1u);
  EXPECT_EQ(count(check_pure_includes, "crypto/a.cpp", "// #include <thread>\n"), 0u);
}

TEST(PureIncludes, RefuseUnorderedContainersInConsensus) {
  const std::string text = "#include <unordered_map>\n#include <unordered_set>\n";
  EXPECT_EQ(count(check_pure_includes, "consensus/ledger/a.h", text), 2u);
  EXPECT_EQ(count(check_pure_includes, "crypto/a.cpp", text), 0u);
}

TEST(PureCalls, RefuseQuestionsToTheWorld) {
  EXPECT_EQ(count(check_pure_calls, "crypto/a.cpp", "int x = rand();"), 1u);
  EXPECT_EQ(count(check_pure_calls, "crypto/a.cpp", "auto h = std::getenv(\"HOME\");"), 1u);
  EXPECT_EQ(count(check_pure_calls, "consensus/bft/a.cpp", "auto t = time(nullptr);"), 1u);
  EXPECT_EQ(count(check_pure_calls, "consensus/bft/a.cpp", "auto t = std::time(&now);"), 1u);
  EXPECT_EQ(count(check_pure_calls, "crypto/a.cpp", "RAND_bytes(out, 32);"), 1u);
  EXPECT_EQ(count(check_pure_calls, "consensus/bft/a.cpp", "printf (\"x\");"), 1u);
}

TEST(PureCalls, LetOurOwnNamesStand) {
  EXPECT_EQ(count(check_pure_calls, "consensus/a.cpp", "header.time();"), 0u);
  EXPECT_EQ(count(check_pure_calls, "consensus/a.cpp", "TimeMs time() const;"), 0u);
  EXPECT_EQ(count(check_pure_calls, "consensus/a.cpp", "operand(1); int rand = 2;"), 0u);
  EXPECT_EQ(count(check_pure_calls, "consensus/a.cpp", "// rand()\nf(\"rand()\");"), 0u);
  EXPECT_EQ(count(check_pure_calls, "node/a.cpp", "std::getenv(\"HOME\");"), 0u);
}

TEST(FloatingPoint, IsRefusedInPureCode) {
  EXPECT_EQ(count(check_no_floating_point, "consensus/a.cpp", "double share = 1;"), 1u);
  EXPECT_EQ(count(check_no_floating_point, "crypto/a.h", "float f();"), 1u);
  EXPECT_EQ(count(check_no_floating_point, "consensus/a.cpp", "x = n * 0.5;"), 1u);
  EXPECT_EQ(count(check_no_floating_point, "consensus/a.cpp", "x = 65'535 + v1.size();"), 0u);
  EXPECT_EQ(count(check_no_floating_point, "consensus/a.cpp", "// a double vote, 0.5 %\n"), 0u);
  EXPECT_EQ(count(check_no_floating_point, "consensus/a.cpp", "f(\"double\", double_vote);"), 0u);
  EXPECT_EQ(count(check_no_floating_point, "rpc/a.cpp", "double seconds;"), 0u);
}

std::size_t statics(std::string text) {
  return count(check_no_mutable_statics, "crypto/a.cpp", "namespace x {\n" + text + "\n}\n");
}

TEST(MutableStatics, AreRefused) {
  EXPECT_EQ(statics("int counter = 0;"), 1u);
  EXPECT_EQ(statics("std::map<int, std::string> cache;"), 1u);
  EXPECT_EQ(statics("std::vector<int> cache{1, 2};"), 1u);
  EXPECT_EQ(statics("static Engine engine;"), 1u);
  EXPECT_EQ(statics("inline int counter = 0;"), 1u);
  EXPECT_EQ(statics("const char* name = nullptr;"), 1u);
  EXPECT_EQ(statics("int f() { static int calls = 0; return ++calls; }"), 1u);
  EXPECT_EQ(statics("int f() { if (x) { static Engine engine(1); } return 0; }"), 1u);
  EXPECT_EQ(statics("int f() { thread_local Engine engine{}; return 0; }"), 1u);
  EXPECT_EQ(statics("struct S { static int calls; };"), 1u);
  EXPECT_EQ(statics("class S { public: inline static int calls = 0; };"), 1u);
}

TEST(MutableStatics, LetConstantsAndFunctionsStand) {
  EXPECT_EQ(statics("constexpr int kMax = 5;"), 0u);
  EXPECT_EQ(statics("inline constexpr std::array<int, 2> kTable = {1, 2};"), 0u);
  EXPECT_EQ(statics("const std::map<int*, int> kTable = {{nullptr, f(2)}};"), 0u);
  EXPECT_EQ(statics("static const char* const kName = \"a\";"), 0u);
  EXPECT_EQ(statics("int f(int a = 1);"), 0u);
  EXPECT_EQ(statics("static int f(int a) { return a; }"), 0u);
  EXPECT_EQ(statics("template <typename T = int> T f(T a) { return a; }"), 0u);
  EXPECT_EQ(statics("int f() { static const Engine engine(1); int x = 0; return x; }"), 0u);
  EXPECT_EQ(statics("int f() { static constexpr int kTen = 10; return kTen; }"), 0u);
  EXPECT_EQ(statics("Engine& f() { static Engine* const engine = make(); return *engine; }"), 0u);
  EXPECT_EQ(statics("struct S { static S of(int a); int member = 0; std::vector<int> v{1}; };"),
            0u);
  EXPECT_EQ(statics("class A; struct B; enum class C : int { one, two };"), 0u);
  EXPECT_EQ(statics("using A = int; typedef int B; static_assert(sizeof(int) == 4);"), 0u);
  EXPECT_EQ(statics("bool operator==(const A& a, const A& b) = default;"), 0u);
  EXPECT_EQ(statics("template <typename T> concept Small = sizeof(T) < 8;"), 0u);
  EXPECT_EQ(statics("A::A(int b) : b_{b}, c_{0} { run(); }"), 0u);
}

TEST(ThrownExceptions, AreRefusedInPureCode) {
  EXPECT_EQ(count(check_no_exceptions_thrown, "crypto/a.cpp", "throw Error();"), 1u);
  EXPECT_EQ(count(check_no_exceptions_thrown, "crypto/a.cpp", "// never throw\n"), 0u);
  EXPECT_EQ(count(check_no_exceptions_thrown, "node/a.cpp", "throw Error();"), 0u);
}

}  // namespace
}  // namespace treeproof::tidy
