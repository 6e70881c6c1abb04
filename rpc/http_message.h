// A request and a response of HTTP as the routes see them: no socket, no Beast.
// Plain values. Callers: site, the server. Source: RFC 9110.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace treeproof::rpc {

// The path of a target, without its query.
inline std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

struct HttpRequest {
  std::string method;  // as sent: "GET", "POST"
  std::string target;  // path and query
  std::string if_none_match;
  std::string body;
};

struct HttpHeader {
  std::string_view name;
  std::string value;
};

struct HttpResponse {
  unsigned status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
  std::span<const std::uint8_t> file;  // instead of the body; lives as long as the server
  std::vector<HttpHeader> headers;
};

// A request on its way; see CallReply.
struct HttpReply {
  std::function<void(HttpResponse response)> done;
  std::function<void(std::uint32_t wait_ms)> waits;
};

}  // namespace treeproof::rpc
