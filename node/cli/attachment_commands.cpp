#include "node/cli/attachment_commands.h"

#include <nlohmann/json.hpp>

#include "node/cli/attachment_build.h"
#include "node/cli/files.h"
#include "rpc/json_codec.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::size_t kLeavesJsonBytesMax = 256u << 20;
constexpr rpc::JsonLimits kLeavesLimits{.depth_max = 8, .values_max = 8u << 20, .keys_max = 16};

// [{"unit": 0, "shares": [{"salt", "reference"}]}]: unit i of the redemption batch.
Json openings_json(const PrivateRedemption& redemption) {
  Json units = Json::array();
  for (std::size_t unit = 0; unit < redemption.openings.size(); ++unit) {
    Json shares = Json::array();
    for (const proofs::Opening& opening : redemption.openings[unit]) {
      shares.push_back({{"salt", crypto::to_hex(opening.salt)}, {"reference", opening.reference}});
    }
    units.push_back({{"unit", unit}, {"shares", shares}});
  }
  return units;
}

Result<ledger::AttachmentPtr> build_private(const std::vector<std::vector<UserShare>>& shares,
                                            const AttachmentBuildOptions& options) {
  if (!options.openings) {
    return fail("Shares with references need a place for their salts.",
                "Give --openings FILE: the users' openings, which nobody can make again.");
  }
  auto redemption = redeem_for_users(shares);
  if (!redemption) return std::unexpected(redemption.error());
  const std::string text = rpc::to_pretty_text(openings_json(*redemption)) + "\n";
  auto written =
      write_file(*options.openings, crypto::as_bytes(text), Replace::never, Privacy::owner);
  if (!written) return std::unexpected(written.error());
  return redemption->attachment;
}

Result<ledger::AttachmentPtr> build(const AttachmentBuildOptions& options, Console& console) {
  const auto text = read_text_or_input(options.file, kLeavesJsonBytesMax, console);
  if (!text) return std::unexpected(text.error());
  const auto json = rpc::parse_json(*text, kLeavesLimits);
  if (!json) {
    return fail("\"" + options.file + "\" is not JSON: " + rpc::to_string(json.error()) + ".",
                "Mend the file.");
  }
  if (options.kind == "redeem") {
    auto shares = user_shares_from_json(*json);
    if (!shares) return std::unexpected(shares.error());
    if (*shares) return build_private(**shares, options);
  }
  return attachment_from_json(options.kind, *json);
}

}  // namespace

ExitCode attachment_build(const AttachmentBuildOptions& options, Console& console) {
  const auto attachment = build(options, console);
  if (!attachment) return console.report(attachment.error());
  if (auto written = write_file(options.out, (*attachment)->bytes()); !written) {
    return console.report(written.error());
  }
  const ledger::AttachmentRef& ref = (*attachment)->announced();
  if (console.wants_json()) {
    console.print_json({{"file", options.out}, {"attachment", rpc::to_json(ref)}});
  } else {
    print_facts(console.out(), {{"file", options.out},
                                {"root", crypto::to_hex(ref.root)},
                                {"count", std::to_string(ref.count)},
                                {"bytes", std::to_string(ref.bytes)}});
  }
  return ExitCode::ok;
}

}  // namespace treeproof::cli
