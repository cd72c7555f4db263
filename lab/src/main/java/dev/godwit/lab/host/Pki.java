package dev.godwit.lab.host;

import java.nio.file.Files;
import java.nio.file.Path;

/** The lab's private certificate authority. */
public final class Pki {
  private static final String DAYS = "3650";

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

  /** Makes the authority unless it is there. */
  public void makeAuthority() {
    if (Files.exists(authority())) {
      return;
    }
    makeKey("ca");
    Argv.must(
        "openssl",
        "req",
        "-x509",
        "-new",
        "-key",
        key("ca").toString(),
        "-days",
        DAYS,
        "-subj",
        "/CN=lab authority",
        "-out",
        authority().toString(),
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign");
  }

  /** Makes a certificate for both directions unless it is there. */
  public void makeCertificate(String name, String address, int serial) {
    if (Files.exists(certificate(name))) {
      return;
    }
    makeKey(name);
    Path request = folder.pki().resolve(name + ".csr");
    Path extensions = folder.pki().resolve(name + ".ext");
    Argv.must(
        "openssl",
        "req",
        "-new",
        "-key",
        key(name).toString(),
        "-subj",
        "/CN=" + name,
        "-out",
        request.toString());
    LabFolder.write(
        extensions,
        """
        subjectAltName=DNS:%s,IP:%s,IP:127.0.0.1,DNS:localhost
        keyUsage=digitalSignature,keyEncipherment
        extendedKeyUsage=serverAuth,clientAuth
        basicConstraints=CA:FALSE
        """
            .formatted(name, address));
    Argv.must(
        "openssl",
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        authority().toString(),
        "-CAkey",
        key("ca").toString(),
        "-set_serial",
        Integer.toString(1000 + serial),
        "-days",
        DAYS,
        "-extfile",
        extensions.toString(),
        "-out",
        certificate(name).toString());
  }

  private void makeKey(String name) {
    Path raw = folder.pki().resolve(name + ".ec");
    Argv.must(
        "openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", raw.toString());
    // PKCS#8, which both GnuTLS and Java read.
    Argv.must(
        "openssl",
        "pkcs8",
        "-topk8",
        "-nocrypt",
        "-in",
        raw.toString(),
        "-out",
        key(name).toString());
  }
}
