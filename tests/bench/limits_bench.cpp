// What this machine can do at best: the limits that the other figures stand beside, in one run.
// Source: docs/performance.md.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/signature.h"

namespace treeproof {
namespace {

crypto::SecretKey key() {
  return *crypto::SecretKey::from_bytes(crypto::sha256(crypto::as_bytes("k")));
}

void limit_sign(benchmark::State& state) {
  const crypto::SecretKey secret = key();
  const crypto::Hash digest = crypto::sha256(crypto::as_bytes("message"));
  for (auto _ : state) benchmark::DoNotOptimize(secret.sign(digest));
}
BENCHMARK(limit_sign);

void limit_verify(benchmark::State& state) {
  const crypto::SecretKey secret = key();
  const crypto::Hash digest = crypto::sha256(crypto::as_bytes("message"));
  const crypto::Signature signature = secret.sign(digest);
  const crypto::PublicKey signer = secret.public_key();
  for (auto _ : state) {
    if (!signer.verify(digest, signature)) state.SkipWithError("a good signature is refused");
  }
}
BENCHMARK(limit_verify);

void limit_sha256_of_64_bytes(benchmark::State& state) {
  const crypto::Bytes bytes(64, 7);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256(bytes));
}
BENCHMARK(limit_sha256_of_64_bytes);

// Append and fdatasync, as the journal does it.
void limit_append_and_sync(benchmark::State& state) {
  std::string path = "treeproof-bench-XXXXXX";
  const int file = mkstemp(path.data());
  const crypto::Bytes bytes(static_cast<std::size_t>(state.range(0)), 7);
  for (auto _ : state) {
    const bool done =
        write(file, bytes.data(), bytes.size()) == state.range(0) && fdatasync(file) == 0;
    if (!done) state.SkipWithError("the disk fails");
  }
  close(file);
  unlink(path.c_str());
}
BENCHMARK(limit_append_and_sync)->Arg(4'096)->Arg(65'536)->UseRealTime();

}  // namespace
}  // namespace treeproof
