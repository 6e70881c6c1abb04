#include "node/network/session.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>

namespace treeproof::network {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kAsValue = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 65'536;
constexpr std::size_t kWriteBytes = 65'536;             // plaintext per write
constexpr std::size_t kPlaintextBytes = 16'384;         // one TLS record
constexpr std::size_t kUnsentTlsBytesMax = 256u << 10;  // answers to key updates

// A host that vanished without a word is noticed within about 15 s.
void watch_for_dead_host(int descriptor) {
  const auto set = [descriptor](int level, int name, int value) {
    ::setsockopt(descriptor, level, name, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 5);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(IPPROTO_TCP, TCP_KEEPCNT, 5);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 15'000);
}

}  // namespace

struct Session::Wire {
  Wire(asio::io_context& main, SocketDescriptor descriptor) : socket(main), wake(main) {
    const auto protocol = descriptor.is_ipv6() ? tcp::v6() : tcp::v4();
    watch_for_dead_host(descriptor.get());
    error_code failed;  // a socket that cannot be taken over fails at its first read
    socket.assign(protocol, descriptor.get(), failed);
    if (!failed) descriptor.release();
  }

  tcp::socket socket;
  asio::steady_timer wake;  // never expires; cancelled to wake the writer
  bool writer_sleeps = false;
  std::optional<Clock::time_point> write_started;
  std::array<std::uint8_t, kReadBytes> input{};
};

Session::Session(asio::io_context& main, Established established, const FrameRules& rules,
                 const SessionLimits& limits, Events events)
    : wire_(std::make_unique<Wire>(main, std::move(established.socket))),
      tls_(std::move(established.tls)),
      own_side_(established.own_side),
      peer_(std::move(established.peer)),
      assembler_(rules),
      queue_(limits.queue_bytes_max, limits.queue_frames_max),
      events_(std::move(events)) {}

Session::~Session() = default;

struct Session::Loops {
  static asio::awaitable<void> read(std::shared_ptr<Session> session) {
    Wire& wire = *session->wire_;
    bool goes_on = session->receive({});  // what came right behind the hello
    while (goes_on) {
      auto [failed, count] =
          co_await wire.socket.async_read_some(asio::buffer(wire.input), kAsValue);
      if (failed) {
        session->fail(failed == asio::error::eof ? Reason::closed_by_peer
                                                 : Reason::connection_lost);
        co_return;
      }
      goes_on = session->receive(crypto::ByteSpan(wire.input).first(count));
    }
  }

  static asio::awaitable<void> write(std::shared_ptr<Session> session) {
    Wire& wire = *session->wire_;
    while (session->is_open_) {
      session->encrypt_queued();
      if (!session->is_open_) co_return;
      if (session->ciphertext_.empty()) {
        wire.writer_sleeps = true;
        wire.wake.expires_at(Clock::time_point::max());
        co_await wire.wake.async_wait(kAsValue);
        continue;
      }
      wire.write_started = Clock::now();
      auto [failed, count] =
          co_await asio::async_write(wire.socket, asio::buffer(session->ciphertext_), kAsValue);
      wire.write_started.reset();
      session->ciphertext_.clear();
      if (failed) session->fail(Reason::connection_lost);
    }
  }
};

void Session::run(const std::shared_ptr<Session>& session) {
  const auto on_end = [session](std::exception_ptr failed) {
    if (failed) session->fail(Reason::internal_error);
  };
  const auto executor = session->wire_->socket.get_executor();
  asio::co_spawn(executor, [session] { return Loops::write(session); }, on_end);
  asio::co_spawn(executor, [session] { return Loops::read(session); }, on_end);
}

bool Session::send(std::uint8_t kind, SharedBytes payload) {
  if (!is_open_) return true;
  if (!queue_.push(kind, std::move(payload))) return false;
  ++sent_.frames;
  wake_writer();
  return true;
}

void Session::encrypt_queued() {
  plaintext_.clear();
  queue_.take(plaintext_, kWriteBytes);
  sent_.bytes += plaintext_.size();
  if (!tls_.write(plaintext_)) return fail(Reason::tls_failed);
  tls_.take_output(ciphertext_);
}

void Session::wake_writer() {
  if (!wire_->writer_sleeps) return;
  wire_->writer_sleeps = false;
  wire_->wake.cancel();
}

bool Session::receive(crypto::ByteSpan ciphertext) {
  tls_.feed(ciphertext);
  std::array<std::uint8_t, kPlaintextBytes> plaintext;
  while (is_open_) {
    const auto got = tls_.read(plaintext);
    if (!got) {
      fail(got.error());
      return false;
    }
    if (*got == 0) break;
    if (!deliver(crypto::ByteSpan(plaintext).first(*got))) return false;
  }
  if (tls_.output_bytes() > kUnsentTlsBytesMax) fail(Reason::too_slow);
  if (tls_.output_bytes() > 0) wake_writer();
  return is_open_;
}

bool Session::deliver(crypto::ByteSpan plaintext) {
  received_.bytes += plaintext.size();
  const auto taken = assembler_.take(plaintext, [this](std::uint8_t kind, crypto::Bytes payload) {
    ++received_.frames;
    events_.frame(*this, kind, std::move(payload));
    return is_open_;
  });
  if (!taken) fail(taken.error());
  return is_open_;
}

void Session::fail(Reason reason) {
  if (!is_open_ || has_failed_) return;
  has_failed_ = true;
  events_.failed(*this, reason);
}

void Session::close() {
  if (!is_open_) return;
  is_open_ = false;
  error_code ignored;
  wire_->socket.close(ignored);
  wake_writer();
}

std::uint64_t Session::write_pending_ms() const {
  if (!wire_->write_started) return 0;
  const auto waited = Clock::now() - *wire_->write_started;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(waited).count());
}

}  // namespace treeproof::network
