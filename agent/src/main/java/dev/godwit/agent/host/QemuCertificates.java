package dev.godwit.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;

/**
 * The certificates that QEMU itself uses for memory and disks, where libvirt looks for them: a
 * folder for migrations, else QEMU's general one.
 */
public final class QemuCertificates {
  private final List<Path> folders;
  private final Clock clock;

  public QemuCertificates(Path etc, Clock clock) {
    this.folders = List.of(etc.resolve("pki/libvirt-migrate"), etc.resolve("pki/qemu"));
    this.clock = clock;
  }

  /** True when an arriving guest can be received over TLS. */
  public boolean receiving() {
    return complete("server");
  }

  /**
   * True when a departing guest can be sent over TLS, also where the receiver wants to see ours.
   */
  public boolean sending() {
    return complete("client");
  }

  private boolean complete(String side) {
    return folders.stream()
        .filter(Files::isDirectory)
        .findFirst()
        .map(folder ->
            valid(folder.resolve("ca-cert.pem"))
                && valid(folder.resolve(side + "-cert.pem"))
                && Files.isReadable(folder.resolve(side + "-key.pem")))
        .orElse(false);
  }

  private boolean valid(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      certificate.checkValidity(Date.from(clock.instant()));
      return true;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }
}
