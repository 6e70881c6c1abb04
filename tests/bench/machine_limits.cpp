#include "tests/bench/machine_limits.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "crypto/hash.h"
#include "node/cli/key_file.h"

namespace treeproof::load {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace

double signature_checks_per_second() {
  const crypto::SecretKey key = cli::random_key();
  const crypto::Hash digest = crypto::sha256(crypto::as_bytes("limit"));
  const crypto::Signature signature = key.sign(digest);
  constexpr int kRounds = 5'000;
  int held = 0;
  const auto began = Clock::now();
  for (int i = 0; i < kRounds; ++i) held += key.public_key().verify(digest, signature) ? 1 : 0;
  return held / seconds_since(began);
}

std::vector<double> sync_times_ms(const std::filesystem::path& folder) {
  constexpr std::size_t kSyncs = 200;
  const std::vector<char> page(4'096, 'x');
  const auto file = folder / "sync";
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::vector<double> times;
  for (std::size_t i = 0; i < kSyncs; ++i) {
    const auto began = Clock::now();
    const bool written = ::write(descriptor, page.data(), page.size()) > 0;
    if (!written || ::fdatasync(descriptor) != 0) std::exit(2);
    times.push_back(1e3 * seconds_since(began));
  }
  ::close(descriptor);
  std::ranges::sort(times);
  return times;
}

}  // namespace treeproof::load
