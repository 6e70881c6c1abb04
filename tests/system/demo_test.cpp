// The demo as a newcomer runs it, and its certificate handed to programs that share no code with
// the node (tests/interop reads the folder that $TREEPROOF_INTEROP_DIR names).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "consensus/proofs/verify.h"
#include "node/cli/files.h"
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

TEST(Demo, WithSevenValidatorsTellsProgramsOneObjectALine) {
  const char* binary = std::getenv("TREEPROOF_BINARY");
  if (binary == nullptr) GTEST_SKIP() << "TREEPROOF_BINARY names no treeproof: use ./run test";
  const std::filesystem::path folder = new_folder();
  const std::filesystem::path out = folder / "out";
  const std::string command = std::string(binary) + " demo --once --json --validators 7 --home " +
                              (folder / "home").string() + " --rpc-port 23640 --peer-port 23650 >" +
                              out.string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::map<std::string, std::vector<nlohmann::json>> events;
  std::ifstream stream(out);
  for (std::string line; std::getline(stream, line);) {
    auto event = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(event.is_object()) << line;
    events[event.at("event")].push_back(std::move(event));
  }
  EXPECT_EQ(events["node"].size(), 8u);
  EXPECT_GE(events["season"].size(), 10u);
  ASSERT_EQ(events["certificate"].size(), 1u);
  EXPECT_EQ(events["certificate"][0].at("answer").at("valid"), true);
  ASSERT_EQ(events["audit"].size(), 1u);
  EXPECT_EQ(events["audit"][0].at("answer").at("clean"), true);
  ASSERT_EQ(events["summary"].size(), 1u);
  EXPECT_EQ(events["summary"][0].at("exit_code"), 0);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace treeproof
