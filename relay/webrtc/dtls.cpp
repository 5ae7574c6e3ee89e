#include "relay/webrtc/dtls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace tongke::relay::webrtc {

/// One datagram in at a time, any number out.
struct DtlsSession::Pipe {
  base::ByteView in;
  Datagrams* out = nullptr;

  /// OpenSSL 3.0 has no datagram BIO in memory; this is one.
  static BIO_METHOD* method();
  static Pipe* of(BIO* bio) { return static_cast<Pipe*>(BIO_get_data(bio)); }
};

namespace {

constexpr std::size_t kKeySize = 16;
constexpr long kOverhead = 48;  // IPv6 and UDP headers

std::string openssl_error() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "closed by the peer";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

/// The certificate's digest in the form of an SDP fingerprint; empty for an unknown hash.
std::string fingerprint_of(const X509* certificate, const std::string& like) {
  const std::string hash = like.substr(0, like.find(' '));
  const EVP_MD* digest = hash == "sha-256"   ? EVP_sha256()
                         : hash == "sha-384" ? EVP_sha384()
                         : hash == "sha-512" ? EVP_sha512()
                                             : nullptr;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (!digest || X509_digest(certificate, digest, bytes.data(), &size) != 1) return {};
  std::string text = hash + ' ';
  for (unsigned i = 0; i < size; ++i) {
    constexpr const char* kHex = "0123456789ABCDEF";
    if (i > 0) text += ':';
    text += kHex[bytes[i] >> 4U];
    text += kHex[bytes[i] & 15U];
  }
  return text;
}

}  // namespace

BIO_METHOD* DtlsSession::Pipe::method() {
  static BIO_METHOD* const made = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams in memory");
    BIO_meth_set_create(m, [](BIO* bio) noexcept {
      BIO_set_init(bio, 1);
      return 1;
    });
    BIO_meth_set_write(m, [](BIO* bio, const char* bytes, int size) noexcept {
      if (auto* written = of(bio)->out) written->emplace_back(bytes, bytes + size);
      return size;
    });
    BIO_meth_set_read(m, [](BIO* bio, char* bytes, int size) noexcept {
      auto& waiting = of(bio)->in;
      BIO_clear_retry_flags(bio);
      if (waiting.empty()) {
        BIO_set_retry_read(bio);
        return -1;
      }
      const std::size_t taken = std::min(waiting.size(), static_cast<std::size_t>(size));
      std::memcpy(bytes, waiting.data(), taken);
      waiting = {};
      return static_cast<int>(taken);
    });
    BIO_meth_set_ctrl(m, [](BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) noexcept -> long {
      switch (command) {
        case BIO_CTRL_FLUSH:
        case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
          return 1;
        case BIO_CTRL_DGRAM_QUERY_MTU:
        case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
          return kMtu;
        case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD:
          return kOverhead;
        default:
          return 0;
      }
    });
    return m;
  }();
  return made;
}

DtlsSession::DtlsSession(std::shared_ptr<const DtlsContext> context, Role role, std::string fingerprint)
    : context_(std::move(context)),
      role_(role),
      fingerprint_(std::move(fingerprint)),
      pipe_(std::make_unique<Pipe>()),
      ssl_(SSL_new(context_->get())) {
  BIO* bio = BIO_new(Pipe::method());
  BIO_set_data(bio, pipe_.get());
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_mtu(ssl_.get(), kMtu);
  if (role_ == Role::server) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
}

DtlsSession::~DtlsSession() = default;

void DtlsSession::start(Datagrams& out) {
  pipe_->out = &out;
  advance();
  pipe_->out = nullptr;
}

DtlsSession::State DtlsSession::receive(base::ByteView datagram, Datagrams& out) {
  if (state_ == State::closed || state_ == State::failed) return state_;
  pipe_->in = datagram;
  pipe_->out = &out;
  if (state_ == State::handshaking) {
    advance();
  }
  if (state_ == State::connected) {
    // Nobody talks to us by DTLS; reading handles alerts and flights sent again.
    std::array<std::uint8_t, 256> ignored{};
    ERR_clear_error();
    const int read = SSL_read(ssl_.get(), ignored.data(), ignored.size());
    if (read <= 0 && SSL_get_error(ssl_.get(), read) == SSL_ERROR_ZERO_RETURN) state_ = State::closed;
  }
  pipe_->in = {};
  pipe_->out = nullptr;
  return state_;
}

std::optional<std::chrono::milliseconds> DtlsSession::timeout() const {
  timeval left{};
  if (state_ != State::handshaking || DTLSv1_get_timeout(ssl_.get(), &left) != 1) return std::nullopt;
  return std::chrono::milliseconds(left.tv_sec * 1000 + left.tv_usec / 1000);
}

DtlsSession::State DtlsSession::tick(Datagrams& out) {
  if (state_ != State::handshaking) return state_;
  pipe_->out = &out;
  ERR_clear_error();
  if (DTLSv1_handle_timeout(ssl_.get()) < 0) fail("no answer to the handshake");
  pipe_->out = nullptr;
  return state_;
}

void DtlsSession::close(Datagrams& out) {
  if (state_ != State::connected) return;
  pipe_->out = &out;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  pipe_->out = nullptr;
  state_ = State::closed;
}

void DtlsSession::advance() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    if (!verify_peer()) return fail("the certificate is not the one its SDP names");
    if (!export_keys()) return fail("no SRTP profile in common");
    state_ = State::connected;
    return;
  }
  const int error = SSL_get_error(ssl_.get(), result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail(openssl_error());
}

bool DtlsSession::verify_peer() {
  const OpenSsl<X509> certificate(SSL_get1_peer_certificate(ssl_.get()));
  if (!certificate) return false;
  const std::string found = fingerprint_of(certificate.get(), fingerprint_);
  return !found.empty() && found == fingerprint_;
}

bool DtlsSession::export_keys() {
  const auto* profile = SSL_get_selected_srtp_profile(ssl_.get());
  if (!profile) return false;
  const bool gcm = profile->id == SRTP_AEAD_AES_128_GCM;
  if (!gcm && profile->id != SRTP_AES128_CM_SHA1_80) return false;
  const std::size_t salt = gcm ? 12 : 14;
  std::vector<std::uint8_t> material(2 * (kKeySize + salt));
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  if (SSL_export_keying_material(ssl_.get(), material.data(), material.size(), kLabel.data(), kLabel.size(),
                                 nullptr, 0, 0) != 1) {
    return false;
  }
  // RFC 5764 section 4.2: client key, server key, client salt, server salt.
  const auto piece = [&](std::size_t at, std::size_t size) {
    const auto from = material.begin() + static_cast<std::ptrdiff_t>(at);
    return std::vector<std::uint8_t>(from, from + static_cast<std::ptrdiff_t>(size));
  };
  SrtpMaster client{.key = piece(0, kKeySize), .salt = piece(2 * kKeySize, salt)};
  SrtpMaster server{.key = piece(kKeySize, kKeySize), .salt = piece(2 * kKeySize + salt, salt)};
  keys_.profile = gcm ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_sha1_80;
  keys_.local = role_ == Role::server ? std::move(server) : client;
  keys_.remote = role_ == Role::server ? std::move(client) : std::move(server);
  OPENSSL_cleanse(material.data(), material.size());
  return true;
}

void DtlsSession::fail(std::string why) {
  state_ = State::failed;
  failure_ = std::move(why);
}

}  // namespace tongke::relay::webrtc
