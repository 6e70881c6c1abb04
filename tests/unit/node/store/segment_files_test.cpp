#include "node/store/segment_files.h"

#include <gtest/gtest.h>

#include "tests/unit/node/store/store_fixture.h"

namespace treeproof::store {
namespace {

class SegmentFilesTest : public testing::Test {
 protected:
  SegmentFilesTest() { reopen(); }
  void reopen() {
    files_.reset();
    files_ = SegmentFiles::open(folder_.path(), "test", 100).value();
  }
  Place append(const std::string& text) {
    const auto place = files_->append({bytes(text), bytes("!")});
    EXPECT_TRUE(place.has_value());
    places_.push_back(*place);
    texts_.push_back(text + "!");
    return *place;
  }
  std::vector<std::string> scan(SegmentPosition from) {
    std::vector<std::string> texts;
    const auto end = files_->scan(from, [&](const Place&, const crypto::Bytes& content) {
      texts.emplace_back(crypto::as_text(content));
      return true;
    });
    EXPECT_TRUE(end.has_value());
    scanned_to_ = *end;
    return texts;
  }
  std::filesystem::path file(const std::string& number) const {
    return folder_.path() / ("test-" + number + ".segment");
  }

  TemporaryFolder folder_;
  std::unique_ptr<SegmentFiles> files_;
  std::vector<Place> places_;
  std::vector<std::string> texts_;
  SegmentPosition scanned_to_;
};

TEST_F(SegmentFilesTest, GiveEveryRecordBackFromWhateverFile) {
  for (int i = 0; i < 20; ++i) append("record " + std::string(static_cast<std::size_t>(i), 'x'));
  ASSERT_TRUE(files_->sync().has_value());
  EXPECT_GT(files_->end().segment, 3u);
  for (int reopened = 0; reopened < 2; ++reopened) {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      EXPECT_EQ(files_->read(places_[i]).value(), bytes(texts_[i]));
    }
    EXPECT_EQ(scan({}), texts_);
    EXPECT_EQ(scanned_to_, files_->end());
    EXPECT_EQ(scan(end_of(places_[16])), std::vector(texts_.begin() + 17, texts_.end()));
    reopen();
  }
  EXPECT_EQ(files_->end(), end_of(places_.back()));
}

TEST_F(SegmentFilesTest, ARecordLargerThanAFileHasOneOfItsOwn) {
  append("small");
  append(std::string(500, 'x'));
  append("small again");
  EXPECT_EQ(places_[1].at, (SegmentPosition{1, 0}));
  EXPECT_EQ(places_[2].at, (SegmentPosition{2, 0}));
  EXPECT_EQ(scan({}), texts_);
}

TEST_F(SegmentFilesTest, ACutDropsWhatIsBehindItInEveryFile) {
  for (int i = 0; i < 20; ++i) append("record " + std::to_string(i));
  ASSERT_TRUE(files_->cut(end_of(places_[5])).has_value());
  const std::vector<std::string> kept(texts_.begin(), texts_.begin() + 6);
  EXPECT_EQ(scan({}), kept);
  EXPECT_FALSE(files_->read(places_[19]).has_value());
  reopen();
  EXPECT_EQ(files_->end(), end_of(places_[5]));
  append("new");
  EXPECT_EQ(scan({}).back(), "new!");
}

TEST_F(SegmentFilesTest, AScanEndsAtTheFirstRecordThatIsNotWhole) {
  for (int i = 0; i < 6; ++i) append("record " + std::to_string(i));
  flip_byte(file("000000"), end_of(places_[1]).offset + 5);
  EXPECT_EQ(scan({}), std::vector(texts_.begin(), texts_.begin() + 2));
  EXPECT_EQ(scanned_to_, end_of(places_[1]));
  EXPECT_FALSE(files_->read(places_[2]).has_value());
}

TEST_F(SegmentFilesTest, ADeclaredLengthIsNeverTrusted) {
  append("record");
  flip_byte(file("000000"), 0);  // a length of over a gigabyte
  EXPECT_TRUE(scan({}).empty());
  const auto read = files_->read(places_[0]);
  ASSERT_FALSE(read.has_value());
  EXPECT_NE(read.error().find("damaged"), std::string::npos);
}

TEST(Place, ComesBackFromItsBytes) {
  const Place place{{7, 1ull << 40}, 123'456};
  crypto::Bytes encoded;
  append_place(encoded, place);
  EXPECT_EQ(encoded.size(), kPlaceBytes);
  EXPECT_EQ(read_place(encoded), place);
}

}  // namespace
}  // namespace treeproof::store
