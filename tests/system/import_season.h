// A season of trees that stood before, played by four real nodes and the commands of
// docs/importing.md, as people type them. The tests give the files and judge what comes out.
// Owns a folder, the nodes and what was printed. Callers: import_test, points_test. One thread.
// Source: docs/importing.md; docs/running.md "A chain from nothing".
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "node/cli/rpc_client.h"
#include "node/demo/processes.h"
#include "tests/system/shell.h"

namespace treeproof::system_test {

class ImportSeason : public ::testing::Test {
 protected:
  static constexpr std::uint16_t kRpcPort = 24'640;
  static constexpr std::uint16_t kPeerPort = 24'650;
  static inline const std::string kUserStem = "point-holder-";  // of every user's reference
  struct Role {
    const char* org;
    const char* roles;  // as the description of a genesis lists them
  };
  static constexpr std::array<Role, 4> kRoles{{{"platform", R"("platform", "programme")"},
                                               {"city", R"("planter")"},
                                               {"verifier", R"("verifier")"},
                                               {"regulator", R"("regulator")"}}};

  void SetUp() override;     // skips without $TREEPROOF_BINARY; four ready nodes otherwise
  void TearDown() override;  // the nodes are stopped, the folder is gone

  // Where a file of the season lies; commands run here.
  std::filesystem::path at(const std::string& name) const { return folder_ / name; }
  Shell::Answer run(const std::string& line) { return shell_->run(line); }
  // As run; anything but exit code 0 fails the test. Returns what was printed.
  std::string succeed(const std::string& line);
  // As succeed, of a command with --json.
  rpc::Json ask(const std::string& line);
  rpc::Json call(std::string_view method, const rpc::Json& params, std::size_t node = 0);
  // Whether the first node has an object of this id.
  bool is_recorded(const std::string& id) const;
  // Signs payload NAME.json with this key and submits it.
  void record(const std::string& name, const rpc::Json& payload, const std::string& key,
              const std::string& submit_options = {});
  // The bytes of an attachment as a node serves them.
  std::string attachment(const std::string& root);
  const std::string& transcript() const { return shell_->transcript(); }

  // What is imported: words of a command line, and the number of units that users redeem.
  struct Input {
    std::string trees;  // the CSV files
    std::string areas;  // the GeoJSON file
    std::string map;
    std::uint64_t units = 0;
  };
  // Every step fails the test where its command does. Those that import return what was printed.
  std::string import_species(const Input& input);
  void open_campaign();
  std::string import_plots(const Input& input);
  std::string import_trees(const Input& input, const std::string& options = {});
  // To as many accounts as there are units, the root of which the programme's own command makes.
  void issue_points(const Input& input);
  // Draws a sample of every batch, and signs that all of its trees were found.
  void verify_batches(const Input& input);
  void redeem(const Input& input);
  // How many units got a tree.
  std::uint64_t allocate();
  // Certificates of randomly chosen units' trees, fetched and verified offline.
  void prove_random_trees(const Input& input, std::size_t count);
  // The audit's exit code says so.
  void expect_status_after_a_refresh(const std::string& file);
  void expect_a_clean_audit();
  void expect_the_same_roots_everywhere();
  void stop_nodes() { nodes_.reset(); }

 private:
  void found_chain();
  void start_nodes();
  std::string configuration_of(std::size_t own) const;
  static std::string url_of(std::size_t node);

  std::filesystem::path folder_;
  std::optional<Shell> shell_;
  std::optional<demo::Processes> nodes_;
};

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

// "1,234" of the line that begins with this name; nothing where there is none.
std::optional<std::uint64_t> figure(const std::string& table, const std::string& name);

}  // namespace treeproof::system_test
