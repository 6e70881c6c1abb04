#include "node/network/tls_channel.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cassert>
#include <new>
#include <string_view>

namespace treeproof::network {
namespace {

constexpr std::string_view kExporterLabel = "EXPORTER-Channel-Binding";
constexpr long kCertificateSeconds =
    10L * 365 * 24 * 3600;  // nobody checks it; a process is shorter
constexpr long kCertificateChainBytesMax = 4'096;

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using CertificateHandle = std::unique_ptr<X509, decltype(&X509_free)>;

CertificateHandle self_signed(EVP_PKEY* key) {
  CertificateHandle certificate(X509_new(), &X509_free);
  if (!certificate) return certificate;
  X509* const raw = certificate.get();
  X509_NAME* const name = X509_get_subject_name(raw);
  const auto* const common_name = reinterpret_cast<const unsigned char*>("treeproof");
  const bool made = X509_set_version(raw, X509_VERSION_3) == 1 &&
                    ASN1_INTEGER_set(X509_get_serialNumber(raw), 1) == 1 &&
                    X509_gmtime_adj(X509_getm_notBefore(raw), 0) != nullptr &&
                    X509_gmtime_adj(X509_getm_notAfter(raw), kCertificateSeconds) != nullptr &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) &&
                    X509_set_issuer_name(raw, name) == 1 && X509_set_pubkey(raw, key) == 1 &&
                    X509_sign(raw, key, nullptr) > 0;
  if (!made) certificate.reset();
  return certificate;
}

// Any certificate: possession of its key is still proven by TLS, identity by the hello.
int accept_any_certificate(X509_STORE_CTX*, void*) { return 1; }

bool configure(SSL_CTX* context, EVP_PKEY* key, X509* certificate) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(context, kCertificateChainBytesMax);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &accept_any_certificate, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256") ==
             1 &&
         SSL_CTX_set1_groups_list(context, "X25519") == 1 &&
         SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1 &&
         SSL_CTX_use_certificate(context, certificate) == 1 &&
         SSL_CTX_use_PrivateKey(context, key) == 1;
}

}  // namespace

void TlsIdentity::Free::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

std::optional<TlsIdentity> TlsIdentity::make() {
  const KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  if (!key) return std::nullopt;
  const CertificateHandle certificate = self_signed(key.get());
  if (!certificate) return std::nullopt;
  TlsIdentity identity(SSL_CTX_new(TLS_method()));
  if (identity.context() == nullptr) return std::nullopt;
  if (!configure(identity.context(), key.get(), certificate.get())) return std::nullopt;
  return identity;
}

void TlsChannel::Free::operator()(ssl_st* session) const noexcept { SSL_free(session); }

TlsChannel::TlsChannel(const TlsIdentity& identity, Side side)
    : session_(SSL_new(identity.context())) {
  BIO* const input = BIO_new(BIO_s_mem());
  BIO* const output = BIO_new(BIO_s_mem());
  if (session_ == nullptr || input == nullptr || output == nullptr) {
    BIO_free(input);
    BIO_free(output);
    throw std::bad_alloc();
  }
  SSL_set_bio(session_.get(), input, output);
  if (side == Side::client) {
    SSL_set_connect_state(session_.get());
  } else {
    SSL_set_accept_state(session_.get());
  }
}

TlsChannel::Progress TlsChannel::handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(session_.get());
  if (result == 1) return Progress::complete;
  const bool waits = SSL_get_error(session_.get(), result) == SSL_ERROR_WANT_READ;
  return waits ? Progress::needs_input : Progress::failed;
}

void TlsChannel::feed(crypto::ByteSpan ciphertext) {
  if (ciphertext.empty()) return;
  std::size_t written = 0;
  const int result =
      BIO_write_ex(SSL_get_rbio(session_.get()), ciphertext.data(), ciphertext.size(), &written);
  if (result != 1 || written != ciphertext.size()) throw std::bad_alloc();
}

bool TlsChannel::write(crypto::ByteSpan plaintext) {
  if (plaintext.empty()) return true;
  ERR_clear_error();
  std::size_t written = 0;
  const int result = SSL_write_ex(session_.get(), plaintext.data(), plaintext.size(), &written);
  return result == 1 && written == plaintext.size();
}

std::expected<std::size_t, Reason> TlsChannel::read(std::span<std::uint8_t> buffer) {
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(session_.get(), buffer.data(), buffer.size(), &got);
  if (result == 1) return got;
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return 0;
    case SSL_ERROR_ZERO_RETURN:
      return std::unexpected(Reason::closed_by_peer);
    default:
      return std::unexpected(Reason::tls_failed);
  }
}

std::size_t TlsChannel::output_bytes() const noexcept {
  return BIO_ctrl_pending(SSL_get_wbio(session_.get()));
}

void TlsChannel::take_output(crypto::Bytes& out) {
  const std::size_t pending = output_bytes();
  if (pending == 0) return;
  const std::size_t before = out.size();
  out.resize(before + pending);
  std::size_t got = 0;
  const int result = BIO_read_ex(SSL_get_wbio(session_.get()), out.data() + before, pending, &got);
  assert(result == 1 && got == pending);
}

std::optional<Exporter> TlsChannel::exporter() const {
  Exporter exporter{};
  const int result =
      SSL_export_keying_material(session_.get(), exporter.data(), exporter.size(),
                                 kExporterLabel.data(), kExporterLabel.size(), nullptr, 0, 1);
  if (result != 1) return std::nullopt;
  return exporter;
}

}  // namespace treeproof::network
