#include "node/store/journal_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

replica::Journal record(std::uint64_t height, std::uint8_t kind, std::string_view payload) {
  return {{height}, kind, bytes(payload)};
}

std::unique_ptr<JournalFile> open_journal(const TemporaryFolder& folder) {
  auto journal = JournalFile::open(folder.path() / "journal");
  EXPECT_TRUE(journal.has_value()) << journal.error();
  return *std::move(journal);
}

std::vector<std::string> payloads(const JournalFile& journal) {
  std::vector<std::string> texts;
  for (const auto& found : journal.found()) texts.emplace_back(crypto::as_text(found.payload));
  return texts;
}

using Texts = std::vector<std::string>;

void write_all(JournalFile& journal, const Texts& texts) {
  for (const std::string& text : texts) {
    journal.append(record(7, 3, text));
    ASSERT_TRUE(journal.sync().has_value());
  }
}

crypto::Bytes read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_file(const std::filesystem::path& file, crypto::ByteSpan content) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream << crypto::as_text(content);
}

// Where the records of write_all end: 33 bytes around each payload.
std::vector<std::size_t> ends_of(const Texts& texts) {
  std::vector<std::size_t> ends;
  std::size_t end = 0;
  for (const std::string& text : texts) ends.push_back(end += text.size() + 33);
  return ends;
}

TEST(JournalFile, GivesBackWhatWasSyncedInOrder) {
  const TemporaryFolder folder;
  {
    auto journal = open_journal(folder);
    EXPECT_TRUE(journal->found().empty());
    journal->append(record(1, 9, "one"));
    journal->append(record(1, 0xf0, ""));
    ASSERT_TRUE(journal->sync().has_value());
    journal->append(record(2, 1, "lost"));
  }
  const auto journal = open_journal(folder);
  ASSERT_EQ(journal->found().size(), 2u);
  EXPECT_EQ(journal->found()[0].height, Height{1});
  EXPECT_EQ(journal->found()[0].kind, 9);
  EXPECT_EQ(journal->found()[0].payload, bytes("one"));
  EXPECT_EQ(journal->found()[1].kind, 0xf0);
  EXPECT_TRUE(journal->found()[1].payload.empty());
}

TEST(JournalFile, GoesOnAfterARestartWithinAHeight) {
  const TemporaryFolder folder;
  write_all(*open_journal(folder), {"a", "bb"});
  write_all(*open_journal(folder), {"ccc"});
  EXPECT_EQ(payloads(*open_journal(folder)), (Texts{"a", "bb", "ccc"}));
}

TEST(JournalFile, ForgetsTheHeightBeforeAReset) {
  const TemporaryFolder folder;
  auto journal = open_journal(folder);
  for (int height = 0; height < 5; ++height) {
    write_all(*journal, {"old-" + std::to_string(height), "older and longer than the next one"});
    journal->reset();
    journal->reset();
  }
  write_all(*journal, {"new"});
  EXPECT_EQ(payloads(*open_journal(folder)), (Texts{"new"}));
}

TEST(JournalFile, AResetWithoutRecordsKeepsTheOldOnesForTheirHeightToJudge) {
  const TemporaryFolder folder;
  auto journal = open_journal(folder);
  write_all(*journal, {"old"});
  journal->reset();
  EXPECT_EQ(payloads(*open_journal(folder)), (Texts{"old"}));
}

TEST(JournalFile, EveryTruncationLeavesAWholePrefix) {
  const TemporaryFolder folder;
  const Texts texts{"first", "second record", "", "the fourth"};
  write_all(*open_journal(folder), texts);
  const auto file = folder.path() / "journal.a";
  const crypto::Bytes whole = read_all(file);
  const auto ends = ends_of(texts);
  for (std::size_t size = 0; size <= ends.back(); ++size) {
    write_file(file, crypto::ByteSpan(whole).first(size));
    const auto kept = std::ranges::count_if(ends, [&](std::size_t end) { return end <= size; });
    EXPECT_EQ(payloads(*open_journal(folder)), Texts(texts.begin(), texts.begin() + kept)) << size;
  }
}

TEST(JournalFile, EveryDamagedByteIsATornTailOrAnError) {
  const TemporaryFolder folder;
  const Texts texts{"first", "second record", "the third"};
  write_all(*open_journal(folder), texts);
  const auto file = folder.path() / "journal.a";
  const crypto::Bytes whole = read_all(file);
  const auto ends = ends_of(texts);
  for (std::size_t at = 0; at < ends.back(); ++at) {
    crypto::Bytes damaged(whole.begin(), whole.begin() + 4'096);
    damaged[at] ^= 0x41;
    write_file(file, damaged);
    const auto journal = JournalFile::open(folder.path() / "journal");
    if (at >= ends[1]) {  // in the last record: it may never have been durable
      ASSERT_TRUE(journal.has_value()) << at << ": " << journal.error();
      EXPECT_EQ(payloads(**journal), (Texts{"first", "second record"})) << at;
    } else {
      ASSERT_FALSE(journal.has_value()) << at;
      EXPECT_NE(journal.error().find("treeproof store check"), std::string::npos);
    }
  }
}

TEST(JournalFile, RecordsOfOneWriteMayTearInAnyOrder) {
  const TemporaryFolder folder;
  {
    auto journal = open_journal(folder);
    write_all(*journal, {"durable"});
    journal->append(record(7, 3, "torn"));
    journal->append(record(7, 3, "whole, but behind a torn one"));
    ASSERT_TRUE(journal->sync().has_value());
  }
  flip_byte(folder.path() / "journal.a", ends_of({"durable"}).back() + 30);
  auto journal = open_journal(folder);
  EXPECT_EQ(payloads(*journal), (Texts{"durable"}));
  // What was cut never comes back, even where a new record ends exactly before it.
  write_all(*journal, {"TORN"});
  EXPECT_EQ(payloads(*open_journal(folder)), (Texts{"durable", "TORN"}));
}

TEST(JournalFile, ATornBeginningOfAHeightLeavesTheOneBefore) {
  const TemporaryFolder folder;
  auto journal = open_journal(folder);
  for (const char* text : {"zero", "one", "two"}) {
    write_all(*journal, {std::string(text) + " a", std::string(text) + " b"});
    journal->reset();
  }
  write_all(*journal, {"three"});  // over "one a"; "one b" still stands behind it
  flip_byte(folder.path() / "journal.b", 5);
  EXPECT_EQ(payloads(*open_journal(folder)), (Texts{"two a", "two b"}));
}

TEST(JournalFile, DamageOfADurableBeginningIsAnError) {
  const TemporaryFolder folder;
  auto journal = open_journal(folder);
  write_all(*journal, {"old a", "old b"});
  journal->reset();
  write_all(*journal, {"new a", "new b"});
  flip_byte(folder.path() / "journal.b", 31);
  EXPECT_FALSE(JournalFile::open(folder.path() / "journal").has_value());
}

TEST(JournalFile, GrowsBeyondItsFirstReservation) {
  const TemporaryFolder folder;
  const std::string large(3u << 20, 'x');
  {
    auto journal = open_journal(folder);
    write_all(*journal, {large, large, large, "end"});
  }
  const auto found = payloads(*open_journal(folder));
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[2], large);
  EXPECT_EQ(found[3], "end");
}

}  // namespace
}  // namespace treeproof::store
