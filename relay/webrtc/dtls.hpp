#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

/// DTLS 1.2 for SRTP keys, over whatever carries the datagrams.
/// @source RFC 6347 (DTLS), RFC 5764 (DTLS-SRTP), RFC 8122 (fingerprints), RFC 8827 section 6.5
namespace tongke::relay::webrtc {

struct OpenSslFree {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
template <class T>
using OpenSsl = std::unique_ptr<T, OpenSslFree>;

enum class SrtpProfile : std::uint8_t { aead_aes_128_gcm, aes128_cm_sha1_80 };

/// One direction's master key and salt (12 bytes with GCM, 14 with AES-CM).
struct SrtpMaster {
  std::vector<std::uint8_t> key;
  std::vector<std::uint8_t> salt;
};
struct SrtpKeys {
  SrtpProfile profile = SrtpProfile::aead_aes_128_gcm;
  SrtpMaster local;
  SrtpMaster remote;
};

/// A self-signed ECDSA P-256 certificate made at construction, and the settings all sessions
/// share.  @thread any, once made
class DtlsContext {
 public:
  /// @errors internal (OpenSSL)
  [[nodiscard]] static base::Result<std::shared_ptr<const DtlsContext>> create();

  /// "sha-256 AB:CD:…", for SDP.
  [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }
  [[nodiscard]] SSL_CTX* get() const noexcept { return context_.get(); }

 private:
  DtlsContext() = default;
  OpenSsl<SSL_CTX> context_;
  std::string fingerprint_;
};

/// One peer's handshake. Datagrams go in by receive(), and come out into the vector given.
/// @thread one
class DtlsSession {
 public:
  enum class Role : std::uint8_t { server, client };
  enum class State : std::uint8_t { handshaking, connected, closed, failed };
  using Datagrams = std::vector<std::vector<std::uint8_t>>;

  /// Longest datagram written.
  static constexpr std::size_t kMtu = 1200;

  /// @param fingerprint  of the peer's certificate, as its SDP says; another one fails
  DtlsSession(std::shared_ptr<const DtlsContext> context, Role role, std::string fingerprint);
  ~DtlsSession();
  DtlsSession(const DtlsSession&) = delete;
  DtlsSession& operator=(const DtlsSession&) = delete;

  /// Sends the client's first flight.
  void start(Datagrams& out);
  State receive(base::ByteView datagram, Datagrams& out);
  /// When tick() has something to do; nullopt while nothing has to be sent again.
  [[nodiscard]] std::optional<std::chrono::milliseconds> timeout() const;
  /// Sends again what was not answered in time.
  State tick(Datagrams& out);
  /// Tells the peer that we go.
  void close(Datagrams& out);

  [[nodiscard]] State state() const noexcept { return state_; }
  /// What went wrong, once failed.
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }
  /// Once connected.
  [[nodiscard]] const SrtpKeys& keys() const noexcept { return keys_; }

 private:
  struct Pipe;
  void advance();
  bool verify_peer();
  bool export_keys();
  void fail(std::string why);

  std::shared_ptr<const DtlsContext> context_;
  Role role_;
  std::string fingerprint_;
  std::unique_ptr<Pipe> pipe_;
  OpenSsl<SSL> ssl_;
  State state_ = State::handshaking;
  std::string failure_;
  SrtpKeys keys_;
};

}  // namespace tongke::relay::webrtc
