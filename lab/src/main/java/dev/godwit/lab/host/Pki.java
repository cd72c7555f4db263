package dev.godwit.lab.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The lab's private certificate authority. */
public final class Pki {
  private static final String DAYS = "3650";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Nothing of the machine's own configuration gets into the lab's certificates. */
  private static final String CONFIGURATION =
      """
      [req]
      distinguished_name = name
      [name]
      """;

  private final LabFolder folder;

  public Pki(LabFolder folder) {
    this.folder = folder;
  }

  /** Certificate of the authority. */
  public Path authority() {
    return folder.pki().resolve("ca.pem");
  }

  /** A holder's certificate. */
  public Path certificate(String name) {
    return folder.pki().resolve(name + ".pem");
  }

  /** A holder's key. */
  public Path key(String name) {
    return folder.pki().resolve(name + ".key");
  }

  /** A holder's files, as the [tls] table of Godwit's configurations names them. */
  public String options(String name) {
    return "ca = \"%s\"\ncert = \"%s\"\nkey = \"%s\""
        .formatted(authority(), certificate(name), key(name));
  }

  /** Makes the authority unless it is there. */
  public void makeAuthority() {
    if (Files.exists(authority())) {
      return;
    }
    List<String> argv = selfSigned("ca", "lab authority", authority());
    argv.addAll(
        List.of(
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-addext",
            "keyUsage=critical,keyCertSign"));
    Argv.must(PATIENCE, argv);
  }

  /** Makes a certificate for both directions unless it is there. */
  public void makeCertificate(String name, String address, int serial) {
    if (Files.exists(certificate(name))) {
      return;
    }
    List<String> argv = selfSigned(name, name, certificate(name));
    argv.addAll(
        List.of(
            "-CA",
            authority().toString(),
            "-CAkey",
            key("ca").toString(),
            "-set_serial",
            Integer.toString(1000 + serial),
            "-addext",
            "subjectAltName=DNS:%s,IP:%s,IP:127.0.0.1,DNS:localhost".formatted(name, address),
            "-addext",
            "keyUsage=digitalSignature,keyEncipherment",
            "-addext",
            "extendedKeyUsage=serverAuth,clientAuth",
            "-addext",
            "basicConstraints=CA:FALSE"));
    Argv.must(PATIENCE, argv);
  }

  /** A new key, in PKCS#8, which both GnuTLS and Java read, and its certificate, in one go. */
  private List<String> selfSigned(String name, String commonName, Path certificate) {
    Path configuration = folder.pki().resolve(name + ".cnf");
    LabFolder.write(configuration, CONFIGURATION);
    return new ArrayList<>(
        List.of(
            "openssl",
            "req",
            "-config",
            configuration.toString(),
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            key(name).toString(),
            "-out",
            certificate.toString(),
            "-days",
            DAYS,
            "-subj",
            "/CN=" + commonName));
  }
}
