// The plain routes of the site: each reads a snapshot and answers.
#include <algorithm>

#include "rpc/certificate_builder.h"
#include "rpc/log_tiles.h"
#include "rpc/openrpc.h"
#include "rpc/reading.h"
#include "rpc/site.h"
#include "rpc/trust_json.h"

namespace treeproof::rpc {

namespace {

constexpr std::uint64_t kEventsMax = 1'000;
constexpr std::string_view kBinary = "application/octet-stream";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";

HttpResponse text_response(unsigned status, std::string text) {
  return {.status = status, .body = std::move(text), .file = {}, .headers = {}};
}

HttpResponse typed(std::string_view content_type, std::string body) {
  return {.content_type = content_type, .body = std::move(body), .file = {}, .headers = {}};
}

HttpResponse absent() { return text_response(404, "There is nothing at this address.\n"); }

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? "" : target.substr(mark + 1);
}

// Percent-decoding; nothing where it is malformed.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '%') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::string digits(text.substr(1, 2));
    std::ranges::transform(digits, digits.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto byte = digits.size() == 2 ? crypto::from_hex(digits) : std::nullopt;
    if (!byte) return std::nullopt;
    out += static_cast<char>(byte->front());
    text.remove_prefix(3);
  }
  return out;
}

unsigned status_of(const RpcError& error) {
  if (error.code == ErrorCode::not_found) return 404;
  return error.code == ErrorCode::pruned ? 410 : 503;
}

// "<org/ref#index>.treecert".
std::optional<ledger::MemberId> tree_of(std::string_view path) {
  constexpr std::string_view kPrefix = "/certificate/";
  constexpr std::string_view kSuffix = ".treecert";
  path.remove_prefix(kPrefix.size());
  if (!path.ends_with(kSuffix)) return std::nullopt;
  path.remove_suffix(kSuffix.size());
  auto id = decoded(path);
  if (!id || !ledger::MemberId::check(*id)) return std::nullopt;
  return ledger::MemberId{*std::move(id)};
}

std::string event_text(const ledger::Header& header, const crypto::Hash& header_hash) {
  std::string out = "id: " + std::to_string(header.height.value) + "\nevent: block\ndata: {";
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(out.ends_with('{') ? "\"" : ",\"").append(name).append("\":\"");
    out.append(value) += '"';
  };
  add("height", std::to_string(header.height.value));
  add("time", std::to_string(header.time.value));
  add("header_hash", crypto::to_hex(header_hash));
  add("log_size", std::to_string(header.log_size));
  add("log_root", crypto::to_hex(header.log_root));
  add("state_root", crypto::to_hex(header.state_root));
  add("proposer", header.proposer.text);
  return out + "}\n\n";
}

std::string event_of(const ChainView& view, Height height) {
  if (height == view.height()) return event_text(view.header(), view.header_hash());
  const auto block = view.block(height);
  const auto header = header_of(view, height);
  return block && header ? event_text(*header, ledger::header_hash(block->header_bytes)) : "";
}

}  // namespace

void Site::events_after(std::optional<Height> after, std::function<void(Events)> done) {
  const bool is_taken = quick_->offer([this, after, done] {
    const ChainViewPtr view = services_->chain.latest();
    const std::uint64_t last = view->height().value;
    const std::uint64_t first = last > kEventsMax ? last - kEventsMax : 0;
    Events events{"", view->height()};
    for (std::uint64_t h = std::max(after.value_or(view->height()).value, first) + 1; h <= last;
         ++h) {
      events.text += event_of(*view, {h});
    }
    done(std::move(events));
  });
  if (!is_taken) done({"", after});
}

void Site::get_checkpoint(const HttpRequest&, const HttpReply& reply) {
  auto note = checkpoint(*services_->chain.latest());
  if (!note) return reply.done(absent());
  HttpResponse response = text_response(200, *std::move(note));
  response.headers.push_back({"Cache-Control", "no-cache"});
  reply.done(std::move(response));
}

void Site::get_tile(const HttpRequest& request, const HttpReply& reply) {
  constexpr std::string_view kPrefix = "/tile/";
  const auto path = parse_tile_path(path_of(request.target).substr(kPrefix.size()));
  const ChainViewPtr view = services_->chain.latest();
  auto bytes = path ? tile(*view, *path) : std::nullopt;
  if (!bytes && path && is_pruned(*view, *path)) {
    return reply.done(text_response(410, begins_later(*view) + "\n"));
  }
  if (!bytes) return reply.done(absent());
  HttpResponse response = typed(kBinary, *std::move(bytes));
  response.headers.push_back({"Cache-Control", std::string(kForEver)});
  reply.done(std::move(response));
}

void Site::get_certificate(const HttpRequest& request, const HttpReply& reply) {
  auto tree = tree_of(path_of(request.target));
  if (!tree) return reply.done(absent());
  CertificateRequest wanted{*std::move(tree)};
  if (query_of(request.target) == "status=1") wanted.status = StatusPart::included;
  const auto certificate = build_certificate(*services_, *services_->chain.latest(), wanted);
  if (!certificate) {
    return reply.done(
        text_response(status_of(certificate.error()), certificate.error().message + "\n"));
  }
  const crypto::Bytes bytes = proofs::encode(*certificate);
  HttpResponse response = typed(kBinary, std::string(crypto::as_text(bytes)));
  response.headers.push_back({"Cache-Control", "no-cache"});
  reply.done(std::move(response));
}

void Site::get_attachment(const HttpRequest& request, const HttpReply& reply) {
  constexpr std::string_view kPrefix = "/attachment/";
  const auto root = crypto::hash_from_hex(path_of(request.target).substr(kPrefix.size()));
  const auto attachment = root ? services_->chain.latest()->attachment(*root) : nullptr;
  if (!attachment) return reply.done(absent());
  HttpResponse response = typed(kBinary, std::string(crypto::as_text(attachment->bytes())));
  response.headers.push_back({"Cache-Control", std::string(kForEver)});
  reply.done(std::move(response));
}

void Site::get_trust(const HttpRequest&, const HttpReply& reply) {
  const proofs::Trust trust = own_trust(*services_, *services_->chain.latest());
  reply.done(typed(kJson, trust_to_text(trust)));
}

void Site::get_genesis(const HttpRequest&, const HttpReply& reply) {
  HttpResponse response = typed(kJson, {});
  response.file = crypto::as_bytes(genesis_json_);
  reply.done(std::move(response));
}

void Site::get_openrpc(const HttpRequest&, const HttpReply& reply) {
  reply.done(typed(kJson, openrpc_text()));
}

void Site::get_health(const HttpRequest&, const HttpReply& reply) {
  reply.done(text_response(200, "alive\n"));
}

// Ready: caught up, and with this node more than 2/3 of the validators are connected.
void Site::get_readiness(const HttpRequest&, const HttpReply& reply) {
  const ChainViewPtr view = services_->chain.latest();
  const NodeStatus status = services_->chain.status();
  const auto validators = view->validators(view->height().next());
  std::uint64_t power = 0;
  for (const Validator& validator : validators->all()) {
    const bool is_there =
        validator.org == status.org ||
        std::ranges::find(status.connected, validator.org) != status.connected.end();
    if (is_there) power += validator.power;
  }
  const bool is_caught_up = view->height().value + 1 >= status.highest_seen.value;
  if (!is_caught_up) return reply.done(text_response(503, "catching up\n"));
  if (!validators->is_quorum(power)) {
    return reply.done(text_response(503, "too few validators are connected\n"));
  }
  reply.done(text_response(200, "ready\n"));
}

// The node's answer comes on its own thread, where it is only handed over.
void Site::get_metrics(const HttpRequest&, const HttpReply& reply) {
  if (!measure_) return reply_metrics({}, reply);
  measure_([this, services = services_, reply](const NodeMeasures& measures) {
    services->post([this, measures, reply] { reply_metrics(measures, reply); });
  });
}

void Site::reply_metrics(const NodeMeasures& measures, const HttpReply& reply) {
  Metrics& metrics = services_->metrics;
  metrics.set_chain(services_->chain.latest()->header(), services_->chain.status());
  reply.done(typed("text/plain; version=0.0.4; charset=utf-8", metrics.text(measures)));
}

void Site::get_file(const HttpRequest& request, const HttpReply& reply) {
  const std::string_view path = path_of(request.target);
  auto found = files_.find(path);
  const bool is_asset = path.starts_with("/assets/");
  if (found == files_.end() && !is_asset) found = files_.find("/");
  if (found == files_.end()) return reply.done(absent());
  const FileEntry& file = found->second;
  const bool is_known = request.if_none_match.find(file.etag) != std::string::npos;
  HttpResponse response{.status = is_known ? 304u : 200u,
                        .content_type = file.content_type,
                        .body = {},
                        .file = is_known ? std::span<const std::uint8_t>{} : file.bytes,
                        .headers = {}};
  response.headers = {{"ETag", file.etag},
                      {"Cache-Control", is_asset ? std::string(kForEver) : "no-cache"},
                      {"Content-Encoding", "gzip"},
                      {"Content-Security-Policy",
                       "default-src 'self'; img-src 'self' data: blob:; style-src 'self' "
                       "'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"}};
  reply.done(std::move(response));
}

}  // namespace treeproof::rpc
