#include "crypto/hash.h"

#include <openssl/evp.h>

#include <cassert>

namespace treeproof::crypto {

namespace {

const EVP_MD* sha256_method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  assert(kMethod != nullptr);
  return kMethod;
}

EVP_MD_CTX* new_context() {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  assert(context != nullptr);
  const int started = EVP_DigestInit_ex2(context, sha256_method(), nullptr);
  assert(started == 1);
  return context;
}

void add(EVP_MD_CTX* context, ByteSpan bytes) {
  const int added = EVP_DigestUpdate(context, bytes.data(), bytes.size());
  assert(added == 1);
}

// Leaves the context ready for the next message.
Hash finish(EVP_MD_CTX* context) {
  Hash hash;
  unsigned int size = 0;
  const int finished = EVP_DigestFinal_ex(context, hash.data(), &size);
  assert(finished == 1 && size == hash.size());
  const int started = EVP_DigestInit_ex2(context, nullptr, nullptr);
  assert(started == 1);
  return hash;
}

struct ThreadContext {
  EVP_MD_CTX* const context = new_context();
  ThreadContext() = default;
  ~ThreadContext() { EVP_MD_CTX_free(context); }
  ThreadContext(const ThreadContext&) = delete;
  ThreadContext& operator=(const ThreadContext&) = delete;
};

// Between calls it holds no message: memory that is reused, and no state.
EVP_MD_CTX* thread_context() {
  thread_local const ThreadContext kHolder;
  return kHolder.context;
}

}  // namespace

Hash sha256(ByteSpan bytes) {
  EVP_MD_CTX* const context = thread_context();
  add(context, bytes);
  return finish(context);
}

Hash sha256(std::initializer_list<ByteSpan> parts) {
  EVP_MD_CTX* const context = thread_context();
  for (const ByteSpan part : parts) add(context, part);
  return finish(context);
}

Sha256::Sha256() : context_(new_context()) {}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

Sha256& Sha256::update(ByteSpan bytes) {
  add(static_cast<EVP_MD_CTX*>(context_), bytes);
  return *this;
}

Hash Sha256::finish() { return crypto::finish(static_cast<EVP_MD_CTX*>(context_)); }

}  // namespace treeproof::crypto
