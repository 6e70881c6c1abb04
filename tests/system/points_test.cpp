// Points, account by account: what a programme keeps, a record says and a user checks, by the
// commands of docs/importing.md "Points" and four real nodes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/system/import_season.h"

namespace treeproof::system_test {
namespace {

class Points : public ImportSeason {
 protected:
  static constexpr const char* kVault =
      " --issue platform/points-1 --vault points --vault-key points.key";

  // A copy with one bit of its last byte, the user's reference, turned.
  void write_changed(const std::string& file, const std::string& copy) {
    std::string bytes = read_whole(at(file));
    ASSERT_FALSE(bytes.empty());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    write_whole(at(copy), bytes);
  }
  const Input input_{.trees = {}, .areas = {}, .map = {}, .units = 21};  // accounts
};

TEST_F(Points, OfEveryUserAreProvedAgainstTheRecord) {
  issue_points(input_);
  ASSERT_FALSE(HasFailure());
  for (const std::string number : {"0", "7", "20"}) {
    const std::string file = number + ".points";
    succeed("treeproof points prove " + kUserStem + number + kVault + " --out " + file);
    const rpc::Json shown = ask("treeproof points verify " + file);
    EXPECT_EQ(shown.at("holds"), true);
    EXPECT_EQ(shown.at("reference"), kUserStem + number);
    EXPECT_EQ(shown.at("grams"), "100000");
    EXPECT_EQ(shown.at("series"), "main");
    EXPECT_EQ(shown.at("height"),
              call("record_get", {{"id", "platform/points-1"}}).at("record").at("height"));
  }
  EXPECT_EQ(
      run("treeproof points prove nobody" + std::string(kVault) + " --out nobody.points").exit_code,
      1);
  write_changed("7.points", "forged.points");
  const Shell::Answer forged = run("treeproof points verify forged.points");
  EXPECT_EQ(forged.exit_code, 1);
  EXPECT_NE(forged.out.find("DOES NOT HOLD"), std::string::npos) << forged.out;
  stop_nodes();
  for (const auto& [org, roles] : kRoles) {
    for (const auto& file : files_below(at(org))) {
      EXPECT_EQ(read_whole(file).find(kUserStem), std::string::npos) << "a user stands in " << file;
    }
  }
}

}  // namespace
}  // namespace treeproof::system_test
