#include "tests/system/same_ledger.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace treeproof::system_test {

namespace {

// Answers to one call of a method for each of `params`, in order.
cli::Result<std::vector<rpc::Json>> ask(const demo::Cast& cast, const std::string& org,
                                        std::string_view method,
                                        const std::vector<rpc::Json>& params) {
  constexpr std::size_t kAtOnce = 500;
  auto client = cli::RpcClient::open(cast.rpc_url(org));
  if (!client) return std::unexpected(client.error());
  std::vector<rpc::Json> answers;
  for (std::size_t at = 0; at < params.size(); at += kAtOnce) {
    const auto first = params.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kAtOnce, params.size() - at));
    auto some = client->batch(method, std::vector<rpc::Json>(first, first + count));
    if (!some) return std::unexpected(some.error());
    std::ranges::move(*some, std::back_inserter(answers));
  }
  return answers;
}

}  // namespace

Complaint lags_behind(const demo::Cast& cast, const std::string& org, std::uint64_t height) {
  auto client = cli::RpcClient::open(cast.rpc_url(org));
  if (!client) return client.error().what;
  if (auto reached = demo::wait_for_height(*client, height); !reached) {
    return org + ": " + reached.error().what;
  }
  return std::nullopt;
}

Complaint headers_differ(const demo::Cast& cast, const std::vector<std::string>& orgs,
                         std::uint64_t from, std::uint64_t to) {
  std::vector<rpc::Json> heights;
  for (std::uint64_t height = from; height <= to; ++height) {
    heights.push_back({{"height", height}});
  }
  std::optional<std::vector<rpc::Json>> expected;
  for (const std::string& org : orgs) {
    const auto headers = ask(cast, org, "chain_getHeader", heights);
    if (!headers) return org + ": " + headers.error().what;
    if (!expected) expected = *headers;
    for (std::size_t i = 0; i < heights.size(); ++i) {
      // Not the whole answer: it also says how high the chain stands by now.
      if ((*headers)[i].at("header_bytes") == (*expected)[i].at("header_bytes")) continue;
      return "height " + std::to_string(from + i) + " of " + org + " differs from " + orgs[0] +
             "'s: " + (*headers)[i].dump() + " and " + (*expected)[i].dump();
    }
  }
  return std::nullopt;
}

Complaint lacks_a_record(const demo::Cast& cast, const std::string& org,
                         std::span<const demo::Recorded> acknowledged) {
  std::vector<rpc::Json> ids;
  for (const demo::Recorded& wanted : acknowledged) ids.push_back({{"id", wanted.object.text}});
  const auto found = ask(cast, org, "record_get", ids);
  if (!found) return org + " lost a record: " + found.error().what;
  for (std::size_t i = 0; i < acknowledged.size(); ++i) {
    const demo::Recorded& wanted = acknowledged[i];
    const rpc::Json& record = (*found)[i].at("record");
    const bool is_same = record.at("statement") == crypto::to_hex(wanted.id) &&
                         record.at("height") == std::to_string(wanted.height) &&
                         record.at("log_index") == std::to_string(wanted.log_index);
    if (!is_same) return org + " has " + wanted.object.text + " elsewhere: " + record.dump();
  }
  return std::nullopt;
}

}  // namespace treeproof::system_test
