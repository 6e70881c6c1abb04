#include "node/cli/console.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

TEST(Console, WritesNumbersDaysAndTimesForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(148'180'000), "148,180,000");
  EXPECT_EQ(day_text(0), "1970-01-01");
  EXPECT_EQ(day_text(-1), "1969-12-31");
  EXPECT_EQ(day_text(20'453), "2025-12-31");
  EXPECT_EQ(utc_text(1'700'000'000), "2023-11-14 22:13:20 UTC");
}

TEST(Day, IsReadAsItIsWritten) {
  EXPECT_EQ(day_of_text("1970-01-01"), 0);
  EXPECT_EQ(day_of_text("1969-12-31"), -1);
  EXPECT_EQ(day_of_text("2025-12-31"), 20'453);
  for (const char* other : {"", "2025-02-29", "2025-1-1", "2025-12-3x", "20251231", "120",
                            "-125-01-01", "2025-00-10", "2025/12/31"}) {
    EXPECT_EQ(day_of_text(other), std::nullopt) << other;
  }
}

TEST(Console, TakesTheTeethOutOfControlCharacters) {
  EXPECT_EQ(printable("a\nb\x1b[2Jc"), "a?b?[2Jc");
  EXPECT_EQ(printable("沙棘"), "沙棘");
  EXPECT_EQ(printable("\xff"), "(not UTF-8)");
}

TEST(Console, TablesAlignByCodePoints) {
  std::ostringstream out;
  Table table({"A", "B"});
  table.add({"沙棘", "x"});
  table.add({"1", "y"});
  table.print(out);
  EXPECT_EQ(out.str(), "A   B\n沙棘  x\n1   y\n");
}

TEST(Console, ReportsTwoSentencesAndTheCode) {
  StringConsole text;
  EXPECT_EQ(text.console.report({"It is so", "Do this.", ExitCode::negative}), ExitCode::negative);
  EXPECT_EQ(text.err.str(), "It is so.\nDo this.\n");
  EXPECT_EQ(text.out.str(), "");
  StringConsole json;
  json.console.set_format(Format::json);
  EXPECT_EQ(json.console.report({"It is so.", "Do this."}), ExitCode::failed);
  EXPECT_EQ(json.err.str(), "{\"error\":\"It is so.\",\"remedy\":\"Do this.\"}\n");
}

TEST(Console, DrawsNoProgressWhereThereIsNoTerminal) {
  StringConsole plain;
  Progress(plain.console, "work").show(1, 2);
  EXPECT_EQ(plain.err.str(), "");
  std::ostringstream err;
  Console terminal(plain.in, plain.out, err, true);
  Progress(terminal, "work").show(1, 2);
  EXPECT_NE(err.str().find("work [###############...............] 1 / 2"), std::string::npos);
}

}  // namespace
}  // namespace treeproof::cli
