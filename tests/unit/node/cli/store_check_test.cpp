#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "node/cli/key_file.h"
#include "node/cli/store_commands.h"
#include "node/cli/trust_file.h"
#include "node/store/guard_file.h"
#include "node/store/journal_file.h"
#include "node/store/store.h"
#include "rpc/genesis_json.h"
#include "rpc/json_reader.h"
#include "tests/simulation/consortium.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

void flip_byte(const std::string& file, std::streamoff at) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(at);
  const int byte = stream.get();
  stream.seekp(at);
  stream.put(static_cast<char>(byte ^ 0x41));
}

// A new node's folder with three records in its journal, each synced, all of height 1.
class StoreCheck : public testing::Test {
 protected:
  StoreCheck() {
    const std::string text = rpc::genesis_to_text(simulation::Consortium(4).genesis());
    EXPECT_TRUE(write_file(options_.genesis, crypto::as_bytes(text)).has_value());
    const auto genesis = read_genesis_file(options_.genesis);
    EXPECT_TRUE(store::Store::open(options_.home, genesis->genesis).has_value());
    auto journal = store::JournalFile::open(options_.home + "/journal");
    for (const char* record : {"first", "second", "third"}) {
      (*journal)->append({{1}, 3, crypto::to_bytes(crypto::as_bytes(record))});
      EXPECT_TRUE((*journal)->sync().has_value());
    }
    EXPECT_TRUE(store::GuardFile::create(guard_path(options_.key)).has_value());
  }
  rpc::Json check(ExitCode expected) {
    StringConsole console;
    console.console.set_format(Format::json);
    EXPECT_EQ(store_check(options_, console.console), expected) << console.err.str();
    return *rpc::parse_json(console.out.str());
  }
  std::string text() {
    StringConsole console;
    store_check(options_, console.console);
    return console.out.str();
  }

  Scratch scratch_;
  StoreCheckOptions options_{scratch_.path("home"), scratch_.path("genesis.json"),
                             scratch_.path("node.key")};
  std::string journal_ = options_.home + "/journal.a";
};

TEST_F(StoreCheck, TellsAWholeJournalAndGuard) {
  const rpc::Json report = check(ExitCode::ok);
  EXPECT_EQ(report.at("whole"), true);
  EXPECT_EQ(report.at("journal").at("state"), "intact");
  EXPECT_EQ(report.at("journal").at("records"), 3);
  EXPECT_EQ(report.at("journal").at("height"), "1");
  EXPECT_EQ(report.at("guard").at("state"), "intact");
  EXPECT_NE(text().find("WHOLE"), std::string::npos);
}

TEST_F(StoreCheck, TakesATornLastRecordForWhatACrashLeaves) {
  flip_byte(journal_, 2 * 33 + 5 + 6 + 30);  // in the payload of the third
  const rpc::Json report = check(ExitCode::ok);
  EXPECT_EQ(report.at("journal").at("state"), "torn_tail");
  EXPECT_EQ(report.at("journal").at("byte"), std::to_string(2 * 33 + 5 + 6));
  EXPECT_EQ(report.at("journal").at("records"), 2);
}

TEST_F(StoreCheck, SaysWhereADurableJournalIsDamagedAndWhatToDo) {
  flip_byte(journal_, 33 + 5 + 30);  // in the second of three
  const rpc::Json report = check(ExitCode::negative);
  EXPECT_EQ(report.at("journal").at("state"), "damaged");
  EXPECT_EQ(report.at("journal").at("file"), "journal.a");
  EXPECT_EQ(report.at("journal").at("byte"), "38");
  ASSERT_EQ(report.at("findings").size(), 1u);
  const std::string remedy = report.at("findings")[0].at("remedy");
  EXPECT_NE(remedy.find("height 1 or more"), std::string::npos) << remedy;
  EXPECT_NE(text().find("FINDING the journal is damaged at byte 38 of journal.a"),
            std::string::npos);
}

TEST_F(StoreCheck, ChangesNothing) {
  flip_byte(journal_, 33 + 5 + 30);
  const auto before = read_file(journal_, 8u << 20);
  check(ExitCode::negative);
  EXPECT_EQ(read_file(journal_, 8u << 20).value(), before.value());
  std::filesystem::remove(journal_);
  std::filesystem::remove(options_.home + "/journal.b");
  EXPECT_EQ(check(ExitCode::ok).at("journal").at("state"), "missing");
  EXPECT_FALSE(std::filesystem::exists(journal_));
}

TEST_F(StoreCheck, FindsADamagedAndAMissingGuard) {
  flip_byte(guard_path(options_.key).string(), 2);
  EXPECT_EQ(check(ExitCode::negative).at("guard").at("state"), "damaged");
  std::filesystem::remove(guard_path(options_.key));
  const rpc::Json report = check(ExitCode::negative);
  EXPECT_EQ(report.at("guard").at("state"), "missing");
  EXPECT_NE(report.at("findings")[0].at("remedy").get<std::string>().find("keys new"),
            std::string::npos);
}

TEST_F(StoreCheck, LooksAtNoGuardWithoutAKey) {
  std::filesystem::remove(guard_path(options_.key));
  options_.key.clear();
  EXPECT_TRUE(check(ExitCode::ok).at("guard").is_null());
  EXPECT_NE(text().find("--key"), std::string::npos);
}

}  // namespace
}  // namespace treeproof::cli
