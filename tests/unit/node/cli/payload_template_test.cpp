#include "node/cli/payload_template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "node/cli/record_commands.h"
#include "node/cli/statement_file.h"
#include "rpc/json_codec.h"
#include "tests/unit/node/cli/scratch.h"

namespace treeproof::cli {
namespace {

TEST(PayloadTemplate, EveryTypeReadsBackStrictly) {
  for (const std::string& name : template_names()) {
    const auto made = payload_template(name);
    ASSERT_TRUE(made.has_value()) << name;
    const auto text = rpc::parse_json(rpc::to_text(rpc::payload_to_json(*made)));
    ASSERT_TRUE(text.has_value()) << name;
    const auto read = rpc::payload_from_json(*text);
    ASSERT_TRUE(read.has_value()) << name << ": " << rpc::to_string(read.error());
    EXPECT_EQ(*read, *made) << name;
  }
}

TEST(PayloadTemplate, CoversEveryTypeOfPayloadAndChange) {
  EXPECT_EQ(template_names().size(),
            std::variant_size_v<ledger::Payload> + std::variant_size_v<ledger::Change>);
  EXPECT_EQ(payload_template("plantation"), std::nullopt);
  EXPECT_EQ(payload_template("propose:war"), std::nullopt);
}

TEST(RecordSign, MakesAStatementThatReadsBackFromBytesAndHex) {
  const Scratch scratch;
  StringConsole console;
  ASSERT_TRUE(
      write_key_file(scratch.path("key"), {"desert-ngo", {ledger::KeyRole::plant}, random_key()})
          .has_value());
  console.in.str(rpc::to_text(rpc::payload_to_json(*payload_template("evidence"))));
  RecordSignOptions options;
  options.file = "-";
  options.key = scratch.path("key");
  options.chain = "test-0123";
  options.issued_at_s = 1'700'000'000;
  options.out = scratch.path("statement");
  ASSERT_EQ(record_sign(options, console.console), ExitCode::ok) << console.err.str();
  const auto from_bytes = read_statement(scratch.path("statement"), console.console);
  ASSERT_TRUE(from_bytes.has_value());
  EXPECT_EQ((*from_bytes)->issuer.text, "desert-ngo");
  EXPECT_EQ((*from_bytes)->chain_id, "test-0123");
  StringConsole again;
  again.in.str(" " + crypto::to_hex((*from_bytes)->bytes) + "\n");
  const auto from_hex = read_statement("-", again.console);
  ASSERT_TRUE(from_hex.has_value());
  EXPECT_EQ((*from_hex)->id, (*from_bytes)->id);
}

TEST(RecordSign, RefusesAnotherIssuerAndMalformedPayloads) {
  const Scratch scratch;
  ASSERT_TRUE(
      write_key_file(scratch.path("key"), {"desert-ngo", {ledger::KeyRole::plant}, random_key()})
          .has_value());
  RecordSignOptions options;
  options.file = "-";
  options.key = scratch.path("key");
  options.chain = "test-0123";
  options.issuer = "river-ngo";
  StringConsole other;
  EXPECT_EQ(record_sign(options, other.console), ExitCode::failed);
  EXPECT_NE(other.err.str().find("belongs to desert-ngo"), std::string::npos);
  options.issuer.clear();
  StringConsole malformed;
  malformed.in.str(R"({"type": "pledge", "ref": "x"})");
  EXPECT_EQ(record_sign(options, malformed.console), ExitCode::failed);
  EXPECT_NE(malformed.err.str().find("is no payload"), std::string::npos);
}

TEST(ReadStatement, RefusesWhatIsNone) {
  StringConsole console;
  for (const char* text : {"", "00", "zz", "d2844101a0f6"}) {
    console.in.clear();
    console.in.str(text);
    const auto read = read_statement("-", console.console);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, ExitCode::failed);
  }
}

}  // namespace
}  // namespace treeproof::cli
