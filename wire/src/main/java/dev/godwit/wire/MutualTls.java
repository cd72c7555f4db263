package dev.godwit.wire;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificates of one process: both ends of every call show theirs, signed by one authority.
 *
 * @param ca the authority's certificate, PEM
 * @param cert this process's own, PEM
 * @param key its key, PKCS#8 PEM
 */
public record MutualTls(Path ca, Path cert, Path key) {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----", Pattern.DOTALL);

  /**
   * Throws {@link IllegalArgumentException} with what to do when a file is missing, broken, out of
   * its time, or does not belong to the others.
   */
  public void check(Clock clock) {
    List<X509Certificate> authorities = certificates("ca", ca, clock);
    List<X509Certificate> chain = certificates("cert", cert, clock);
    checkSignature(authorities, chain, clock);
    checkKey(chain.getFirst());
  }

  private static List<X509Certificate> certificates(String option, Path file, Clock clock) {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found = new ArrayList<>();
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        if (each instanceof X509Certificate certificate) {
          certificate.checkValidity(Date.from(clock.instant()));
          found.add(certificate);
        }
      }
      if (found.isEmpty()) {
        throw new CertificateException("no certificate in it");
      }
      return found;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "tls.%s: expected a file of certificates, found none at %s. Issue one, or name the file."
              .formatted(option, file),
          e);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "tls.%s: expected a certificate that is valid now, found %s: %s. Issue a new one."
              .formatted(option, file, e.getMessage()),
          e);
    }
  }

  private void checkSignature(
      List<X509Certificate> authorities, List<X509Certificate> chain, Clock clock) {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      authorities.forEach(it -> anchors.add(new TrustAnchor(it, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "tls.cert: expected a certificate that %s signed, found %s: %s. Issue one by this authority, or name its own as tls.ca."
              .formatted(ca, cert, e.getMessage()),
          e);
    }
  }

  /** What the key signs, the certificate's own key must recognize. */
  private void checkKey(X509Certificate certificate) {
    try {
      String pem = Files.readString(key);
      Matcher body = PKCS8.matcher(pem);
      if (!body.find()) {
        throw new InvalidKeyException("no PKCS#8 key in it");
      }
      PrivateKey own =
          KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body.group(1))));
      String algorithm =
          switch (own.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> own.getAlgorithm();
          };
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(own);
      signature.update(certificate.getEncoded());
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(certificate.getEncoded());
      if (!signature.verify(signed)) {
        throw new InvalidKeyException("it belongs to another certificate");
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "tls.key: expected the key of %s in PKCS#8 PEM, found %s: %s. Name the key that the certificate was issued for."
              .formatted(cert, key, e.getMessage()),
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
