#include "node/demo/narrator.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace treeproof::demo {
namespace {

class NarratorTest : public testing::Test {
 protected:
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  cli::Console console_{in_, out_, err_, false};
  Narrator narrator_{console_};

  static cli::ExitCode answer_no(cli::Console& console) {
    if (console.wants_json()) {
      console.print_json({{"valid", false}});
    } else {
      console.out() << "NOT VALID\n";
    }
    return cli::ExitCode::negative;
  }
};

TEST_F(NarratorTest, TellsPeopleSentencesOnly) {
  narrator_.tell("It begins.\n", {{"event", "start"}});
  EXPECT_EQ(narrator_.run("Verifying:\n", "certificate", answer_no), cli::ExitCode::negative);
  EXPECT_EQ(out_.str(), "It begins.\nVerifying:\nNOT VALID\n");
}

TEST_F(NarratorTest, TellsProgramsOneObjectALine) {
  console_.set_format(cli::Format::json);
  narrator_.tell("It begins.\n", {{"event", "start"}});
  EXPECT_EQ(narrator_.run("Verifying:\n", "certificate", answer_no), cli::ExitCode::negative);
  EXPECT_EQ(out_.str(),
            "{\"event\":\"start\"}\n"
            "{\"event\":\"certificate\",\"exit_code\":1,\"answer\":{\"valid\":false}}\n");
}

TEST_F(NarratorTest, ACommandThatFailedHasNoAnswer) {
  console_.set_format(cli::Format::json);
  const auto fails = [](cli::Console& console) {
    return console.report({"It broke.", "Mend it.", cli::ExitCode::failed});
  };
  EXPECT_EQ(narrator_.run("", "audit", fails), cli::ExitCode::failed);
  EXPECT_EQ(out_.str(), "{\"event\":\"audit\",\"exit_code\":2,\"answer\":null}\n");
  EXPECT_EQ(err_.str(), "{\"error\":\"It broke.\",\"remedy\":\"Mend it.\"}\n");
}

}  // namespace
}  // namespace treeproof::demo
