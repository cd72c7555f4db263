package dev.godwit.app.real;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFolder;
import java.nio.file.Path;

/** Certificates that nobody should trust. */
final class Certificates {
  private Certificates() {}

  /** One of the lab's own authority for a host's own key; it expired yesterday. */
  static Path expired(RealLab lab, String host) {
    Path pki = lab.lab().folder().resolve("pki");
    Path request = pki.resolve("expired.csr");
    Path certificate = pki.resolve("expired.pem");
    Argv.must(
        "openssl",
        "req",
        "-new",
        "-key",
        pki.resolve(host + ".key").toString(),
        "-subj",
        "/CN=" + host,
        "-out",
        request.toString());
    Argv.must(
        "openssl",
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        pki.resolve("ca.pem").toString(),
        "-CAkey",
        pki.resolve("ca.key").toString(),
        "-set_serial",
        "4711",
        "-days",
        "-1",
        "-out",
        certificate.toString());
    return certificate;
  }

  /** One that its holder signed himself, and its key: pki/stranger.pem and pki/stranger.key. */
  static Path strangers(RealLab lab) {
    Path pki = lab.lab().folder().resolve("pki");
    Path certificate = pki.resolve("stranger.pem");
    Argv.must(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=a stranger",
        "-keyout",
        pki.resolve("stranger.key").toString(),
        "-out",
        certificate.toString());
    return certificate;
  }

  /** Starts a host's agent again with other certificates, until the lab is mended. */
  static void restartAgent(RealLab lab, String host, String tls) {
    Path file = lab.lab().folder().resolve("hosts/" + host + "/agent.toml");
    String before = LabFolder.read(file).orElseThrow();
    LabFolder.write(file, before.substring(0, before.indexOf("[tls]")) + "[tls]\n" + tls);
    lab.lab().kill(host, "agent");
    lab.lab().start(host, "agent");
  }
}
