// What stands behind each address of the port: calls, the log's files, certificates, attachments,
// events, health, metrics, the explorer.
// Owns the workers, the dispatcher and what handlers share; no socket. Caller: the server.
// Thread rule: handle() from any thread, it never blocks; replies come from any thread.
// Source: docs/api.md "Plain routes".
#pragma once

#include <map>
#include <optional>

#include "rpc/dispatcher.h"
#include "rpc/http_message.h"
#include "rpc/http_server.h"

namespace treeproof::rpc {

inline constexpr std::size_t kAttachmentBodyBytesMax = 16u << 20;

class Site {
 public:
  // Requires: both ports outlive the site.
  Site(const ServerConfig& config, RecordSink& records, ChainReader& chain);
  ~Site();

  // How large a body this request may have.
  std::size_t body_bytes_max(std::string_view method, std::string_view target) const;
  // Whether the client is to be answered by an endless stream of events.
  static bool is_events(std::string_view method, std::string_view target);
  // Answers, once, from any thread; the exchange is null where nothing can expire.
  std::shared_ptr<Exchange> handle(HttpRequest request, HttpReply reply);
  // Has an exchange answer with what is known.
  void expire(const std::shared_ptr<Exchange>& exchange);

  // The events of heights above `after` (nothing: the latest), at most the last 1,000, as one text;
  // with the height that they reach.
  struct Events {
    std::string text;
    std::optional<Height> reached;
  };
  void events_after(std::optional<Height> after, std::function<void(Events)> done);

  Metrics& metrics() noexcept { return services_->metrics; }
  ChainReader& chain() noexcept { return services_->chain; }
  void stop();

 private:
  using Route = void (Site::*)(const HttpRequest& request, const HttpReply& reply);
  struct FileEntry {
    std::span<const std::uint8_t> bytes;
    std::string_view content_type;
    std::string etag;
  };

  std::shared_ptr<Exchange> put_attachment(HttpRequest request, HttpReply reply);
  void offer(Workers& workers, Route route, HttpRequest request, HttpReply reply);
  void get_checkpoint(const HttpRequest& request, const HttpReply& reply);
  void get_tile(const HttpRequest& request, const HttpReply& reply);
  void get_certificate(const HttpRequest& request, const HttpReply& reply);
  void get_attachment(const HttpRequest& request, const HttpReply& reply);
  void get_trust(const HttpRequest& request, const HttpReply& reply);
  void get_genesis(const HttpRequest& request, const HttpReply& reply);
  void get_openrpc(const HttpRequest& request, const HttpReply& reply);
  void get_health(const HttpRequest& request, const HttpReply& reply);
  void get_readiness(const HttpRequest& request, const HttpReply& reply);
  void get_metrics(const HttpRequest& request, const HttpReply& reply);
  void reply_metrics(const NodeMeasures& measures, const HttpReply& reply);
  void get_file(const HttpRequest& request, const HttpReply& reply);

  ServerLimits limits_;
  std::string genesis_json_;
  std::function<void(std::function<void(const NodeMeasures&)>)> measure_;
  std::map<std::string_view, FileEntry> files_;
  std::shared_ptr<Workers> quick_;
  std::shared_ptr<Workers> slow_;
  ServicesPtr services_;
  Dispatcher dispatcher_;
  std::shared_ptr<void> commits_;  // observed for the metrics
};

}  // namespace treeproof::rpc
