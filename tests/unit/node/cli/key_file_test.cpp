#include "node/cli/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "node/cli/files.h"
#include "node/cli/keys_commands.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

using ledger::KeyRole;

KeyFile new_key() { return {"desert-ngo", {KeyRole::admin, KeyRole::plant}, random_key()}; }

TEST(KeyFile, ComesBackAsWritten) {
  const Scratch scratch;
  const KeyFile key = new_key();
  ASSERT_TRUE(write_key_file(scratch.path("key"), key).has_value());
  const auto read = read_key_file(scratch.path("key"));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->org, "desert-ngo");
  EXPECT_EQ(read->roles, key.roles);
  EXPECT_EQ(read->key.public_key(), key.key.public_key());
}

TEST(KeyFile, IsReadableByItsOwnerOnly) {
  const Scratch scratch;
  ASSERT_TRUE(write_key_file(scratch.path("key"), new_key()).has_value());
  struct stat facts{};
  ASSERT_EQ(::stat(scratch.path("key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, mode_t{0600});
}

TEST(KeyFile, NeverOverwritesAnother) {
  const Scratch scratch;
  const KeyFile first = new_key();
  ASSERT_TRUE(write_key_file(scratch.path("key"), first).has_value());
  EXPECT_FALSE(write_key_file(scratch.path("key"), new_key()).has_value());
  EXPECT_EQ(read_key_file(scratch.path("key"))->key.public_key(), first.key.public_key());
}

TEST(KeyFile, RefusesAnotherPublicKeyUnknownFieldsAndUnknownRoles) {
  const Scratch scratch;
  const KeyFile key = new_key();
  ASSERT_TRUE(write_key_file(scratch.path("key"), key).has_value());
  const std::string text = *read_text(scratch.path("key"), 4'096);
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_TRUE(
        write_file(scratch.path("bad"), crypto::as_bytes(changed), Replace::always).has_value());
    return !read_key_file(scratch.path("bad")).has_value();
  };
  const std::string own = crypto::to_hex(key.key.public_key().bytes());
  EXPECT_TRUE(refused(own, crypto::to_hex(random_key().public_key().bytes())));
  EXPECT_TRUE(refused("\"org\"", "\"more\": 1, \"org\""));
  EXPECT_TRUE(refused("\"plant\"", "\"plants\""));
  EXPECT_TRUE(refused("desert-ngo", "Desert"));
  EXPECT_TRUE(refused(crypto::to_hex(key.key.reveal()), std::string(64, '0')));
}

TEST(KeysNew, MakesTheSignGuardWithANodeKeyOnly) {
  const Scratch scratch;
  StringConsole console;
  EXPECT_EQ(keys_new({scratch.path("node.key"), "verifier", {"node"}}, console.console),
            ExitCode::ok);
  EXPECT_EQ(
      keys_new({scratch.path("work.key"), "verifier", {"verify", "observe"}}, console.console),
      ExitCode::ok);
  EXPECT_TRUE(std::filesystem::exists(scratch.path("node.key.guard")));
  EXPECT_FALSE(std::filesystem::exists(scratch.path("work.key.guard")));
}

TEST(KeysNew, RefusesUnknownRolesAndNames) {
  const Scratch scratch;
  StringConsole console;
  EXPECT_EQ(keys_new({scratch.path("a"), "verifier", {"king"}}, console.console), ExitCode::failed);
  EXPECT_EQ(keys_new({scratch.path("a"), "Verifier", {"node"}}, console.console), ExitCode::failed);
  EXPECT_EQ(keys_new({scratch.path("a"), "verifier", {}}, console.console), ExitCode::failed);
  EXPECT_FALSE(std::filesystem::exists(scratch.path("a")));
}

TEST(KeysShow, NeverPrintsTheSecret) {
  const Scratch scratch;
  const KeyFile key = new_key();
  ASSERT_TRUE(write_key_file(scratch.path("key"), key).has_value());
  for (const Format format : {Format::text, Format::json}) {
    StringConsole console;
    console.console.set_format(format);
    EXPECT_EQ(keys_show({scratch.path("key")}, console.console), ExitCode::ok);
    EXPECT_NE(console.out.str().find(crypto::to_hex(key.key.public_key().bytes())),
              std::string::npos);
    EXPECT_EQ(console.out.str().find(crypto::to_hex(key.key.reveal())), std::string::npos);
  }
}

}  // namespace
}  // namespace treeproof::cli
