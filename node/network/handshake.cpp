#include "node/network/handshake.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "node/network/frame.h"

namespace treeproof::network {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr auto kAsValue = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 4'096;
}  // namespace

// Everything below runs on the strand, except the constructor and the final call of done.
struct Handshake::Attempt {
  using Strand = asio::strand<asio::thread_pool::executor_type>;
  template <typename T>
  using Step = asio::awaitable<std::expected<T, Refusal>>;

  Attempt(Executors executors, Shared shared, Side own_side, Done on_done)
      : main(executors.main),
        strand(asio::make_strand(executors.pool.get_executor())),
        socket(strand),
        resolver(strand),
        deadline(strand),
        terms(std::move(shared.terms)),
        directory(std::move(shared.directory)),
        side(own_side),
        tls(terms->identity, own_side),
        done(std::move(on_done)) {}

  asio::io_context& main;
  Strand strand;
  tcp::socket socket;
  tcp::resolver resolver;
  asio::steady_timer deadline;
  std::shared_ptr<const HandshakeTerms> terms;
  std::shared_ptr<const PeerDirectory> directory;
  Side side;
  TlsChannel tls;
  Done done;
  PeerAddress address;       // dialling only
  std::string expected_org;  // dialling only
  std::optional<Reason> ended;
  std::array<std::uint8_t, kReadBytes> input{};

  static asio::awaitable<void> run(std::shared_ptr<Attempt> self);
  static void finish(const std::shared_ptr<Attempt>& self, HandshakeResult result);
  void end(Reason reason);
  std::unexpected<Refusal> refused(Reason reason, RefusedBy by = RefusedBy::us) const;

  asio::awaitable<HandshakeResult> negotiate();
  Step<void> connect();
  Step<void> handshake_tls();
  Step<Admitted> exchange_hellos();
  Step<Admitted> answer_client(const HelloTerms& expected, const crypto::Bytes& own_hello);
  Step<Admitted> greet_server(const HelloTerms& expected, const crypto::Bytes& own_hello);

  Step<void> flush();
  Step<void> receive();
  Step<void> read_plaintext(std::span<std::uint8_t> exactly);
  Step<void> send_frame(std::uint8_t kind, crypto::ByteSpan payload);
  struct Frame {
    std::uint8_t kind;
    crypto::Bytes payload;
  };
  Step<Frame> read_frame();
};

void Handshake::Attempt::end(Reason reason) {
  if (!ended) ended = reason;
  error_code ignored;
  socket.close(ignored);
  resolver.cancel();
}

std::unexpected<Refusal> Handshake::Attempt::refused(Reason reason, RefusedBy by) const {
  // A deadline or a stop shows itself as a failed read; what ended it is the reason.
  if (ended) return std::unexpected(Refusal{*ended, RefusedBy::us});
  return std::unexpected(Refusal{reason, by});
}

asio::awaitable<void> Handshake::Attempt::run(std::shared_ptr<Attempt> self) {
  self->deadline.expires_after(std::chrono::milliseconds(self->terms->timeout_ms));
  self->deadline.async_wait([self](error_code error) {
    if (!error) self->end(Reason::timed_out);
  });
  HandshakeResult result = co_await self->negotiate();
  self->deadline.cancel();
  finish(self, std::move(result));
}

void Handshake::Attempt::finish(const std::shared_ptr<Attempt>& self, HandshakeResult result) {
  if (!self->done) return;
  asio::post(self->main, [done = std::exchange(self->done, nullptr),
                          result = std::move(result)]() mutable { done(std::move(result)); });
}

asio::awaitable<HandshakeResult> Handshake::Attempt::negotiate() {
  if (ended) co_return refused(*ended);
  if (side == Side::client) {
    if (auto step = co_await connect(); !step) co_return std::unexpected(step.error());
  }
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (auto step = co_await handshake_tls(); !step) co_return std::unexpected(step.error());
  auto admitted = co_await exchange_hellos();
  if (!admitted) co_return std::unexpected(admitted.error());
  if (ended) co_return refused(*ended);
  const bool is_ipv6 = socket.local_endpoint(ignored).protocol() == tcp::v6();
  error_code failed;
  SocketDescriptor descriptor(socket.release(failed), is_ipv6);
  if (failed) co_return refused(Reason::internal_error);
  co_return Established{std::move(descriptor), std::move(tls), side, std::move(*admitted)};
}

Handshake::Attempt::Step<void> Handshake::Attempt::connect() {
  error_code not_numeric;
  const auto numeric = asio::ip::make_address(address.host, not_numeric);
  if (!not_numeric) {
    auto [failed] = co_await socket.async_connect({numeric, address.port}, kAsValue);
    if (failed) co_return refused(Reason::unreachable);
    co_return std::expected<void, Refusal>{};
  }
  auto [unresolved, endpoints] =
      co_await resolver.async_resolve(address.host, std::to_string(address.port), kAsValue);
  if (unresolved || ended) co_return refused(Reason::unreachable);
  auto [failed, endpoint] = co_await asio::async_connect(socket, endpoints, kAsValue);
  if (failed || ended) co_return refused(Reason::unreachable);
  co_return std::expected<void, Refusal>{};
}

Handshake::Attempt::Step<void> Handshake::Attempt::handshake_tls() {
  while (true) {
    const auto progress = tls.handshake();
    auto sent = co_await flush();
    if (progress == TlsChannel::Progress::failed) co_return refused(Reason::tls_failed);
    if (!sent) co_return sent;
    if (progress == TlsChannel::Progress::complete) co_return sent;
    if (auto step = co_await receive(); !step) co_return step;
  }
}

Handshake::Attempt::Step<Admitted> Handshake::Attempt::exchange_hellos() {
  const auto exporter = tls.exporter();
  if (!exporter) co_return refused(Reason::tls_failed);
  const HelloTerms expected{terms->chain_id, terms->own_org, other(side), *exporter, expected_org};
  const Hello hello{terms->chain_id, terms->own_org, side, {kPeerVersion}, *exporter};
  const crypto::Bytes own_hello = sign_hello(hello, terms->node_key);
  if (side == Side::client) co_return co_await greet_server(expected, own_hello);
  co_return co_await answer_client(expected, own_hello);
}

Handshake::Attempt::Step<Admitted> Handshake::Attempt::answer_client(
    const HelloTerms& expected, const crypto::Bytes& own_hello) {
  const auto frame = co_await read_frame();
  if (!frame) co_return std::unexpected(frame.error());
  if (frame->kind != kHelloKind) co_return refused(Reason::malformed_hello);
  auto admitted = check_hello(frame->payload, expected, *directory);
  if (!admitted) {
    const auto name = to_string(admitted.error());
    (void)co_await send_frame(kRefusalKind, crypto::as_bytes(name));
    co_return refused(admitted.error());
  }
  const auto sent = co_await send_frame(kHelloKind, own_hello);
  if (!sent) co_return std::unexpected(sent.error());
  co_return std::move(*admitted);
}

Handshake::Attempt::Step<Admitted> Handshake::Attempt::greet_server(
    const HelloTerms& expected, const crypto::Bytes& own_hello) {
  const auto sent = co_await send_frame(kHelloKind, own_hello);
  if (!sent) co_return std::unexpected(sent.error());
  const auto frame = co_await read_frame();
  if (!frame) co_return std::unexpected(frame.error());
  if (frame->kind == kRefusalKind) {
    const auto reason = reason_from(crypto::as_text(frame->payload));
    co_return refused(reason.value_or(Reason::malformed_hello), RefusedBy::peer);
  }
  if (frame->kind != kHelloKind) co_return refused(Reason::malformed_hello);
  auto admitted = check_hello(frame->payload, expected, *directory);
  if (!admitted) co_return refused(admitted.error());
  if (admitted->org != expected_org) co_return refused(Reason::unexpected_org);
  co_return std::move(*admitted);
}

Handshake::Attempt::Step<void> Handshake::Attempt::flush() {
  crypto::Bytes output;
  tls.take_output(output);
  if (output.empty()) co_return std::expected<void, Refusal>{};
  auto [failed, count] = co_await asio::async_write(socket, asio::buffer(output), kAsValue);
  if (failed) co_return refused(Reason::connection_lost);
  co_return std::expected<void, Refusal>{};
}

Handshake::Attempt::Step<void> Handshake::Attempt::receive() {
  auto [failed, count] = co_await socket.async_read_some(asio::buffer(input), kAsValue);
  if (failed) {
    co_return refused(failed == asio::error::eof ? Reason::closed_by_peer
                                                 : Reason::connection_lost);
  }
  tls.feed(crypto::ByteSpan(input).first(count));
  co_return std::expected<void, Refusal>{};
}

Handshake::Attempt::Step<void> Handshake::Attempt::read_plaintext(std::span<std::uint8_t> exactly) {
  while (!exactly.empty()) {
    const auto got = tls.read(exactly);
    if (!got) co_return refused(got.error());
    exactly = exactly.subspan(*got);
    if (*got > 0) continue;
    if (auto step = co_await receive(); !step) co_return step;
  }
  co_return std::expected<void, Refusal>{};
}

Handshake::Attempt::Step<void> Handshake::Attempt::send_frame(std::uint8_t kind,
                                                              crypto::ByteSpan payload) {
  crypto::Bytes frame;
  append_frame_header(frame, {static_cast<std::uint32_t>(payload.size()), kind});
  frame.insert(frame.end(), payload.begin(), payload.end());
  if (!tls.write(frame)) co_return refused(Reason::tls_failed);
  co_return co_await flush();
}

Handshake::Attempt::Step<Handshake::Attempt::Frame> Handshake::Attempt::read_frame() {
  std::array<std::uint8_t, kFrameHeaderBytes> head{};
  if (auto step = co_await read_plaintext(head); !step) co_return std::unexpected(step.error());
  const FrameHeader header = read_frame_header(head);
  if (header.payload_bytes > kHelloBytesMax) co_return refused(Reason::malformed_hello);
  Frame frame{header.kind, crypto::Bytes(header.payload_bytes)};
  if (auto step = co_await read_plaintext(frame.payload); !step) {
    co_return std::unexpected(step.error());
  }
  co_return std::move(frame);
}

Handshake Handshake::start(std::shared_ptr<Attempt> attempt) {
  asio::co_spawn(
      attempt->strand, [attempt] { return Attempt::run(attempt); },
      [attempt](std::exception_ptr failed) {
        if (!failed) return;
        attempt->end(Reason::internal_error);
        attempt->deadline.cancel();
        Attempt::finish(attempt, attempt->refused(Reason::internal_error));
      });
  return Handshake(std::move(attempt));
}

Handshake Handshake::answer(Executors executors, Shared shared, SocketDescriptor socket,
                            Done done) {
  auto attempt =
      std::make_shared<Attempt>(executors, std::move(shared), Side::server, std::move(done));
  const auto protocol = socket.is_ipv6() ? tcp::v6() : tcp::v4();
  error_code failed;
  attempt->socket.assign(protocol, socket.get(), failed);
  if (failed) {
    attempt->ended = Reason::internal_error;
  } else {
    socket.release();
  }
  return start(std::move(attempt));
}

Handshake Handshake::dial(Executors executors, Shared shared, PeerAddress address, std::string org,
                          Done done) {
  auto attempt =
      std::make_shared<Attempt>(executors, std::move(shared), Side::client, std::move(done));
  attempt->address = std::move(address);
  attempt->expected_org = std::move(org);
  return start(std::move(attempt));
}

void Handshake::cancel() {
  asio::post(attempt_->strand, [attempt = attempt_] { attempt->end(Reason::stopped); });
}

}  // namespace treeproof::network
