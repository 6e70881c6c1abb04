#include "node/import/csv_reader.h"

#include <gtest/gtest.h>

#include <sstream>

#include "node/import/refusals.h"
#include "tests/unit/node/import/files_of_test.h"

namespace treeproof::import {
namespace {

std::vector<CsvRow> rows_of(const std::string& text, const std::vector<std::string>& columns) {
  std::istringstream in(text);
  auto reader = CsvReader::open(in, ',');
  EXPECT_TRUE(reader.has_value());
  EXPECT_TRUE(reader->choose(columns).has_value());
  std::vector<CsvRow> rows;
  for (CsvRow row; reader->next(row);) rows.push_back(row);
  return rows;
}

using Cells = std::vector<std::string>;

TEST(CsvReader, KeepsTheChosenColumnsOnly) {
  const auto rows = rows_of("id,address,lat\n7,Main St 1,49.2\n", {"lat", "id"});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].cells, (Cells{"7", "49.2"}));
}

TEST(CsvReader, SaysWhichSlotHoldsWhichColumn) {
  std::istringstream in("id,address,lat\n");
  auto reader = CsvReader::open(in, ',');
  ASSERT_TRUE(reader.has_value());
  EXPECT_EQ(reader->choose({"lat", "id", "lat"}).value(), (std::vector<std::size_t>{1, 0, 1}));
}

TEST(CsvReader, TellsAChoiceItsSlots) {
  std::istringstream in("id,address,lat\n7,Main St 1,49.2\n");
  std::size_t latitude = 9;
  std::optional<std::size_t> id;
  std::optional<std::size_t> day;
  ColumnChoice choice;
  choice.need("lat", latitude);
  choice.want("id", id);
  choice.want(std::nullopt, day);
  auto reader = CsvReader::open(in, ',', "trees.csv", choice);
  ASSERT_TRUE(reader.has_value());
  CsvRow row;
  ASSERT_TRUE(reader->next(row));
  EXPECT_EQ(row.cells, (Cells{"7", "49.2"}));
  EXPECT_EQ(row.cells.at(latitude), "49.2");
  EXPECT_EQ(row.cells.at(id.value()), "7");
  EXPECT_FALSE(day.has_value());
}

TEST(CsvReader, NamesTheFileWhoseColumnsAreNotThose) {
  for (const char* text : {"", "id\n"}) {
    std::istringstream in(text);
    std::size_t latitude = 0;
    ColumnChoice choice;
    choice.need("lat", latitude);
    const auto reader = CsvReader::open(in, ',', "trees.csv", choice);
    ASSERT_FALSE(reader.has_value());
    EXPECT_TRUE(reader.error().what.starts_with("\"trees.csv\": The ")) << reader.error().what;
  }
}

TEST(Refusals, GiveNoSpreadsheetAFormula) {
  const TestFolder folder;
  Refusals refusals;
  refusals.add("trees.csv:2", "=HYPERLINK(\"http://x\")", "id_repeated");
  ASSERT_TRUE(refusals.write(folder.path("refused.csv")).has_value());
  EXPECT_EQ(folder.read("refused.csv"),
            "row,id,reason\ntrees.csv:2,\"'=HYPERLINK(\"\"http://x\"\")\",id_repeated\n");
}

TEST(CsvReader, ReadsQuotedSeparatorsQuotesAndLineEnds) {
  const auto rows = rows_of("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n3,4\n", {"a", "b"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cells, (Cells{"x, \"y\"", "two\r\nlines"}));
  EXPECT_EQ(rows[0].line, 2u);
  EXPECT_EQ(rows[1].line, 4u);
  EXPECT_EQ(rows[1].form, RowForm::good);
}

TEST(CsvReader, PassesOverByteOrderMarkBlankLinesAndMissingLastLineEnd) {
  const auto rows = rows_of("\xef\xbb\xbf\"a\",b\r\n\r\n1,2\r\n\n3,", {"a", "b"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].cells, (Cells{"3", ""}));
  EXPECT_EQ(rows[1].form, RowForm::good);
}

TEST(CsvReader, KeepsAHeaderThatOnlyLooksLikeAByteOrderMark) {
  std::istringstream in("\xef\xbc\xa9\xef\xbc\xa4,b\n");
  EXPECT_EQ(CsvReader::open(in, ',')->columns().front(), "\xef\xbc\xa9\xef\xbc\xa4");
}

TEST(CsvReader, MarksMalformedRowsAndGoesOn) {
  const auto rows = rows_of("a,b\n1\n1,2,3\nx\"y,2\n\"x\"y,2\n\xff,2\n5,6\n", {"a", "b"});
  ASSERT_EQ(rows.size(), 6u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(rows[i].form, RowForm::malformed) << i;
  EXPECT_EQ(rows[5].cells, (Cells{"5", "6"}));
  EXPECT_EQ(rows[5].form, RowForm::good);
}

TEST(CsvReader, GivesUpAnUnclosedQuoteAfterItsBound) {
  const std::string lines(kCsvRowBytesMax, 'x');
  const auto rows = rows_of("a,b\n\"" + lines + "yz\n5,6\n", {"a", "b"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].form, RowForm::malformed);
  EXPECT_EQ(rows[1].cells, (Cells{"5", "6"}));
}

TEST(CsvReader, RefusesLongCellsOfChosenColumnsOnly) {
  const std::string text(kCsvCellBytesMax + 1, 'x');
  EXPECT_EQ(rows_of("a,b\n" + text + ",1\n", {"a"})[0].form, RowForm::malformed);
  EXPECT_EQ(rows_of("a,b\n" + text + ",1\n", {"b"})[0].form, RowForm::good);
}

TEST(CsvReader, RefusesColumnsThatAreNotThereOrTwice) {
  std::istringstream in("a,b,a\n");
  auto reader = CsvReader::open(in, ',');
  ASSERT_TRUE(reader.has_value());
  EXPECT_FALSE(reader->choose({"c"}).has_value());
  EXPECT_FALSE(reader->choose({"a"}).has_value());
  EXPECT_TRUE(reader->choose({"b"}).has_value());
}

TEST(CsvReader, RefusesAnEmptyFile) {
  std::istringstream in("");
  EXPECT_FALSE(CsvReader::open(in, ',').has_value());
}

}  // namespace
}  // namespace treeproof::import
