#include "node/signal_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cassert>
#include <cstdint>

namespace treeproof::node {

SignalWatch::SignalWatch() {
  sigset_t stops;
  ::sigemptyset(&stops);
  ::sigaddset(&stops, SIGTERM);
  ::sigaddset(&stops, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // a closed socket is a value, not an end
  signals_ = ::signalfd(-1, &stops, SFD_CLOEXEC | SFD_NONBLOCK);
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  assert(signals_ >= 0 && wake_ >= 0);
}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  const ssize_t written = ::write(wake_, &one, sizeof one);
  assert(written == sizeof one);
  if (thread_.joinable()) thread_.join();
  ::close(signals_);
  ::close(wake_);
}

void SignalWatch::watch(std::function<void(const char* name)> on_signal) {
  thread_ = std::thread([this, on_signal = std::move(on_signal)] {
    pollfd waited[2] = {{signals_, POLLIN, 0}, {wake_, POLLIN, 0}};
    while (::poll(waited, 2, -1) < 0) {
    }
    signalfd_siginfo info{};
    if (::read(signals_, &info, sizeof info) != sizeof info) return;
    on_signal(info.ssi_signo == SIGINT ? "SIGINT" : "SIGTERM");
  });
}

}  // namespace treeproof::node
