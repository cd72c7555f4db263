package dev.godwit.wire;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;

/**
 * The certificates of one process: both ends of every call show theirs, signed by one authority.
 *
 * @param ca the authority's certificate, PEM
 * @param cert this process's own, PEM
 * @param key its key, PKCS#8 PEM
 */
public record MutualTls(Path ca, Path cert, Path key) {
  /**
   * Throws {@link IllegalArgumentException} with what to do when a file is missing, broken or out
   * of its time.
   */
  public void check(Clock clock) {
    checkCertificate("ca", ca, clock);
    checkCertificate("cert", cert, clock);
    if (!Files.isReadable(key)) {
      throw new IllegalArgumentException(
          "tls.key: expected a readable PKCS#8 key, found nothing readable at " + key);
    }
  }

  private static void checkCertificate(String option, Path file, Clock clock) {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "tls.%s: expected a certificate that is valid now, found %s: %s. Issue a new one."
              .formatted(option, file, e.getMessage()),
          e);
    }
  }

  /** For calling. */
  public ChannelCredentials client() {
    try {
      return TlsChannelCredentials.newBuilder()
          .keyManager(cert.toFile(), key.toFile())
          .trustManager(ca.toFile())
          .build();
    } catch (IOException e) {
      throw new IllegalArgumentException("tls: " + e.getMessage(), e);
    }
  }

  /** For serving: whoever calls must show a certificate of the same authority. */
  public ServerCredentials server() {
    try {
      return TlsServerCredentials.newBuilder()
          .keyManager(cert.toFile(), key.toFile())
          .trustManager(ca.toFile())
          .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
          .build();
    } catch (IOException e) {
      throw new IllegalArgumentException("tls: " + e.getMessage(), e);
    }
  }
}
