// Which requests are refused before their body is read, so that no two readers of the same bytes
// could disagree on where a request ends; and small readings of headers.
// Owns nothing. Caller: the server. Pure. Source: RFC 9112 sections 2.2, 3.2, 6 and 11.2.
#pragma once

#include <optional>
#include <string>

#include "consensus/types/height.h"
#include "crypto/bytes.h"
#include "rpc/http_message.h"

namespace treeproof::rpc {

struct RequestRefusal {
  unsigned status = 400;
  std::string_view sentence;
  bool operator==(const RequestRefusal&) const = default;
};

// What the head of a request says.
struct RequestHead {
  std::size_t content_lengths = 0;  // fields of that name
  bool has_length_list = false;     // one with a comma
  bool has_transfer_encoding = false;
  bool is_chunked = false;  // as the parser will read it
  unsigned version = 11;
  std::size_t hosts = 0;
  std::uint64_t content_length = 0;
  std::uint64_t body_bytes_max = 0;
  bool is_over_budget = false;
  bool is_node_full = false;
};
std::optional<RequestRefusal> judge_request(const RequestHead& head);
RequestRefusal over_budget();

// How a failed read of a head is answered; nothing where the peer just went away.
enum class ReadFailure : std::uint8_t { gone, malformed, header_too_large, body_too_large };
std::optional<RequestRefusal> refusal_of(ReadFailure failure);

struct ResponseForm {
  unsigned version = 11;
  bool is_head = false;
  bool keeps_alive = true;
};
HttpResponse response_of(const RequestRefusal& refusal);

// The account of an address of 4 or 16 bytes: an IPv6 client owns its /64.
std::string client_of(crypto::ByteSpan address);
// A height; nothing where it is none.
std::optional<Height> last_event_id(std::string_view text);

}  // namespace treeproof::rpc
