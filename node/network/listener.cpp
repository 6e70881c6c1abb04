#include "node/network/listener.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "node/network/accept_rate.h"

namespace treeproof::network {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kAsValue = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPauseWithoutResources{100};

AddressKey key_of(const asio::ip::address& address) {
  if (address.is_v4()) {
    return asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
  }
  AddressKey key = address.to_v6().to_bytes();
  if (!address.to_v6().is_v4_mapped()) std::fill(key.begin() + 8, key.end(), std::uint8_t{0});
  return key;
}

std::uint64_t now_ms() {
  using namespace std::chrono;
  const auto since = steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(since).count());
}

}  // namespace

struct Listener::Door {
  Door(asio::io_context& main, Rate limits, Events told)
      : acceptor(main),
        pause(main),
        rate(limits.burst, limits.per_second),
        events(std::move(told)) {}

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  AcceptRate rate;
  Events events;

  static asio::awaitable<void> accept_loop(std::shared_ptr<Door> door) {
    while (door->acceptor.is_open()) {
      auto [failed, socket] = co_await door->acceptor.async_accept(kAsValue);
      if (failed == asio::error::operation_aborted) co_return;
      if (!failed && door->enter(std::move(socket))) continue;
      // No descriptors or no memory: the next ones may find some.
      door->pause.expires_after(kPauseWithoutResources);
      co_await door->pause.async_wait(kAsValue);
    }
  }

  // False when the system had no memory for it.
  bool enter(tcp::socket socket) {
    try {
      error_code failed;
      const auto remote = socket.remote_endpoint(failed);
      if (failed || !acceptor.is_open()) return true;
      const std::string address = remote.address().to_string();
      if (!rate.admit(key_of(remote.address()), now_ms())) {
        events.too_busy(address);
        return true;
      }
      const bool is_ipv6 = remote.protocol() == tcp::v6();
      SocketDescriptor descriptor(socket.release(failed), is_ipv6);
      if (!failed) events.accepted(std::move(descriptor), address);
      return !failed;
    } catch (const std::exception&) {
      return false;
    }
  }
};

Listener::Listener(asio::io_context& main, Rate rate, Events events)
    : door_(std::make_shared<Door>(main, rate, std::move(events))) {}

Listener::~Listener() { close(); }

std::expected<void, std::string> Listener::listen(const PeerAddress& address) {
  const std::string where = address.host + " port " + std::to_string(address.port);
  error_code failed;
  const auto numeric = asio::ip::make_address(address.host, failed);
  if (failed) return std::unexpected("cannot listen: " + where + " is not a numeric address");
  const tcp::endpoint endpoint(numeric, address.port);
  tcp::acceptor& acceptor = door_->acceptor;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && numeric.is_v6()) acceptor.set_option(asio::ip::v6_only(false), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return std::unexpected("cannot listen on " + where + ": " + failed.message());
  asio::co_spawn(acceptor.get_executor(), Door::accept_loop(door_), asio::detached);
  return {};
}

void Listener::close() {
  error_code ignored;
  door_->acceptor.close(ignored);
  door_->pause.cancel();
}

std::uint16_t Listener::port() const {
  error_code not_listening;
  return door_->acceptor.local_endpoint(not_listening).port();
}

}  // namespace treeproof::network
