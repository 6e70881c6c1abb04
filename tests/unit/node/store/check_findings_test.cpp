#include "node/store/check_findings.h"

#include <gtest/gtest.h>

#include "crypto/state_map.h"
#include "node/store/height_writer.h"
#include "node/store/key_layout.h"
#include "node/store/sorted_runs.h"
#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

// A ledger whose only content is names, in so many that their runs are files.
class LookupDamageTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kNames = 400'000;
  static constexpr std::uint32_t kPerBlock = 10'000;

  LookupDamageTest() {
    std::filesystem::create_directory(lookups_);
    SortedRuns runs(lookups_, "names", 0);
    for (std::uint32_t first = 0; first < kNames; first += kPerBlock) {
      std::vector<ledger::ObjectKey> names;
      Entries entries;
      for (std::uint32_t number = first; number < first + kPerBlock; ++number) {
        names.push_back({"object", "org/" + std::to_string(number)});
        entries.push_back(make_entry(crypto::state_key("object", names.back().id), number));
      }
      Batch batch;
      batch.put(names_key(first + kPerBlock - 1), encode_names(names));
      EXPECT_TRUE(database_->write(batch, Durability::buffered).has_value());
      runs.add(std::move(entries), first + kPerBlock);
    }
    tip_.names = kNames;
  }
  Findings findings() const {
    Findings found;
    find_lookup_damage(lookups_, *database_, *attachments_, tip_, found);
    return found;
  }

  TemporaryFolder folder_;
  std::filesystem::path lookups_ = folder_.path() / "lookups";
  std::unique_ptr<Database> database_ = Database::open(folder_.path() / "ledger").value();
  std::unique_ptr<AttachmentFiles> attachments_ =
      AttachmentFiles::open(folder_.path() / "attachments", *database_).value();
  TipRecord tip_;
};

TEST_F(LookupDamageTest, WholeRunsHoldExactlyWhatTheLedgerSays) {
  EXPECT_GE(SortedRuns(lookups_, "names", kNames).covered(), kNames / 2);
  EXPECT_EQ(findings(), Findings{});
}

TEST_F(LookupDamageTest, ADamagedRunIsNamed) {
  const SortedRuns runs(lookups_, "names", kNames);
  flip_byte(runs.runs().front().file, 800'000);
  const Findings found = findings();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_NE(found[0].find("names-0-"), std::string::npos);
  EXPECT_NE(found[1].find("it is made again"), std::string::npos);
}

TEST_F(LookupDamageTest, EntriesOfAnotherLedgerAreNoticed) {
  Batch batch;
  batch.put(names_key(9'999),
            encode_names(std::vector<ledger::ObjectKey>(kPerBlock, {"object", "another"})));
  ASSERT_TRUE(database_->write(batch, Durability::buffered).has_value());
  EXPECT_EQ(findings().size(), 1u);
}

}  // namespace
}  // namespace treeproof::store
