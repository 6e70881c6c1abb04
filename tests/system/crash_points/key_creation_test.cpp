// `treeproof keys new` makes a node key and then its sign guard. Each of its calls fails, or is its
// last: no failure leaves a key without its guard, and no guard is made for a key that is there,
// which may have signed. [rule 23]
#include <gtest/gtest.h>

#include <cstdlib>

#include "node/cli/files.h"
#include "node/cli/key_file.h"
#include "node/store/guard_file.h"
#include "tests/system/crash_points/fault.h"
#include "tests/system/crash_points/traced_process.h"
#include "tests/system/patience.h"
#include "tests/system/shell.h"

namespace treeproof::crash_points {
namespace {

class KeyCreation : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* binary = std::getenv("TREEPROOF_BINARY");
    if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
    binary_ = std::filesystem::absolute(binary);
    const std::string why = why_no_strace(std::filesystem::temp_directory_path());
    if (!why.empty()) GTEST_SKIP() << why;
    turn_leak_checks_off();
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::filesystem::path key() const { return folder_ / "node.key"; }
  std::filesystem::path guard() const { return cli::guard_path(key()); }
  std::filesystem::path log() const { return folder_ / "keys.log"; }
  std::string printed() const { return system_test::read_whole(log()); }
  void clear() {
    for (const auto& file : {key(), guard(), trace(), log()}) std::filesystem::remove(file);
  }
  // How `keys new` ends under this strace; in plain life where there is none.
  std::optional<std::string> make_key(std::vector<std::string> wrapper = {}) {
    for (const std::string& word :
         {binary_.string(), std::string("keys"), std::string("new"), std::string("--org"),
          std::string("river-ngo"), std::string("--role"), std::string("node"),
          std::string("--out"), key().string()}) {
      wrapper.push_back(word);
    }
    auto process = TracedProcess::start(std::move(wrapper), log());
    return process ? process->wait(system_test::kPatience) : std::nullopt;
  }
  void expect_no_guard_for_an_old_key() {
    if (!std::filesystem::exists(key())) return;
    const std::string before = system_test::read_whole(key());
    const bool was_whole = guard_is_whole();
    EXPECT_EQ(make_key(), "exit 2") << printed();
    EXPECT_EQ(system_test::read_whole(key()), before);
    EXPECT_EQ(guard_is_whole(), was_whole);
  }
  std::filesystem::path trace() const { return folder_ / "strace.txt"; }
  bool key_is_there() const { return cli::read_key_file(key()).has_value(); }
  bool guard_is_whole() const { return store::GuardFile::open(guard()).has_value(); }

  std::filesystem::path binary_;
  std::filesystem::path folder_;
};

TEST_F(KeyCreation, LeavesNoKeyWithoutItsGuardAndGivesNoneToAnOldKey) {
  EXPECT_EQ(make_key(watch_arguments(trace())), "exit 0") << printed();
  ASSERT_TRUE(key_is_there() && guard_is_whole());
  const Trace measured = read_trace(trace(), folder_);
  std::size_t cases = 0;
  for (const auto& [kind, count] : measured.calls) {
    for (const Effect effect : {Effect::io_error, Effect::no_space, Effect::kill}) {
      for (std::uint32_t when = 1; when <= count; ++when, ++cases) {
        const Fault fault{kind.first, kind.second, effect, when};
        SCOPED_TRACE(to_string(fault));
        clear();
        const auto end = make_key(fault_arguments(fault, trace(), folder_));
        if (effect == Effect::kill) {
          EXPECT_EQ(end, "SIGKILL") << printed();
        } else {
          EXPECT_EQ(end, "exit 2") << printed();
          EXPECT_TRUE(guard_is_whole() || !std::filesystem::exists(key())) << printed();
        }
        expect_no_guard_for_an_old_key();
      }
    }
  }
  EXPECT_GE(cases, 15u) << "key: open, write; guard: open, write, sync";
}

}  // namespace
}  // namespace treeproof::crash_points
