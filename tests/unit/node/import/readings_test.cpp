// Numbers, dates and names as files write them.
#include <gtest/gtest.h>

#include "node/import/day_format.h"
#include "node/import/decimal.h"
#include "node/import/derived_names.h"

namespace treeproof::import {
namespace {

TEST(ScaledDecimal, IsExact) {
  EXPECT_EQ(scaled_decimal("-123.16579", 7), -1'231'657'900);
  EXPECT_EQ(scaled_decimal("49.240720", 7), 492'407'200);
  EXPECT_EQ(scaled_decimal("+.5", 1), 5);
  EXPECT_EQ(scaled_decimal("7.", 2), 700);
}

TEST(ScaledDecimal, RoundsHalfAwayFromZero) {
  EXPECT_EQ(scaled_decimal("0.00000005", 7), 1);
  EXPECT_EQ(scaled_decimal("-0.00000005", 7), -1);
  EXPECT_EQ(scaled_decimal("0.00000004999", 7), 0);
}

TEST(ScaledDecimal, RefusesOtherTexts) {
  for (const char* text :
       {"", "-", ".", "1e5", "1,5", "0x1", " 1", "1.2.3", "nan", "1234567890123"}) {
    EXPECT_EQ(scaled_decimal(text, 7), std::nullopt) << text;
  }
}

TEST(DayFormat, ReadsPatternsOfYearMonthAndDay) {
  EXPECT_EQ(DayFormat::of("YYYYMMDD")->day("20181125"), 17'860);
  EXPECT_EQ(DayFormat::of("YYYY-MM-DD")->day("1970-01-01"), 0);
  EXPECT_EQ(DayFormat::of("DD.MM.YYYY")->day("31.12.1969"), -1);
}

TEST(DayFormat, AMonthOrAYearStandsForItsFirstDay) {
  EXPECT_EQ(DayFormat::of("YYYY")->day("1970"), 0);
  EXPECT_EQ(DayFormat::of("MM/YYYY")->day("02/1970"), 31);
  EXPECT_EQ(DayFormat::of("YYYY")->day("1872"), -35'794);
  EXPECT_EQ(DayFormat::of("YYYY")->day("1970-01"), std::nullopt);
  EXPECT_EQ(DayFormat::of("YYYY")->day("0001"), -719'162);
  EXPECT_EQ(DayFormat::of("YYYY")->day("0000"), std::nullopt);
}

TEST(DayFormat, RefusesDaysOfNoCalendarAndOtherForms) {
  const DayFormat format = *DayFormat::of("YYYY-MM-DD");
  for (const char* text :
       {"2023-02-29", "2023-13-01", "2023-1-1", "2023/01/01", "", "-023-01-01"}) {
    EXPECT_EQ(format.day(text), std::nullopt) << text;
  }
  EXPECT_EQ(format.day("2024-02-29"), 19'782);
}

TEST(DayFormat, RefusesPatternsThatNameNoDay) {
  for (const char* pattern : {"", "MMDD", "YYYYDD", "YYYYMMDDDD", "YYYYMMDDYYYY"}) {
    EXPECT_FALSE(DayFormat::of(pattern).has_value()) << pattern;
  }
}

TEST(DerivedCode, MakesOneHyphenOfWhatACodeCannotHold) {
  EXPECT_EQ(derived_code("KENSINGTON-CEDAR COTTAGE"), "kensington-cedar-cottage");
  EXPECT_EQ(derived_code("FREEMANI   X"), "freemani-x");
  EXPECT_EQ(derived_code(" (No. 277) "), "no.-277");
  EXPECT_EQ(derived_code("Platanus \xc3\x97 acerifolia"), "platanus-x-acerifolia");
}

TEST(DerivedCode, IsEmptyForNothingToReadAloud) {
  EXPECT_EQ(derived_code(""), "");
  EXPECT_EQ(derived_code(" - / "), "");
}

TEST(DerivedCode, KeepsNamesOfOtherAlphabetsApart) {
  const std::string first = derived_code("\xe6\xa3\xae 277");
  const std::string second = derived_code("\xe6\x9e\x97 277");
  EXPECT_TRUE(ledger::Ref::check(first));
  EXPECT_TRUE(first.starts_with("277-"));
  EXPECT_NE(first, second);
  EXPECT_TRUE(ledger::Ref::check(derived_code("\xe6\xa3\xae")));
}

TEST(DerivedCode, CutsLongNamesWithoutMergingThem) {
  const std::string name(60, 'a');
  const std::string code = derived_code(name + "b");
  EXPECT_EQ(code.size(), kRefCharsMax);
  EXPECT_NE(code, derived_code(name + "c"));
}

TEST(DisplayName, SetsCapitalsAsBotanyDoes) {
  EXPECT_EQ(display_name("ACER", "FREEMANI   X"), "Acer freemani x");
  EXPECT_EQ(display_name("Prunus", "serrulata"), "Prunus serrulata");
  EXPECT_EQ(display_name("", ""), "");
}

TEST(DisplayName, CutsBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 50; ++i) name += "\xc3\xa9";
  EXPECT_EQ(display_name("a" + name, "").size(), 95u);
}

}  // namespace
}  // namespace treeproof::import
