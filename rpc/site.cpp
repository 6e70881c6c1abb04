#include "rpc/site.h"

#include <algorithm>
#include <cassert>

#include "crypto/hash.h"
#include "rpc/genesis_json.h"

namespace treeproof::rpc {

namespace {

constexpr std::size_t kQuickOffersMax = 4'096;
constexpr std::size_t kSlowOffersMax = 32;
constexpr std::string_view kAttachmentPrefix = "/attachment/";
constexpr std::uint32_t kUploadWait_ms = 60'000;

HttpResponse refusal(unsigned status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n", .file = {}, .headers = {}};
}

HttpResponse options_response() {
  return {.status = 204,
          .body = {},
          .file = {},
          .headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                      {"Access-Control-Allow-Headers", "content-type"},
                      {"Access-Control-Max-Age", "86400"}}};
}

HttpResponse method_refusal() {
  HttpResponse response = refusal(405, "This address takes another method.");
  response.headers.push_back({"Allow", "GET, HEAD, POST, PUT, OPTIONS"});
  return response;
}

ServicesPtr services_of(const ServerConfig& config, RecordSink& records, ChainReader& chain,
                        const std::shared_ptr<Workers>& quick) {
  ServicesPtr services(new Services{.records = records, .chain = chain});
  services->chain_id = config.chain_id;
  services->is_test_clock = config.is_test_clock;
  services->wait_ms_max = config.limits.wait_ms_max;
  services->genesis_hash = crypto::sha256(crypto::as_bytes(config.genesis_json));
  if (const auto genesis = parse_genesis(config.genesis_json)) services->clock = genesis->clock;
  services->post = [quick](std::function<void()> job) { quick->post(std::move(job)); };
  return services;
}

DispatchLimits dispatch_limits(const ServerLimits& limits) {
  return {.json_depth_max = limits.json_depth_max, .batch_calls_max = limits.batch_calls_max};
}

// On the replica's thread, where nothing is computed: a block that is no longer the latest one is
// passed over.
std::shared_ptr<void> observe_commits(const ServicesPtr& services) {
  return services->chain.on_commit([services](Height height) {
    const ChainViewPtr view = services->chain.latest();
    if (view->height() == height) services->metrics.observe_block(height, view->header().log_size);
  });
}

// One answer of an upload, whichever comes first.
class Upload final : public Exchange {
 public:
  explicit Upload(HttpReply reply) : reply_(std::move(reply)) {}
  void expire() override { finish(refusal(503, "The node did not answer in time; try again.")); }
  void finish(HttpResponse response) {
    if (!is_done_.exchange(true)) reply_.done(std::move(response));
  }

 private:
  HttpReply reply_;
  std::atomic<bool> is_done_{false};
};

HttpResponse upload_refusal(const ledger::Refusal& refused) {
  using ledger::Reason;
  const unsigned status = refused.reason == Reason::attachment_not_awaited   ? 404
                          : refused.reason == Reason::attachment_in_progress ? 409
                                                                             : 422;
  return {.status = status,
          .content_type = "application/json",
          .body = rpc::refused(refused).error().data,
          .file = {},
          .headers = {}};
}

}  // namespace

Site::Site(const ServerConfig& config, RecordSink& records, ChainReader& chain)
    : limits_(config.limits),
      genesis_json_(config.genesis_json),
      measure_(config.measure),
      quick_(std::make_shared<Workers>(std::max<std::size_t>(config.threads, 1), kQuickOffersMax)),
      slow_(std::make_shared<Workers>(1, kSlowOffersMax)),
      services_(services_of(config, records, chain, quick_)),
      dispatcher_(services_, quick_, slow_, dispatch_limits(config.limits)),
      commits_(observe_commits(services_)) {
  for (const Asset& asset : config.explorer) {
    const crypto::Hash hash = crypto::sha256(asset.gzip_bytes);
    files_[asset.path] = {asset.gzip_bytes, asset.content_type,
                          "\"" + crypto::to_hex(hash).substr(0, 32) + "\""};
  }
}

Site::~Site() { stop(); }

// What still comes from the replica must not reach the workers any more.
void Site::stop() {
  commits_.reset();
  slow_->stop();
  quick_->stop();
}

std::size_t Site::body_bytes_max(std::string_view method, std::string_view target) const {
  const bool is_upload = method == "PUT" && target.starts_with(kAttachmentPrefix);
  return is_upload ? kAttachmentBodyBytesMax : limits_.body_bytes_max;
}

bool Site::is_events(std::string_view method, std::string_view target) {
  return method == "GET" && path_of(target) == "/events";
}

void Site::expire(const std::shared_ptr<Exchange>& exchange) {
  quick_->post([exchange] { exchange->expire(); });
}

std::shared_ptr<Exchange> Site::handle(HttpRequest request, HttpReply reply) {
  const std::string path(path_of(request.target));
  if (request.method == "POST" && path == "/rpc") {
    auto done = [done = std::move(reply.done)](std::string body) {
      const unsigned status = body.empty() ? 204 : 200;
      done({.status = status,
            .content_type = "application/json",
            .body = std::move(body),
            .file = {},
            .headers = {}});
    };
    return dispatcher_.start(std::move(request.body), {std::move(done), std::move(reply.waits)});
  }
  if (request.method == "PUT" && path.starts_with(kAttachmentPrefix)) {
    return put_attachment(std::move(request), std::move(reply));
  }
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (!is_read) {
    reply.done(request.method == "OPTIONS" ? options_response() : method_refusal());
    return nullptr;
  }
  struct Entry {
    std::string_view prefix;
    Route route;
    bool is_slow = false;
  };
  static constexpr Entry kRoutes[] = {
      {"/checkpoint", &Site::get_checkpoint},
      {"/tile/", &Site::get_tile},
      {"/certificate/", &Site::get_certificate, true},
      {"/attachment/", &Site::get_attachment, true},
      {"/trust.json", &Site::get_trust},
      {"/genesis.json", &Site::get_genesis},
      {"/openrpc.json", &Site::get_openrpc},
      {"/healthz", &Site::get_health},
      {"/readyz", &Site::get_readiness},
      {"/metrics", &Site::get_metrics},
  };
  const auto* found = std::ranges::find_if(kRoutes, [&](const Entry& entry) {
    return entry.prefix.ends_with('/') ? path.starts_with(entry.prefix) : path == entry.prefix;
  });
  const bool is_file = found == std::end(kRoutes);
  Workers& workers = !is_file && found->is_slow ? *slow_ : *quick_;
  offer(workers, is_file ? &Site::get_file : found->route, std::move(request), std::move(reply));
  return nullptr;
}

void Site::offer(Workers& workers, Route route, HttpRequest request, HttpReply reply) {
  const auto done = reply.done;
  const bool is_taken =
      workers.offer([this, route, request = std::move(request), reply = std::move(reply)] {
        try {
          (this->*route)(request, reply);
        } catch (const std::exception&) {
          reply.done(refusal(500, "The node failed to answer; this is a bug."));
        }
      });
  if (!is_taken) done(refusal(503, "Too many requests wait; try again."));
}

std::shared_ptr<Exchange> Site::put_attachment(HttpRequest request, HttpReply reply) {
  const auto root = crypto::hash_from_hex(path_of(request.target).substr(kAttachmentPrefix.size()));
  if (!root) {
    reply.done(refusal(404, "An attachment is named by its root in lower-case hex."));
    return nullptr;
  }
  const auto waits = reply.waits;
  auto upload = std::make_shared<Upload>(std::move(reply));
  services_->records.upload(
      *root, crypto::to_bytes(crypto::as_bytes(request.body)),
      [upload, services = services_](std::expected<void, ledger::Refusal> answer) {
        if (!answer) services->metrics.count_refusal(answer.error().reason);
        upload->finish(answer ? HttpResponse{.status = 204, .body = {}, .file = {}, .headers = {}}
                              : upload_refusal(answer.error()));
      });
  if (waits) waits(kUploadWait_ms);
  return upload;
}

}  // namespace treeproof::rpc
