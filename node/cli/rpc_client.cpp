#include "node/cli/rpc_client.h"

#include <httplib.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "rpc/json_reader.h"

namespace treeproof::cli {

namespace {

using rpc::Json;

constexpr std::size_t kAnswerBytesMax = 24u << 20;
constexpr rpc::JsonLimits kAnswerLimits{
    .depth_max = 40, .values_max = 4'000'000, .keys_max = 4'096};
constexpr int kBusyRetries = 20;
constexpr std::size_t kListLimit = 500;
constexpr int kNotFound = -32001;
constexpr int kRefused = -32002;
constexpr int kPruned = -32004;
constexpr int kLimit = -32005;

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string numbers_text(const Json& data) {
  std::string text;
  if (!data.is_object() || !data.contains("numbers") || !data["numbers"].is_array()) return text;
  for (const Json& number : data["numbers"]) {
    text += text.empty() ? ": " : ", ";
    text += text_of(number, "label") + "=" + text_of(number, "value");
  }
  return text;
}

Failure failure_of(std::string_view method, const Json& error) {
  const int code =
      error.contains("code") && error["code"].is_number_integer() ? error["code"].get<int>() : 0;
  const Json data = error.contains("data") ? error["data"] : Json();
  if (code == kNotFound) {
    return {"The node knows no " + text_of(data, "what") + " \"" + text_of(data, "id") + "\".",
            "Check the name, and whether the node has caught up (`treeproof status`).",
            ExitCode::negative, kReasonNotFound};
  }
  if (code == kRefused) {
    return {"The node refused it: " + text_of(data, "reason") + numbers_text(data) + ".",
            text_of(data, "sentence"), ExitCode::negative, text_of(data, "reason")};
  }
  if (code == kPruned) {
    return {"The node no longer holds what was asked for.", text_of(data, "sentence")};
  }
  if (code == kLimit) {
    return {"The node's limit \"" + text_of(data, "limit") + "\" was exceeded.",
            "Ask for less at once."};
  }
  return {"The node answered " + std::string(method) + " with error " + std::to_string(code) +
              ": " + text_of(error, "message") + ".",
          "Check that this program and the node are of the same version."};
}

std::unexpected<Failure> no_answer_of_rpc(std::string_view method) {
  return fail("The answer to " + std::string(method) + " is not one of JSON-RPC 2.0.",
              "Check that --rpc names the HTTP port of a Treeproof node.");
}

std::string in_words(httplib::Error error) {
  if (error == httplib::Error::Connection) return "it cannot be reached";
  if (error == httplib::Error::Read) return "it stopped answering";
  if (error == httplib::Error::Write) return "it stopped listening";
  return httplib::to_string(error);
}

Json call_object(std::string_view method, const Json& params, std::size_t id) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
}

}  // namespace

struct RpcClient::Connection {
  explicit Connection(const std::string& address) : url(address), http(address) {
    http.set_keep_alive(true);
    http.set_connection_timeout(std::chrono::seconds(10));
    http.set_write_timeout(std::chrono::seconds(60));
    http.set_read_timeout(std::chrono::seconds(30));
    http.set_tcp_nodelay(true);
  }

  struct Answer {
    int status = 0;
    std::string body;
  };

  // Waits and asks again while the node says that it is busy.
  Result<Answer> send(const std::string& method, const std::string& path, std::string body,
                      const char* content_type, std::size_t bytes_max) {
    for (int attempt = 0;; ++attempt) {
      Answer answer;
      bool too_long = false;
      httplib::Request request;
      request.method = method;
      request.path = path;
      request.body = body;
      if (content_type != nullptr) request.set_header("Content-Type", content_type);
      request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                     std::uint64_t) {
        too_long = answer.body.size() + size > bytes_max;
        if (!too_long) answer.body.append(data, size);
        return !too_long;
      };
      const httplib::Result result = http.send(request);
      if (too_long) {
        return fail("The answer of " + url + path + " is longer than " + std::to_string(bytes_max) +
                        " bytes.",
                    "Check that --rpc names the HTTP port of a Treeproof node.");
      }
      if (!result) {
        return fail("No answer from " + url + ": " + in_words(result.error()) + ".",
                    "Check that the node runs and that --rpc names its HTTP port.");
      }
      answer.status = result->status;
      if (answer.status != 429 || attempt >= kBusyRetries) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
  }

  Result<Json> post(std::string_view method, const Json& body) {
    auto answer = send("POST", "/rpc", rpc::to_text(body), "application/json", kAnswerBytesMax);
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != 200) {
      return fail(url + " answered with HTTP status " + std::to_string(answer->status) + ".",
                  "Check that --rpc names the HTTP port of a Treeproof node.");
    }
    auto parsed = rpc::parse_json(answer->body, kAnswerLimits);
    if (!parsed) return no_answer_of_rpc(method);
    return *std::move(parsed);
  }

  std::string url;
  httplib::Client http;
};

RpcClient::RpcClient(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
RpcClient::RpcClient(RpcClient&&) noexcept = default;
RpcClient& RpcClient::operator=(RpcClient&&) noexcept = default;
RpcClient::~RpcClient() = default;

Result<RpcClient> RpcClient::open(std::string_view url) {
  if (url.ends_with("/")) url.remove_suffix(1);
  if (url.ends_with("/rpc")) url.remove_suffix(4);
  const std::string address(url);
  const bool has_scheme = url.starts_with("http://") || url.starts_with("https://");
  const std::string_view host = has_scheme ? url.substr(url.find("//") + 2) : std::string_view();
  if (host.empty() || host.contains('/')) {
    return fail("\"" + address + "\" is no address of a node.",
                "Give --rpc as http://host:port, such as " + std::string(kDefaultRpcUrl) + ".");
  }
  auto connection = std::make_unique<Connection>(address);
  if (!connection->http.is_valid()) {
    return fail("\"" + address + "\" is no address of a node.",
                "Give --rpc as http://host:port, such as " + std::string(kDefaultRpcUrl) + ".");
  }
  return RpcClient(std::move(connection));
}

const std::string& RpcClient::url() const noexcept { return connection_->url; }

void RpcClient::set_timeout_ms(std::uint32_t timeout_ms) {
  connection_->http.set_read_timeout(std::chrono::milliseconds(timeout_ms));
}

Result<Json> RpcClient::call(std::string_view method, const Json& params) {
  auto answer = connection_->post(method, call_object(method, params, 1));
  if (!answer) return std::unexpected(answer.error());
  if (!answer->is_object()) return no_answer_of_rpc(method);
  if (answer->contains("error")) return std::unexpected(failure_of(method, (*answer)["error"]));
  if (!answer->contains("result")) return no_answer_of_rpc(method);
  return std::move((*answer)["result"]);
}

Result<std::vector<Json>> RpcClient::batch(std::string_view method,
                                           const std::vector<Json>& params) {
  std::vector<Json> results;
  if (params.empty()) return results;
  Json calls = Json::array();
  for (std::size_t i = 0; i < params.size(); ++i) {
    calls.push_back(call_object(method, params[i], i));
  }
  auto answer = connection_->post(method, calls);
  if (!answer) return std::unexpected(answer.error());
  if (!answer->is_array() || answer->size() != params.size()) return no_answer_of_rpc(method);
  results.resize(params.size());
  for (Json& item : *answer) {
    const bool has_id = item.is_object() && item.contains("id") && item["id"].is_number_unsigned();
    const std::size_t id = has_id ? item["id"].get<std::size_t>() : params.size();
    if (id >= params.size()) return no_answer_of_rpc(method);
    if (item.contains("error")) {
      const bool is_limit = params.size() > 1 && item["error"].is_object() &&
                            item["error"].value("code", Json(0)) == Json(kLimit);
      if (!is_limit) return std::unexpected(failure_of(method, item["error"]));
      const auto middle = params.begin() + static_cast<std::ptrdiff_t>(params.size() / 2);
      auto first = batch(method, {params.begin(), middle});
      if (!first) return first;
      auto second = batch(method, {middle, params.end()});
      if (second) second->insert(second->begin(), first->begin(), first->end());
      return second;
    }
    if (!item.contains("result")) return no_answer_of_rpc(method);
    results[id] = std::move(item["result"]);
  }
  return results;
}

Result<crypto::Bytes> RpcClient::get(const std::string& path, std::size_t bytes_max) {
  auto answer = connection_->send("GET", path, {}, nullptr, bytes_max);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 404) {
    return deny(url() + " has nothing at " + path + ".",
                "Check the name, and whether the node has caught up (`treeproof status`).");
  }
  if (answer->status != 200) {
    return fail(url() + path + " answered with HTTP status " + std::to_string(answer->status) + ".",
                "Check that --rpc names the HTTP port of a Treeproof node.");
  }
  return crypto::to_bytes(crypto::as_bytes(answer->body));
}

Result<void> RpcClient::put_attachment(const crypto::Hash& root, crypto::ByteSpan bytes) {
  const std::string path = "/attachment/" + crypto::to_hex(root);
  auto answer = connection_->send("PUT", path, std::string(crypto::as_text(bytes)),
                                  "application/cbor", kAnswerBytesMax);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == 204 || answer->status == 200 || answer->status == 409) return {};
  if (answer->status == 404) {
    return deny("The node awaits no attachment " + crypto::to_hex(root) + ".",
                "Submit the statement that announces it first; it may be recorded already.");
  }
  return deny("The node refused the attachment " + crypto::to_hex(root) + " (HTTP status " +
                  std::to_string(answer->status) + ").",
              "Build it anew with `treeproof attachment build` from the same data.");
}

Result<std::vector<Json>> list_all(RpcClient& client, std::string_view method, Json params) {
  std::vector<Json> items;
  params["limit"] = kListLimit;
  for (;;) {
    auto page = client.call(method, params);
    if (!page) return std::unexpected(page.error());
    if (!page->is_object() || !page->contains("items") || !(*page)["items"].is_array()) {
      return no_answer_of_rpc(method);
    }
    for (Json& item : (*page)["items"]) items.push_back(std::move(item));
    const Json cursor = page->value("cursor", Json());
    if (cursor.is_null()) return items;
    if (params.contains("cursor") && params["cursor"] == cursor) return no_answer_of_rpc(method);
    params["cursor"] = cursor;
  }
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.contains(c)) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace treeproof::cli
