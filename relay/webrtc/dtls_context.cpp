#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>

#include "relay/webrtc/dtls.hpp"

namespace tongke::relay::webrtc {
namespace {

using base::Errc;
using base::Error;
using base::Result;

constexpr long kDay = 24L * 3600;
constexpr long kValidDays = 365;
constexpr const char* kName = "tongke";

Error failed(const char* what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return {Errc::internal, std::string("DTLS: ") + what + ": " + text.data()};
}

/// The peer is known by its fingerprint, compared once the handshake is over.
int accept_any(int /*ok*/, X509_STORE_CTX* /*store*/) noexcept { return 1; }

OpenSsl<X509> self_signed(EVP_PKEY* key) {
  OpenSsl<X509> certificate(X509_new());
  if (!certificate) return nullptr;
  std::array<unsigned char, 8> serial{};
  if (RAND_bytes(serial.data(), serial.size()) != 1) return nullptr;
  BIGNUM* number = BN_bin2bn(serial.data(), serial.size(), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  X509_set_version(certificate.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kValidDays * kDay);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(kName), -1, -1,
                             0);
  if (X509_set_issuer_name(certificate.get(), name) != 1 || X509_set_pubkey(certificate.get(), key) != 1 ||
      X509_sign(certificate.get(), key, EVP_sha256()) == 0) {
    return nullptr;
  }
  return certificate;
}

std::string sha256_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  std::string text = "sha-256 ";
  for (unsigned i = 0; i < size; ++i) {
    constexpr const char* kHex = "0123456789ABCDEF";
    if (i > 0) text += ':';
    text += kHex[digest[i] >> 4U];
    text += kHex[digest[i] & 15U];
  }
  return text;
}

}  // namespace

Result<std::shared_ptr<const DtlsContext>> DtlsContext::create() {
  const OpenSsl<EVP_PKEY> key(EVP_EC_gen("P-256"));
  if (!key) return failed("key");
  const auto certificate = self_signed(key.get());
  if (!certificate) return failed("certificate");
  std::shared_ptr<DtlsContext> made(new DtlsContext());
  made->context_.reset(SSL_CTX_new(DTLS_method()));
  SSL_CTX* context = made->context_.get();
  if (!context) return failed("context");
  SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
  // No tickets and no renegotiation: a session lives as long as its transport.
  SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
  const bool ok = SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
                  SSL_CTX_set1_groups_list(context, "X25519:P-256") == 1 &&
                  SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
                  SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
                  // Zero means success here. A server takes the first of its own that the client offers.
                  SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0;
  if (!ok) return failed("settings");
  made->fingerprint_ = sha256_of(certificate.get());
  return std::shared_ptr<const DtlsContext>(std::move(made));
}

}  // namespace tongke::relay::webrtc
