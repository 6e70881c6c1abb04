#include "tests/unit/node/network/raw_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "node/network/frame.h"
#include "tests/unit/node/network/test_keys.h"

namespace treeproof::network {
namespace {

constexpr std::chrono::seconds kPatience{20};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int dial(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  const auto address = loopback(port);
  ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return descriptor;
}

void make_non_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL, 0) | O_NONBLOCK);
}

// Repeats a call that would block, turning the loop between; its last result.
template <typename Call>
auto patiently(const RawPeer::Turn& turn, const Call& call) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    const auto result = call();
    const bool blocked = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (!blocked || std::chrono::steady_clock::now() > deadline) return result;
    turn();
  }
}

}  // namespace

RawPeer::RawPeer(std::uint16_t port, Turn turn)
    : RawPeer(dial(port), Side::client, std::move(turn)) {}

RawPeer::RawPeer(int descriptor, Side side, Turn turn)
    : descriptor_(descriptor),
      side_(side),
      identity_(*TlsIdentity::make()),
      tls_(identity_, side),
      turn_(std::move(turn)) {
  make_non_blocking(descriptor_);
}

RawPeer::~RawPeer() { ::close(descriptor_); }

bool RawPeer::shake_hands() {
  while (true) {
    const auto progress = tls_.handshake();
    if (!flush()) return false;
    if (progress == TlsChannel::Progress::complete) return true;
    if (progress == TlsChannel::Progress::failed || !receive()) return false;
  }
}

Hello RawPeer::hello(std::string org) const {
  return {kTestChain, std::move(org), side_, {kPeerVersion}, exporter()};
}

bool RawPeer::join_as(char letter) {
  if (!shake_hands()) return false;
  const auto own = sign_hello(hello(std::string(1, letter)), test_key(letter));
  if (!send(kHelloKind, own)) return false;
  const auto answer = read_frame();
  return answer && answer->kind == kHelloKind;
}

bool RawPeer::send(std::uint8_t kind, crypto::ByteSpan payload) {
  crypto::Bytes frame;
  append_frame_header(frame, {static_cast<std::uint32_t>(payload.size()), kind});
  frame.insert(frame.end(), payload.begin(), payload.end());
  return send_plaintext(frame);
}

bool RawPeer::send_plaintext(crypto::ByteSpan bytes) { return tls_.write(bytes) && flush(); }

bool RawPeer::send_wire(crypto::ByteSpan bytes) {
  while (!bytes.empty()) {
    const auto count = patiently(
        turn_, [&] { return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawPeer::flush() {
  crypto::Bytes output;
  tls_.take_output(output);
  return send_wire(output);
}

bool RawPeer::receive() {
  std::array<std::uint8_t, 65'536> buffer;
  const auto count =
      patiently(turn_, [&] { return ::recv(descriptor_, buffer.data(), buffer.size(), 0); });
  if (count <= 0) return false;
  tls_.feed(crypto::ByteSpan(buffer).first(static_cast<std::size_t>(count)));
  return true;
}

std::optional<RawFrame> RawPeer::read_frame() {
  const auto read_exactly = [this](std::span<std::uint8_t> buffer) {
    while (!buffer.empty()) {
      const auto got = tls_.read(buffer);
      if (!got || (*got == 0 && !receive())) return false;
      buffer = buffer.subspan(*got);
    }
    return true;
  };
  std::array<std::uint8_t, kFrameHeaderBytes> head{};
  if (!read_exactly(head)) return std::nullopt;
  const FrameHeader header = read_frame_header(head);
  RawFrame frame{header.kind, crypto::Bytes(header.payload_bytes)};
  if (!read_exactly(frame.payload)) return std::nullopt;
  return frame;
}

bool RawPeer::is_closed_by_peer() {
  std::array<std::uint8_t, 65'536> buffer;
  while (true) {
    const auto count =
        patiently(turn_, [&] { return ::recv(descriptor_, buffer.data(), buffer.size(), 0); });
    if (count > 0) continue;
    return count == 0 || errno == ECONNRESET;
  }
}

void RawPeer::shrink_receive_buffer() {
  const int bytes = 4'096;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

RawListener::RawListener() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const auto address = loopback(0);
  ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::listen(descriptor_, 16);
  make_non_blocking(descriptor_);
}

RawListener::~RawListener() { ::close(descriptor_); }

std::uint16_t RawListener::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::unique_ptr<RawPeer> RawListener::accept(const RawPeer::Turn& turn) {
  const int descriptor = patiently(turn, [&] { return ::accept(descriptor_, nullptr, nullptr); });
  if (descriptor < 0) return nullptr;
  return std::make_unique<RawPeer>(descriptor, Side::server, turn);
}

std::uint16_t free_port() {
  constexpr int kFirst = 20'000;
  constexpr int kCount = 12'000;  // below the ports that connections and port 0 draw from
  static int next = ::getpid() * 31 % kCount;
  for (int tried = 0; tried < kCount; ++tried) {
    const auto port = static_cast<std::uint16_t>(kFirst + next++ % kCount);
    const auto address = loopback(port);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    const int bound =
        ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::close(descriptor);
    if (bound == 0) return port;
  }
  return 0;
}

}  // namespace treeproof::network
