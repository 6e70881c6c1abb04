// audit_* over the API, export_geojson, export_darwinCore, export_csv.
#include <nlohmann/json.hpp>
#include <sstream>

#include "consensus/ledger/geometry/polygon_codec.h"
#include "rpc/audit_reports.h"
#include "rpc/csv.h"
#include "rpc/exports.h"
#include "tests/unit/rpc/grove.h"
#include "tests/unit/rpc/methods_fixture.h"

namespace treeproof::rpc {
namespace {

// head, items, tail as one text.
std::string document(const Json& page) {
  std::string text = page.at("head").get<std::string>();
  for (std::size_t i = 0; i < page.at("items").size(); ++i) {
    if (i > 0) text += page.at("separator").get<std::string>();
    text += page.at("items")[i].get<std::string>();
  }
  return text + page.at("tail").get<std::string>();
}

class Exports : public testing::Test {
 protected:
  Exports() : caller_(chain_) { play_season(chain_); }
  Json ask(const std::string& method, const Json& params) {
    Json result = caller_.result(method, params);
    expect_promised(method, result);
    return result;
  }

  TestChain chain_;
  Caller caller_;
};

TEST(Csv, QuotesWhatRfc4180AsksFor) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"no\""), "\"say \"\"no\"\"\"");
  EXPECT_EQ(csv_cell("two\r\nlines"), "\"two\r\nlines\"");
  EXPECT_EQ(csv_cell(" blank"), "\" blank\"");
  EXPECT_EQ(csv_cell(""), "");
}

TEST(Csv, LetsNoSpreadsheetRunACell) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(csv_cell("@SUM(A1,A2)"), "\"'@SUM(A1,A2)\"");
  EXPECT_EQ(csv_cell("-2+3"), "'-2+3");
  EXPECT_EQ(csv_cell("-12.5"), "-12.5");
  EXPECT_EQ(csv_cell("-"), "'-");
  EXPECT_EQ(csv_cell("\tx"), "'\tx");
  EXPECT_EQ(csv_cell("\n=1"), "\"'\n=1\"");
  EXPECT_EQ(csv_cell("\uff1d1+1"), "'\uff1d1+1");
  EXPECT_EQ(csv_cell("\uff08"), "\uff08");
}

TEST(Csv, LeavesWhatIsNotKnownEmpty) {
  const std::vector<AuditRow> rows{{{"a", "1"}, {"b", std::nullopt}}, {{"a", ""}, {"b", "2"}}};
  EXPECT_EQ(csv_of(rows), "a,b\r\n1,\r\n,2\r\n");
  EXPECT_EQ(csv_of({}), "");
}

TEST(Degrees, ArePrintedDigitByDigit) {
  EXPECT_EQ(degrees(0), "0.0000000");
  EXPECT_EQ(degrees(1), "0.0000001");
  EXPECT_EQ(degrees(-1), "-0.0000001");
  EXPECT_EQ(degrees(400'001'000), "40.0001000");
  EXPECT_EQ(degrees(-1'799'999'999), "-179.9999999");
  EXPECT_EQ(degrees(INT32_MIN), "-214.7483648");
  EXPECT_EQ(iso_day(0), "1970-01-01");
  EXPECT_EQ(iso_day(20'453), "2025-12-31");
  EXPECT_EQ(iso_day(-719'162), "0001-01-01");
}

TEST_F(Exports, OfPlotsAreGeoJsonInEudrForm) {
  const Json page = ask("export_geojson", Json::object());
  EXPECT_EQ(page.at("media_type"), "application/geo+json");
  const Json collection = Json::parse(document(page));
  EXPECT_EQ(collection.at("type"), "FeatureCollection");
  ASSERT_EQ(collection.at("features").size(), 1u);
  const Json& feature = collection["features"][0];
  EXPECT_EQ(feature.at("id"), kHome);
  EXPECT_EQ(feature.at("geometry").at("type"), "Polygon");
  const Json& properties = feature.at("properties");
  EXPECT_EQ(properties.at("ProducerCountry"), "CN");
  EXPECT_EQ(properties.at("ProductionPlace"), kHome);
  EXPECT_TRUE(properties.at("ProducerName").is_string());
  EXPECT_NEAR(properties.at("Area").get<double>() * 10'000, properties.at("area_m2").get<double>(),
              1e-6);
  EXPECT_EQ(properties.at("species")[0].at("code"), "haloxylon");
  EXPECT_EQ(properties.at("species")[0].at("live"), 100);
}

TEST_F(Exports, OfPlotsGoRoundCounterClockwiseAndLoseNoDigit) {
  const std::string text = document(ask("export_geojson", Json::object()));
  EXPECT_NE(text.find("[[[100.0000000,40.0000000],[100.0010000,40.0000000],"
                      "[100.0010000,40.0010000],[100.0000000,40.0010000],"
                      "[100.0000000,40.0000000]]]"),
            std::string::npos)
      << text;
  const Json ring = Json::parse(text)["features"][0]["geometry"]["coordinates"][0];
  double doubled_area = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    doubled_area += ring[i][0].get<double>() * ring[i + 1][1].get<double>() -
                    ring[i + 1][0].get<double>() * ring[i][1].get<double>();
  }
  EXPECT_GT(doubled_area, 0);
}

TEST_F(Exports, OfPlotsCanBeNarrowedAndAskedAsOfAHeight) {
  const auto features = [&](const Json& params) {
    return Json::parse(document(ask("export_geojson", params)))["features"].size();
  };
  EXPECT_EQ(features({{"org", "coast-ngo"}}), 0u);
  EXPECT_EQ(features({{"campaign", kPlanted}}), 1u);
  EXPECT_EQ(features({{"campaign", kPledged}}), 0u);
  EXPECT_EQ(features({{"plot", "desert-ngo/none"}}), 0u);
  EXPECT_EQ(features({{"at", 1}}), 0u);
}

TEST_F(Exports, OfPlantingsAreDarwinCore) {
  const std::string day = iso_day(chain_.day());
  const Json events = ask("export_darwinCore", {{"core", "event"}});
  EXPECT_EQ(document(events),
            "eventID,parentEventID,eventType,eventDate,samplingProtocol,sampleSizeValue,"
            "sampleSizeUnit,recordedBy,locationID,countryCode,decimalLatitude,decimalLongitude,"
            "geodeticDatum,coordinateUncertaintyInMeters\r\n"
            "desert-ngo/grown,,Planting," +
                day +
                ",seedling,100,individuals,desert-ngo,desert-ngo/home,CN,40.0005000,100.0005000,"
                "EPSG:4326,113\r\n");
  const Json occurrences = ask("export_darwinCore", {{"core", "occurrence"}});
  const std::string text = document(occurrences);
  EXPECT_NE(text.find("\r\ndesert-ngo/grown:haloxylon,desert-ngo/grown,HumanObservation,"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(",100,individuals,present,,cultivated,desert-ngo," + day + "\r\n"),
            std::string::npos)
      << text;
}

TEST_F(Exports, OfVisitsTellTheLivingAndTheDeadAndNotTheUnknown) {
  observe(chain_, "verifier", "seen", kGrown, {70, 10, 20}, {{0, 10}});
  const Json page = ask("export_darwinCore", {{"core", "occurrence"}, {"of", "visits"}});
  ASSERT_EQ(page.at("items").size(), 2u);
  EXPECT_NE(page["items"][0].get<std::string>().find(",70,individuals,present,alive,"),
            std::string::npos);
  EXPECT_NE(page["items"][1].get<std::string>().find(",10,individuals,present,dead,"),
            std::string::npos);
  const Json events = ask("export_darwinCore", {{"core", "event"}, {"of", "visits"}});
  EXPECT_TRUE(
      events["items"][0].get<std::string>().starts_with("verifier/seen,desert-ngo/grown,Visit,"));
}

TEST_F(Exports, OfVisitsSayOfNoSpeciesThatItIsAbsent) {
  observe(chain_, "verifier", "alive-only", kGrown, {70, 0, 30});
  observe(chain_, "regulator", "saw-nothing", kGrown, {0, 0, 100});
  const Json page = ask("export_darwinCore", {{"core", "occurrence"}, {"of", "visits"}});
  ASSERT_EQ(page.at("items").size(), 1u);
  EXPECT_TRUE(page["items"][0].get<std::string>().starts_with("verifier/alive-only:haloxylon:"));
  EXPECT_EQ(document(page).find("absent"), std::string::npos);
}

// Titles of a table, and the columns of its element in meta.xml by the terms' URIs.
std::vector<std::string> titles_of(const Json& page) {
  std::istringstream line(page.at("head").get<std::string>());
  std::vector<std::string> titles;
  for (std::string title; std::getline(line, title, ',');) titles.push_back(title);
  titles.back().resize(titles.back().find('\r'));
  return titles;
}
std::string fields_of(const std::vector<std::string>& titles) {
  std::string fields;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    fields += "    <field index=\"" + std::to_string(i) +
              "\" term=\"http://rs.tdwg.org/dwc/terms/" + titles[i] + "\"/>\n";
  }
  return fields;
}

TEST_F(Exports, OfDarwinCoreAreAnArchiveByTheirMeta) {
  const Json page = ask("export_darwinCore", {{"core", "meta"}});
  EXPECT_EQ(page.at("media_type"), "application/xml");
  const auto events = titles_of(ask("export_darwinCore", {{"core", "event"}}));
  const auto occurrences = titles_of(ask("export_darwinCore", {{"core", "occurrence"}}));
  const std::string form =
      "encoding=\"UTF-8\" fieldsTerminatedBy=\",\" fieldsEnclosedBy=\"&quot;\" "
      "linesTerminatedBy=\"\\r\\n\" ignoreHeaderLines=\"1\" "
      "rowType=\"http://rs.tdwg.org/dwc/terms/";
  EXPECT_EQ(document(page),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<archive xmlns=\"http://rs.tdwg.org/dwc/text/\">\n"
            "  <core " +
                form +
                "Event\">\n"
                "    <files>\n      <location>event.csv</location>\n    </files>\n"
                "    <id index=\"0\"/>\n" +
                fields_of(events) +
                "  </core>\n"
                "  <extension " +
                form +
                "Occurrence\">\n"
                "    <files>\n      <location>occurrence.csv</location>\n    </files>\n"
                "    <coreid index=\"1\"/>\n" +
                fields_of(occurrences) +
                "  </extension>\n"
                "</archive>\n");
  EXPECT_EQ(events.at(0), "eventID");
  EXPECT_EQ(occurrences.at(1), "eventID");
}

TEST_F(Exports, OfAPointPlotAreThePointThatWasRecorded) {
  const geometry::Shape shape = geometry::Position{410'000'000, -1'010'000'001};
  ledger::Plot plot;
  plot.ref = {"spot"};
  plot.country = {"CN"};
  plot.area = 12'345;
  plot.capacity = 10;
  plot.geometry = chain_.attach(ledger::Attachment::build(geometry::encode_leaves(shape)));
  chain_.must("desert-ngo", plot);
  const std::string text = document(ask("export_geojson", {{"plot", "desert-ngo/spot"}}));
  EXPECT_NE(text.find(R"("geometry":{"type":"Point","coordinates":[-101.0000001,41.0000000]})"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("Area":1.2345,)"), std::string::npos) << text;
}

TEST_F(Exports, OfReportsAreTheirRows) {
  const Json page = ask("export_csv", {{"report", "survival"}, {"limit", 1}});
  EXPECT_EQ(page.at("items")[0], "*,*,*,verified,2026,100,,,100,1,0,,,,\r\n");
  EXPECT_EQ(page.at("cursor"), "1");
  EXPECT_TRUE(page.at("head").get<std::string>().starts_with("cohort,species,batch,witness,"));
}

TEST_F(Exports, RefuseWhatTheyDoNotKnow) {
  const auto path = [&](const std::string& method, const Json& params) {
    return caller_.error(method, params).at("data").at("path").get<std::string>();
  };
  EXPECT_EQ(path("export_csv", {{"report", "trees"}}), "params.report");
  EXPECT_EQ(path("export_csv", {{"report", "allocations"}, {"at", 1}}), "params.at");
  EXPECT_EQ(path("export_csv", {{"report", "survival"}, {"cursor", "x"}}), "params.cursor");
  EXPECT_EQ(path("export_darwinCore", {{"core", "taxon"}}), "params.core");
  EXPECT_EQ(path("export_darwinCore", {{"core", "event"}, {"of", "all"}}), "params.of");
}

TEST_F(Exports, AndReportsAnswerInPages) {
  for (const AuditKind& kind : audit_kinds()) {
    Json params{{"limit", 1}};
    if (kind.needs_campaign) params["campaign"] = kPlanted;
    const Json report = ask("audit_" + std::string(kind.name), params);
    EXPECT_LE(report.at("rows").size(), 1u) << kind.name;
    EXPECT_EQ(report.at("findings_count"), 0) << kind.name;
  }
  const Json first = ask("audit_survival", {{"limit", 2}});
  EXPECT_TRUE(first.at("rows")[0].at("alive").is_null());
  const Json next = ask("audit_survival", {{"limit", 2}, {"cursor", first.at("cursor")}});
  EXPECT_NE(first.at("rows"), next.at("rows"));
}

}  // namespace
}  // namespace treeproof::rpc
