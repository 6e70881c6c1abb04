// Records statements once: what the chain has already is found, not signed a second time, so that
// an import that stopped half-way goes on where it stopped.
// Owns its connection and key. Callers: the imports. One thread.
// Source: docs/importing.md "Again and again"; docs/api.md record_get, record_submit.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "node/cli/submission.h"

namespace treeproof::import {

struct RecordedOnce {
  std::string object;
  crypto::Hash statement{};
  std::uint64_t height = 0;
  bool was_there = false;
};

class Recorder {
 public:
  // Reads the key and asks the node for its chain.
  static cli::Result<Recorder> open(const std::filesystem::path& key_file, const std::string& url);

  const std::string& org() const noexcept { return key_.org; }
  const cli::KeyFile& key() const noexcept { return key_; }
  cli::RpcClient& node() noexcept { return client_; }
  // Days since 1970-01-01 of the chain's latest block.
  cli::Result<std::int32_t> chain_day();

  // What this organisation recorded under a ref, if anything.
  cli::Result<std::optional<RecordedOnce>> find(const std::string& ref);
  // Signs and submits, or finds the record of the same payload. A refusal has exit code 1: one of
  // the node's, or ref_reused where another payload has the ref.
  cli::Result<RecordedOnce> record(const ledger::Payload& payload,
                                   const ledger::AttachmentPtr& attachment = nullptr);

 private:
  Recorder(cli::RpcClient client, cli::KeyFile key, std::string chain_id)
      : client_(std::move(client)), key_(std::move(key)), chain_id_(std::move(chain_id)) {}
  struct Found {
    RecordedOnce record;
    ledger::StatementPtr statement;
  };
  cli::Result<std::optional<Found>> look_up(const std::string& ref);

  cli::RpcClient client_;
  cli::KeyFile key_;
  std::string chain_id_;
};

}  // namespace treeproof::import
