// The demo as a newcomer runs it, and its certificate handed to programs that share no code with
// the node (tests/interop reads the folder that $TREEPROOF_INTEROP_DIR names).
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "consensus/proofs/verify.h"
#include "node/cli/files.h"
#include "node/cli/rpc_client.h"
#include "rpc/trust_json.h"

namespace treeproof {
namespace {

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "treeproof-test-XXXXXX").string();
  EXPECT_NE(mkdtemp(name.data()), nullptr);
  return name;
}

TEST(Demo, PlaysItsSeasonAndAllItsChecksHold) {
  const char* binary = std::getenv("TREEPROOF_BINARY");
  if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
  const std::filesystem::path home = new_folder();
  const std::string command = std::string(binary) + " demo --once --home " + home.string() +
                              " --rpc-port 23640 --peer-port 23650";
  EXPECT_EQ(std::system(command.c_str()), 0);

  // The certificate holds here, and no longer when one bit of its statement is another.
  const auto bytes = cli::read_file(home / "my-tree.treecert", proofs::kCertificateBytesMax);
  const auto trust_text = cli::read_text(home / "trust.json", rpc::kTrustBytesMax);
  ASSERT_TRUE(bytes.has_value() && trust_text.has_value());
  const auto trust = rpc::parse_trust(*trust_text);
  ASSERT_TRUE(trust.has_value());
  const proofs::Verdict verdict = proofs::verify(*bytes, *trust);
  ASSERT_TRUE(verdict.valid);
  EXPECT_TRUE(verdict.facts->user_reference.value_or("").starts_with("277 user "));
  auto forged = *proofs::decode_certificate(*bytes);
  forged.statement.back() ^= 1;
  const crypto::Bytes tampered = proofs::encode(forged);
  EXPECT_FALSE(proofs::verify(tampered, *trust).valid);

  if (const char* folder = std::getenv("TREEPROOF_INTEROP_DIR")) {
    const std::filesystem::path out = folder;
    std::filesystem::create_directories(out);
    using enum cli::Replace;
    EXPECT_TRUE(cli::write_file(out / "genuine.treecert", *bytes, always).has_value());
    EXPECT_TRUE(cli::write_file(out / "tampered.treecert", tampered, always).has_value());
    const auto text = crypto::as_bytes(*trust_text);
    EXPECT_TRUE(cli::write_file(out / "trust.json", text, always).has_value());
    const nlohmann::json expected{
        {"genuine.treecert",
         {{"valid", true}, {"facts", {{"treeId", verdict.facts->link.tree.text}}}}},
        {"tampered.treecert", {{"valid", false}, {"failed", "receipts"}}}};
    std::ofstream(out / "expect.json") << expected.dump(2);
  }
  std::filesystem::remove_all(home);
}

// The demo with seven validators and lines for programs; ended like by Ctrl-C, at the latest here.
class ServingDemo {
 public:
  ServingDemo(const std::string& binary, const std::string& home) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      execl(binary.c_str(), binary.c_str(), "demo", "--json", "--validators", "7", "--home",
            home.c_str(), "--rpc-port", "23640", "--peer-port", "23650", nullptr);
      _exit(127);
    }
    close(ends[1]);
    lines_ = fdopen(ends[0], "r");
  }
  ServingDemo(const ServingDemo&) = delete;
  ServingDemo& operator=(const ServingDemo&) = delete;
  ~ServingDemo() {
    if (pid_ > 0) end();
    fclose(lines_);
  }
  // The next event, or null at the end of the output.
  nlohmann::json next() {
    std::string line;
    for (int c = fgetc(lines_); c != EOF && c != '\n'; c = fgetc(lines_)) {
      line += static_cast<char>(c);
    }
    if (line.empty()) return nullptr;
    auto event = nlohmann::json::parse(line, nullptr, false);
    EXPECT_TRUE(event.is_object()) << line;
    return event;
  }
  int end() {
    kill(pid_, SIGINT);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }

 private:
  pid_t pid_ = 0;
  FILE* lines_ = nullptr;
};

// What follows the season, as the regulator's own node recomputes it.
void expect_the_aftermath(cli::RpcClient& regulator) {
  const auto ask = [&](const char* method, const nlohmann::json& params) {
    const auto answer = regulator.call(method, params);
    EXPECT_TRUE(answer.has_value()) << method;
    return answer.value_or(nlohmann::json::object());
  };
  const auto owed = ask("audit_owed", nlohmann::json::object());
  EXPECT_EQ(owed["checked"],
            nlohmann::json({{"batches", "3"}, {"owed", "70"}, {"replaced", "12"}}));
  std::map<std::string, nlohmann::json> rows;
  for (const auto& row : owed["rows"]) rows[row["batch"]] = row;
  EXPECT_EQ(rows["desert-ngo/plant-277"]["dead_owed"], "60");
  EXPECT_EQ(rows["desert-ngo/plant-277"]["voided_owed"], "10");
  EXPECT_EQ(rows["river-ngo/plant-river-bank"]["replaced"], "12");
  EXPECT_EQ(rows["river-ngo/replant-river-bank"]["purpose"], "replacement");

  const auto disputes = ask("audit_disputes", nlohmann::json::object());
  ASSERT_EQ(disputes["rows"].size(), 1u);
  EXPECT_EQ(disputes["checked"], nlohmann::json({{"disputes", "1"}, {"open", "0"}}));
  EXPECT_EQ(disputes["rows"][0]["target"], "desert-ngo/plant-277");
  EXPECT_EQ(disputes["rows"][0]["standing"], "rejected");
  EXPECT_EQ(disputes["rows"][0]["freezes"], "false");

  const auto corrections = ask("audit_corrections", nlohmann::json::object());
  ASSERT_EQ(corrections["rows"].size(), 1u);
  EXPECT_EQ(corrections["rows"][0]["change"], "void");
  EXPECT_EQ(corrections["rows"][0]["reason"], "entered_twice");
  EXPECT_EQ(corrections["findings_count"], 0);

  const auto heir = ask("tree_get", {{"tree", "river-ngo/replant-river-bank#0"}});
  EXPECT_EQ(heir["state"], "allocated");
  EXPECT_EQ(heir["allocation"], "river-ngo/replace-river-bank");
  const auto count = ask("record_get", {{"id", "verifier/count-277"}});
  EXPECT_EQ(count["object"]["witness"], "verified");
}

TEST(Demo, WithSevenValidatorsTellsProgramsOneObjectALineAndServesItsAudits) {
  const char* binary = std::getenv("TREEPROOF_BINARY");
  if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
  const std::filesystem::path folder = new_folder();
  ServingDemo demo(binary, folder / "home");
  std::map<std::string, std::vector<nlohmann::json>> events;
  for (auto event = demo.next(); event.is_object(); event = demo.next()) {
    events[event.at("event")].push_back(event);
    if (event.at("event") == "serving") break;
  }
  ASSERT_EQ(events["serving"].size(), 1u);
  EXPECT_EQ(events["node"].size(), 8u);
  EXPECT_GE(events["season"].size(), 20u);
  ASSERT_EQ(events["certificate"].size(), 1u);
  EXPECT_EQ(events["certificate"][0].at("answer").at("valid"), true);
  ASSERT_EQ(events["audit"].size(), 1u);
  EXPECT_EQ(events["audit"][0].at("answer").at("clean"), true);
  ASSERT_EQ(events["summary"].size(), 1u);
  EXPECT_EQ(events["summary"][0].at("exit_code"), 0);
  const auto frozen = std::ranges::count_if(events["season"], [](const nlohmann::json& event) {
    return event.at("text").get<std::string>().find("target_frozen: ") != std::string::npos;
  });
  EXPECT_EQ(frozen, 1);
  auto regulator = cli::RpcClient::open("http://127.0.0.1:23644");
  ASSERT_TRUE(regulator.has_value());
  expect_the_aftermath(*regulator);
  EXPECT_EQ(demo.end(), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace treeproof
