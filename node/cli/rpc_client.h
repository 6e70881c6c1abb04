// A node's HTTP port as a command sees it: calls, batches, plain routes, attachments.
// Owns one connection, kept alive; not the meaning of answers. Callers: commands, demo. One thread.
// Source: docs/api.md; JSON-RPC 2.0.
// What the node answers is hostile input: bounded here, checked by whoever reads it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "node/cli/outcome.h"
#include "rpc/json.h"

namespace treeproof::cli {

inline constexpr std::string_view kDefaultRpcUrl = "http://127.0.0.1:8640";

class RpcClient {
 public:
  // "http://host:port" or "https://host:port", "/rpc" at its end is no matter. Connects later.
  static Result<RpcClient> open(std::string_view url);
  RpcClient(RpcClient&&) noexcept;
  RpcClient& operator=(RpcClient&&) noexcept;
  ~RpcClient();

  const std::string& url() const noexcept;
  // How long an answer may take; 30 s unless told otherwise.
  void set_timeout_ms(std::uint32_t timeout_ms);

  // The result. An error of the node becomes a failure: exit code 1 for what it does not know or
  // refuses, 2 for anything else. `params` is an object.
  Result<rpc::Json> call(std::string_view method, const rpc::Json& params);
  // One HTTP request for as many calls of one method, at most 1,000; all must succeed. A batch too
  // large for the server is split.
  Result<std::vector<rpc::Json>> batch(std::string_view method,
                                       const std::vector<rpc::Json>& params);

  // A plain route. 404 is a failure with exit code 1.
  Result<crypto::Bytes> get(const std::string& path, std::size_t bytes_max);
  Result<void> put_attachment(const crypto::Hash& root, crypto::ByteSpan bytes);

 private:
  struct Connection;
  explicit RpcClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

// Every item of a list method, page after page. `params` without cursor and limit.
Result<std::vector<rpc::Json>> list_all(RpcClient& client, std::string_view method,
                                        rpc::Json params);

// "org/ref#0" as it stands in a path.
std::string percent_encoded(std::string_view text);

}  // namespace treeproof::cli
