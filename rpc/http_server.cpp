// The one unit that sees Beast: sockets, time limits, the bytes of HTTP; one thread runs them all.
// What is answered comes from Site; this file only brings requests there and responses back.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <thread>

#include "rpc/client_budget.h"
#include "rpc/http_server.h"
#include "rpc/request_rules.h"
#include "rpc/site.h"

namespace treeproof::rpc {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Task = asio::awaitable<void>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeaderBytesMax = 16 * 1'024;
constexpr std::size_t kBufferBytesMax = 128 * 1'024;
constexpr std::size_t kBytesInHandMax = 256u << 20;   // of all requests and responses
constexpr std::uint32_t kBodyPatience = 4;            // idle times for a body or a response
constexpr auto kDrainTime = std::chrono::seconds(2);  // for a body that was refused
constexpr auto kEventsPause = std::chrono::seconds(15);
constexpr auto kEventsGap = std::chrono::milliseconds(50);
constexpr auto kForEver = std::chrono::hours(24 * 365);
constexpr std::string_view kEventsHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    "Access-Control-Allow-Origin: *\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n"
    "retry: 2000\n\n";
constexpr auto kToCompletion = asio::as_tuple(asio::use_awaitable);

std::uint64_t now_ms() {
  const auto since = Clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(since).count());
}

// What a coroutine sleeps on; known to stop() as long as it lives.
class Sleeper {
 public:
  Sleeper(asio::io_context& io, std::list<Sleeper*>& all)
      : timer(io), all_(all), place_(all.insert(all.end(), this)) {}
  ~Sleeper() { all_.erase(place_); }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  asio::steady_timer timer;

 private:
  std::list<Sleeper*>& all_;
  const std::list<Sleeper*>::iterator place_;
};

// Until another thread's answer was posted to this one.
template <class Answer>
struct Waiting : Sleeper {
  using Sleeper::Sleeper;
  std::optional<Answer> answer;
  std::optional<std::uint32_t> wait_ms;
};

// Sets a member of what waits, on its own thread, and wakes it. Whoever holds this may outlive the
// server: it keeps neither the sockets' thread nor the coroutine alive.
template <class Answer, class Value>
auto deliver(const std::shared_ptr<asio::io_context>& io,
             const std::shared_ptr<Waiting<Answer>>& waiting,
             std::optional<Value> Waiting<Answer>::* member) {
  return [weak_io = std::weak_ptr(io), weak = std::weak_ptr(waiting), member](Value value) {
    const auto alive = weak_io.lock();
    if (!alive) return;
    asio::post(*alive, [weak, member, value = std::move(value)]() mutable {
      const auto there = weak.lock();
      if (!there) return;
      (*there).*member = std::move(value);
      there->timer.cancel();
    });
  };
}

crypto::Bytes bytes_of(const asio::ip::address& address) {
  if (address.is_v4()) return crypto::to_bytes(address.to_v4().to_bytes());
  return crypto::to_bytes(address.to_v6().to_bytes());
}

ReadFailure failure_of(const boost::system::error_code& error) {
  static const auto& kOfHttp = http::make_error_code(http::error::bad_method).category();
  if (error == http::error::header_limit) return ReadFailure::header_too_large;
  if (error == http::error::body_limit) return ReadFailure::body_too_large;
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message;
  return error.category() != kOfHttp || is_gone ? ReadFailure::gone : ReadFailure::malformed;
}

struct Connection {
  explicit Connection(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
  std::string client;
};

}  // namespace

struct HttpServer::Running {
  Running(const ServerConfig& given, RecordSink& records, ChainReader& chain)
      : config(given),
        site(given, records, chain),
        budget({given.limits.connections_max, given.limits.connections_per_client_max,
                given.limits.client_units_per_s}),
        acceptor(*io) {}

  Task accept();
  Task serve(std::list<Connection>::iterator connection);
  Task serve_requests(Connection& connection);
  Task serve_events(Connection& connection, std::optional<Height> after);
  asio::awaitable<bool> read_request(Connection& connection, beast::flat_buffer& buffer,
                                     http::request_parser<http::string_body>& parser);
  asio::awaitable<HttpResponse> answer(HttpRequest request);
  asio::awaitable<bool> send(Connection& connection, HttpResponse response, ResponseForm form);
  Task refuse(Connection& connection, RequestRefusal refusal);
  Task wake_listeners();
  std::chrono::milliseconds idle() const {
    return std::chrono::milliseconds(config.limits.idle_timeout_ms);
  }

  ServerConfig config;
  // Shared with whoever may still bring an answer when the server is gone.
  std::shared_ptr<asio::io_context> io = std::make_shared<asio::io_context>(1);
  Site site;
  ClientBudget budget;
  tcp::acceptor acceptor;
  std::list<Connection> connections;
  std::list<Sleeper*> sleepers;
  std::list<Sleeper*> listeners;  // streams of events that wait for the next commit
  std::uint64_t commits_seen = 0;
  bool is_waking = false;
  bool is_stopping = false;
  std::size_t bytes_in_hand = 0;
  std::shared_ptr<void> commits;
  std::thread thread;
};

Task HttpServer::Running::accept() {
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(kToCompletion);
    if (error == asio::error::operation_aborted || is_stopping) co_return;
    if (error) {  // out of descriptors, for instance: breathe
      asio::steady_timer pause(*io, std::chrono::milliseconds(50));
      co_await pause.async_wait(kToCompletion);
      continue;
    }
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    const std::string client = gone ? "" : client_of(bytes_of(peer.address()));
    if (gone || !budget.open(client, now_ms())) continue;
    socket.set_option(tcp::no_delay(true), gone);
    const auto place = connections.emplace(connections.end(), std::move(socket));
    place->client = client;
    site.metrics().set_connections(budget.connections());
    asio::co_spawn(*io, serve(place), asio::detached);
  }
}

Task HttpServer::Running::serve(std::list<Connection>::iterator connection) {
  try {
    co_await serve_requests(*connection);
  } catch (const std::exception&) {
    connection->stream.close();  // this one only
  }
  budget.close(connection->client);
  connections.erase(connection);
  site.metrics().set_connections(budget.connections());
}

Task HttpServer::Running::serve_requests(Connection& connection) {
  beast::flat_buffer buffer(kBufferBytesMax);
  buffer.reserve(kHeaderBytesMax);  // else all that comes is read by 512 bytes
  while (true) {
    http::request_parser<http::string_body> parser;
    if (!co_await read_request(connection, buffer, parser)) co_return;
    const auto& message = parser.get();
    const ResponseForm form{message.version(), message.method() == http::verb::head,
                            message.keep_alive()};
    HttpRequest request{std::string(message.method_string()), std::string(message.target()),
                        std::string(message[http::field::if_none_match]),
                        std::move(parser.get().body())};
    if (Site::is_events(request.method, request.target)) {
      co_return co_await serve_events(connection,
                                      last_event_id(std::string(message["Last-Event-ID"])));
    }
    const BytesInHand held(bytes_in_hand, request.body.size());
    HttpResponse response = co_await answer(std::move(request));
    if (!co_await send(connection, std::move(response), form)) co_return;
  }
}

// False: the connection is to be closed.
asio::awaitable<bool> HttpServer::Running::read_request(
    Connection& connection, beast::flat_buffer& buffer,
    http::request_parser<http::string_body>& parser) {
  parser.header_limit(kHeaderBytesMax);
  parser.body_limit(kAttachmentBodyBytesMax);
  connection.stream.expires_after(idle());
  auto [error, count] =
      co_await http::async_read_header(connection.stream, buffer, parser, kToCompletion);
  if (error) {
    const auto refusal = refusal_of(failure_of(error));
    if (refusal) co_await refuse(connection, *refusal);
    co_return false;
  }
  const auto& head = parser.get();
  const std::size_t bytes_max = site.body_bytes_max(head.method_string(), head.target());
  RequestHead facts{head.count(http::field::content_length),
                    head[http::field::content_length].find(',') != std::string_view::npos,
                    head.count(http::field::transfer_encoding) > 0,
                    parser.chunked(),
                    head.version(),
                    head.count(http::field::host),
                    parser.content_length().value_or(0),
                    bytes_max};
  const std::size_t expected = parser.chunked() ? bytes_max : parser.content_length().value_or(0);
  facts.is_over_budget = !budget.spend(connection.client, facts.content_length, now_ms());
  facts.is_node_full = bytes_in_hand + expected > kBytesInHandMax;
  if (const auto refusal = judge_request(facts)) {
    co_await refuse(connection, *refusal);
    co_return false;
  }
  parser.body_limit(bytes_max);
  connection.stream.expires_after(idle() * kBodyPatience);
  if (beast::iequals(head[http::field::expect], "100-continue")) {
    http::response<http::empty_body> go(http::status::continue_, head.version());
    co_await http::async_write(connection.stream, go, kToCompletion);
  }
  const BytesInHand held(bytes_in_hand, expected);
  auto [body_error, body_count] =
      co_await http::async_read(connection.stream, buffer, parser, kToCompletion);
  if (body_error == http::error::body_limit) {
    co_await refuse(connection, {413, "The body is too large."});
  }
  if (body_error) co_return false;
  const std::size_t unpaid = parser.chunked() ? parser.get().body().size() : 0;
  if (unpaid == 0 || budget.spend(connection.client, unpaid, now_ms())) co_return true;
  co_await refuse(connection, over_budget());
  co_return false;
}

asio::awaitable<HttpResponse> HttpServer::Running::answer(HttpRequest request) {
  using Pending = Waiting<HttpResponse>;
  auto waiting = std::make_shared<Pending>(*io, sleepers);
  HttpReply reply{deliver(io, waiting, &Pending::answer), deliver(io, waiting, &Pending::wait_ms)};
  const auto exchange = site.handle(std::move(request), std::move(reply));
  while (!waiting->answer && !is_stopping) {
    const auto wait_ms = std::exchange(waiting->wait_ms, std::nullopt);
    wait_ms ? waiting->timer.expires_after(std::chrono::milliseconds(*wait_ms))
            : waiting->timer.expires_after(kForEver);
    auto [error] = co_await waiting->timer.async_wait(kToCompletion);
    const bool is_due = wait_ms && !error;
    if (is_due && !waiting->answer && exchange) site.expire(exchange);
  }
  if (!waiting->answer) co_return response_of({503, "The node stops."});
  co_return std::move(*waiting->answer);
}

asio::awaitable<bool> HttpServer::Running::send(Connection& connection, HttpResponse response,
                                                ResponseForm form) {
  const std::span<const std::uint8_t> bytes =
      response.file.empty() ? crypto::as_bytes(response.body) : response.file;
  const bool has_body = response.status != 204 && response.status != 304;
  http::response<http::span_body<const std::uint8_t>> message(
      static_cast<http::status>(response.status), form.version);
  if (has_body) message.set(http::field::content_type, response.content_type);
  for (const HttpHeader& header : response.headers) message.set(header.name, header.value);
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Access-Control-Allow-Origin", "*");
  message.keep_alive(form.keeps_alive);
  if (has_body) message.content_length(bytes.size());
  if (has_body && !form.is_head) message.body() = {bytes.data(), bytes.size()};
  site.metrics().count_response(response.status);

  const BytesInHand held(bytes_in_hand, bytes.size());
  connection.stream.expires_after(idle() * kBodyPatience);
  auto [error, count] = co_await http::async_write(connection.stream, message, kToCompletion);
  if (!error && !form.keeps_alive) {
    boost::system::error_code closed;
    connection.stream.socket().shutdown(tcp::socket::shutdown_send, closed);
  }
  co_return !error && form.keeps_alive;
}

// The connection is closed afterwards: what follows on it was not understood. Closing with unread
// bytes would reset it and take the refusal along, so a little is read and dropped first.
Task HttpServer::Running::refuse(Connection& connection, RequestRefusal refusal) {
  co_await send(connection, response_of(refusal), {11, false, false});
  std::array<char, 16 * 1'024> dropped;
  connection.stream.expires_after(kDrainTime);
  for (boost::system::error_code error; !error;) {
    auto [ended, count] =
        co_await connection.stream.async_read_some(asio::buffer(dropped), kToCompletion);
    error = ended;
  }
}

// Many heights may be decided in a moment: listeners are woken once for all of them.
Task HttpServer::Running::wake_listeners() {
  asio::steady_timer pause(*io, kEventsGap);
  co_await pause.async_wait(kToCompletion);
  is_waking = false;
  ++commits_seen;
  for (Sleeper* listener : listeners) listener->timer.cancel();
}

// One text at a time: a slow reader falls behind and catches up, and holds nothing meanwhile.
Task HttpServer::Running::serve_events(Connection& connection, std::optional<Height> after) {
  std::string text(kEventsHead);
  while (!is_stopping) {
    connection.stream.expires_after(idle());
    auto [error, count] =
        co_await asio::async_write(connection.stream, asio::buffer(text), kToCompletion);
    if (error) co_return;
    using Pending = Waiting<Site::Events>;
    auto waiting = std::make_shared<Pending>(*io, sleepers);
    const std::uint64_t seen = commits_seen;
    site.events_after(after, deliver(io, waiting, &Pending::answer));
    while (!waiting->answer && !is_stopping) {
      waiting->timer.expires_after(kForEver);
      co_await waiting->timer.async_wait(kToCompletion);
    }
    if (is_stopping) co_return;
    after = waiting->answer->reached;
    text = std::move(waiting->answer->text);
    if (!text.empty() || seen != commits_seen) continue;
    Sleeper listener(*io, listeners);
    listener.timer.expires_after(kEventsPause);
    co_await listener.timer.async_wait(kToCompletion);
    text = ": still there\n\n";
  }
}

HttpServer::HttpServer(ServerConfig config, RecordSink& records, ChainReader& chain)
    : running_(std::make_unique<Running>(config, records, chain)) {}

HttpServer::~HttpServer() { stop(); }

std::expected<void, std::string> HttpServer::start() {
  Running& running = *running_;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(running.config.host, error);
  const tcp::endpoint endpoint(address, running.config.port);
  if (!error) running.acceptor.open(endpoint.protocol(), error);
  if (!error) running.acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) running.acceptor.bind(endpoint, error);
  if (!error) running.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return std::unexpected(running.config.host + " port " + std::to_string(running.config.port) +
                           ": " + error.message());
  }
  const std::weak_ptr<asio::io_context> weak = running.io;
  running.commits = running.site.chain().on_commit([weak, &running](Height) {
    const auto alive = weak.lock();
    if (!alive) return;
    asio::post(*alive, [&running] {
      if (std::exchange(running.is_waking, true)) return;
      asio::co_spawn(*running.io, running.wake_listeners(), asio::detached);
    });
  });
  asio::co_spawn(*running.io, running.accept(), asio::detached);
  running.thread = std::thread([io = running.io] { io->run(); });
  return {};
}

// Every coroutine is woken and ends, so that nothing refers to the server when its thread is gone.
void HttpServer::stop() {
  Running& running = *running_;
  running.commits.reset();
  asio::post(*running.io, [&running] {
    boost::system::error_code closed;
    running.is_stopping = true;
    running.acceptor.close(closed);
    for (Connection& connection : running.connections) connection.stream.close();
    for (Sleeper* sleeper : running.sleepers) sleeper->timer.cancel();
    for (Sleeper* listener : running.listeners) listener->timer.cancel();
  });
  if (running.thread.joinable()) running.thread.join();
  running.site.stop();
}

std::uint16_t HttpServer::port() const { return running_->acceptor.local_endpoint().port(); }

}  // namespace treeproof::rpc
