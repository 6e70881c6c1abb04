#include "node/cli/chain_source.h"

#include <nlohmann/json.hpp>

#include "node/cli/answers.h"
#include "node/store/store.h"
#include "rpc/genesis_json.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

std::unexpected<Failure> malformed(Height height, const std::string& what) {
  return fail("The node's answer for height " + std::to_string(height.value) + " has a malformed " +
                  what + ".",
              "Check that this program and the node are of the same version.");
}

Result<ledger::AttachmentPtr> judged(crypto::Bytes bytes, const ledger::AttachmentRef& announced) {
  auto checked = ledger::Attachment::check(std::move(bytes), announced);
  if (checked) return *std::move(checked);
  return deny("The attachment " + crypto::to_hex(announced.root) +
                  " is not what its statement announces: " + ledger::to_string(checked.error()) +
                  ".",
              "Ask another node for it.");
}

template <std::size_t kSize>
std::array<std::uint8_t, kSize> hex_array(const Json& object, const char* key) {
  const auto bytes = crypto::from_hex(text_at(object, key));
  std::array<std::uint8_t, kSize> array{};
  if (!bytes || bytes->size() != kSize) throw std::runtime_error(std::string("bad hex in ") + key);
  std::ranges::copy(*bytes, array.begin());
  return array;
}

bft::CommitCertificate certificate_of(const Json& answer) {
  const Json& bind = answer.at("bind");
  bft::CommitCertificate certificate;
  certificate.height = {number_at(bind, "height")};
  certificate.round = {static_cast<std::int32_t>(
      std::min<std::uint64_t>(number_at(bind, "round"), std::uint64_t{kRoundMax} + 1))};
  certificate.block = {hash_at(bind, "header_hash"), number_at(bind, "log_size"),
                       hash_at(answer, "log_root")};
  for (const Json& receipt : answer.at("receipts")) {
    certificate.signatures.push_back({text_at(receipt, "org"), hex_array<8>(receipt, "kid"),
                                      hex_array<64>(receipt, "signature")});
  }
  return certificate;
}

ledger::Block block_of(const Json& answer) {
  ledger::Block block;
  block.header_bytes = proof_at(answer, "header_bytes");
  for (const Json& statement : answer.at("statements")) {
    block.statements.push_back(proof_at(statement, "bytes"));
  }
  block.evidence = proof_at(answer, "evidence");
  block.previous_commit = proof_at(answer, "previous_commit");
  return block;
}

class RpcSource final : public ChainSource {
 public:
  explicit RpcSource(RpcClient client) : client_(std::move(client)) {}

  Result<GenesisFile> genesis() override {
    const auto bytes = client_.get("/genesis.json", rpc::kGenesisBytesMax);
    if (!bytes) return std::unexpected(bytes.error());
    return judge_genesis(std::string(crypto::as_text(*bytes)), client_.url() + "/genesis.json");
  }
  Result<Height> tip() override {
    const auto status = client_.call("chain_status", Json::object());
    if (!status) return std::unexpected(status.error());
    return Height{number_at(*status, "height")};
  }
  Result<std::vector<LoggedBlock>> blocks(Height from, std::size_t count) override {
    std::vector<Json> with_bytes;
    std::vector<Json> heights;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string height = std::to_string(from.value + i);
      with_bytes.push_back({{"height", height}, {"statement_bytes", true}});
      heights.push_back({{"height", height}});
    }
    const auto blocks = client_.batch("chain_getBlock", with_bytes);
    if (!blocks) return std::unexpected(blocks.error());
    const auto commits = client_.batch("chain_getCommit", heights);
    if (!commits) return std::unexpected(commits.error());
    std::vector<LoggedBlock> logged;
    for (std::size_t i = 0; i < count; ++i) {
      try {
        logged.push_back({block_of((*blocks)[i]), certificate_of((*commits)[i])});
      } catch (const std::exception& problem) {
        return malformed(Height{from.value + i}, problem.what());
      }
    }
    return logged;
  }
  Result<ledger::AttachmentPtr> attachment(const ledger::AttachmentRef& announced) override {
    auto bytes = client_.get("/attachment/" + crypto::to_hex(announced.root), kAttachmentBytesMax);
    if (!bytes) return std::unexpected(bytes.error());
    return judged(*std::move(bytes), announced);
  }

 private:
  RpcClient client_;
};

class HomeSource final : public ChainSource {
 public:
  HomeSource(std::unique_ptr<store::Store> store, GenesisFile genesis)
      : store_(std::move(store)), view_(store_->latest()), genesis_(std::move(genesis)) {}

  Result<GenesisFile> genesis() override { return genesis_; }
  Result<Height> tip() override { return view_->height(); }
  Result<std::vector<LoggedBlock>> blocks(Height from, std::size_t count) override {
    if (from < view_->base()) {
      return fail("The store begins at height " + std::to_string(view_->base().value) +
                      ", where it was restored from a snapshot.",
                  "Audit a node that holds every block, with --rpc or its --home.");
    }
    std::vector<LoggedBlock> logged;
    for (std::uint64_t h = from.value; h < from.value + count; ++h) {
      const auto block = view_->block(Height{h});
      auto certificate = view_->certificate(Height{h});
      if (!block || !certificate) {
        return deny("The store holds no block of height " + std::to_string(h) + ".",
                    "Run `treeproof store check`.");
      }
      logged.push_back({*block, *std::move(certificate)});
    }
    return logged;
  }
  Result<ledger::AttachmentPtr> attachment(const ledger::AttachmentRef& announced) override {
    auto held = view_->attachment(announced.root);
    if (held) return held;
    return deny("The store holds no attachment " + crypto::to_hex(announced.root) + ".",
                "Run `treeproof store check`.");
  }

 private:
  std::unique_ptr<store::Store> store_;
  rpc::ChainViewPtr view_;
  GenesisFile genesis_;
};

}  // namespace

std::unique_ptr<ChainSource> rpc_source(RpcClient client) {
  return std::make_unique<RpcSource>(std::move(client));
}

Result<std::unique_ptr<ChainSource>> home_source(const std::filesystem::path& home,
                                                 GenesisFile genesis) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(home, ignored)) {
    return fail("\"" + home.string() + "\" is no folder.", "Give the home of a node.");
  }
  auto opened = store::Store::open(home, genesis.genesis);
  if (!opened) {
    return fail("The store in \"" + home.string() + "\" does not open: " + opened.error(),
                "Stop its node first, and check that the genesis file is that of its chain.");
  }
  return std::make_unique<HomeSource>(*std::move(opened), std::move(genesis));
}

}  // namespace treeproof::cli
