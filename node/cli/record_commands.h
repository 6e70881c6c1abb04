// `treeproof record new|sign|check|submit|show|consent`.
// Own no rule and no form of a payload (rpc/json_codec.h). Called by main; tests.
// Source: docs/running.md "Records"; docs/api.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/cli/console.h"
#include "node/cli/submission.h"

namespace treeproof::cli {

struct RecordNewOptions {
  std::string type;                 // "plant"; for propose also "propose:species_put"
  std::optional<std::string> file;  // a payload to be checked; none: print a template
};
ExitCode record_new(const RecordNewOptions& options, Console& console);

struct RecordSignOptions {
  std::string file;  // payload; "-" is the input
  std::string key;
  std::string chain;  // empty: ask the node
  std::string rpc;
  std::string issuer;  // empty: the key's organisation
  std::optional<std::uint64_t> issued_at_s;
  std::string out;  // empty: hex on the console
};
ExitCode record_sign(const RecordSignOptions& options, Console& console);

struct RecordCheckOptions {
  std::string file;
  std::string rpc;
};
// Every rule with its numbers. 0: would be included, or waits for others; 1: would be refused.
ExitCode record_check(const RecordCheckOptions& options, Console& console);

struct RecordSubmitOptions {
  std::vector<std::string> files;
  std::vector<std::string> attachments;
  std::string rpc;
  std::uint32_t wait_ms = kDefaultWaitMs;
};
// In the order given; stops at the first that is refused.
ExitCode record_submit(const RecordSubmitOptions& options, Console& console);

struct RecordShowOptions {
  std::string what;  // "org/ref", a statement id in hex, or a file
  std::string rpc;
};
ExitCode record_show(const RecordShowOptions& options, Console& console);

struct RecordConsentOptions {
  std::string id;   // of the statement, hex
  std::string ref;  // empty: made from the id
  std::string key;
  std::string rpc;
  std::uint32_t wait_ms = kDefaultWaitMs;
};
// Signs and submits the consent.
ExitCode record_consent(const RecordConsentOptions& options, Console& console);

}  // namespace treeproof::cli
