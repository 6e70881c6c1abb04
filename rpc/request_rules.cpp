#include "rpc/request_rules.h"

#include <charconv>

#include "rpc/rpc_error.h"

namespace treeproof::rpc {

namespace {
constexpr unsigned kHttp10 = 10;
constexpr std::size_t kNetworkBytes = 8;  // of an IPv6 address
}  // namespace

RequestRefusal over_budget() { return {429, "This client asks for too much; try again."}; }

std::optional<RequestRefusal> judge_request(const RequestHead& head) {
  if (head.version > kHttp10 && head.hosts != 1) {
    return RequestRefusal{400, "A request has one Host."};
  }
  if (head.content_lengths > 1 || head.has_length_list) {
    return RequestRefusal{400, "A request has one Content-Length."};
  }
  const bool is_unread_coding = head.has_transfer_encoding && !head.is_chunked;
  if (is_unread_coding || (head.has_transfer_encoding && head.version <= kHttp10)) {
    return RequestRefusal{400, "chunked is the one transfer coding that is taken."};
  }
  if (head.content_length > head.body_bytes_max) {
    return RequestRefusal{413, "The body is too large."};
  }
  if (head.is_over_budget) return over_budget();
  if (head.is_node_full) return RequestRefusal{503, "The node is busy; try again."};
  return std::nullopt;
}

std::optional<RequestRefusal> refusal_of(ReadFailure failure) {
  switch (failure) {
    case ReadFailure::gone:
      return std::nullopt;
    case ReadFailure::malformed:
      return RequestRefusal{400, "This is not HTTP as RFC 9112 has it."};
    case ReadFailure::header_too_large:
      return RequestRefusal{431, "The header is too large."};
    case ReadFailure::body_too_large:
      return RequestRefusal{413, "The body is too large."};
  }
  return std::nullopt;
}

HttpResponse response_of(const RequestRefusal& refusal) {
  HttpResponse response{.status = refusal.status,
                        .body = std::string(refusal.sentence) + "\n",
                        .file = {},
                        .headers = {}};
  if (refusal.status == 429 || refusal.status == 503) {
    response.headers.push_back({"Retry-After", "1"});
  }
  return response;
}

std::string client_of(crypto::ByteSpan address) {
  constexpr std::array<std::uint8_t, 12> kMappedIpv4{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address.size() != 16) return crypto::to_hex(address);
  const bool is_ipv4 = crypto::equal(address.first(kMappedIpv4.size()), kMappedIpv4);
  return crypto::to_hex(is_ipv4 ? address.subspan(kMappedIpv4.size())
                                : address.first(kNetworkBytes));
}

std::optional<Height> last_event_id(std::string_view text) {
  Height height;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), height.value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  return is_whole ? std::optional(height) : std::nullopt;
}

}  // namespace treeproof::rpc
