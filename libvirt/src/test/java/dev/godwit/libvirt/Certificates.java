package dev.godwit.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Folders with what libvirt's TLS needs: {@code server} and {@code client} of one authority, {@code
 * stranger}, a client of another one, and {@code sceptic}, a client that trusts only that other
 * one.
 */
final class Certificates {
  private Certificates() {}

  static void write(Path folder) throws IOException, InterruptedException {
    for (String name : List.of("ours", "theirs", "server", "client", "stranger", "sceptic")) {
      Files.createDirectories(folder.resolve(name));
    }
    authority(folder.resolve("ours"));
    authority(folder.resolve("theirs"));
    issue(folder, "ours", "server", "ours");
    issue(folder, "ours", "client", "ours");
    issue(folder, "theirs", "stranger", "ours");
    issue(folder, "ours", "sceptic", "theirs");
  }

  private static void authority(Path folder) throws IOException, InterruptedException {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + folder.getFileName(),
        "-addext",
        "keyUsage=critical,keyCertSign",
        "-keyout",
        folder.resolve("key.pem").toString(),
        "-out",
        folder.resolve("cacert.pem").toString());
  }

  private static void issue(Path folder, String authority, String name, String trusted)
      throws IOException, InterruptedException {
    Path own = folder.resolve(name);
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + name,
        "-CA",
        folder.resolve(authority).resolve("cacert.pem").toString(),
        "-CAkey",
        folder.resolve(authority).resolve("key.pem").toString(),
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "extendedKeyUsage=serverAuth,clientAuth",
        "-addext",
        "subjectAltName=IP:127.0.1.1",
        "-keyout",
        own.resolve("key.pem").toString(),
        "-out",
        own.resolve("cert.pem").toString());
    Files.copy(folder.resolve(trusted).resolve("cacert.pem"), own.resolve("cacert.pem"));
    // The names that libvirt's pkipath parameter looks for.
    Files.copy(own.resolve("key.pem"), own.resolve("clientkey.pem"));
    Files.copy(own.resolve("cert.pem"), own.resolve("clientcert.pem"));
  }

  private static void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(command + " failed: " + out);
    }
  }
}
