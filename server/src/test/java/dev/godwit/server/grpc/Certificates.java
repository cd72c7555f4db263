package dev.godwit.server.grpc;

import dev.godwit.wire.MutualTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Authorities and certificates, made by openssl in a folder. */
final class Certificates {
  private final Path folder;

  Certificates(Path folder) {
    this.folder = folder;
  }

  /** A new authority. */
  void authority(String name) {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-days",
        "30",
        "-keyout",
        name + ".key",
        "-out",
        name + ".pem",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign");
  }

  /** A certificate for 127.0.0.1, which that authority signed; trusts that same authority. */
  MutualTls issue(String name, String authority, int days) {
    return issue(name, authority, days, "IP:127.0.0.1");
  }

  /** The same for other names. */
  MutualTls issue(String name, String authority, int days, String names) {
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + name,
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr");
    try {
      Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + names + "\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> sign =
        new ArrayList<>(
            List.of(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                authority + ".pem",
                "-CAkey",
                authority + ".key",
                "-CAcreateserial",
                "-out",
                name + ".pem",
                "-extfile",
                name + ".ext",
                "-days",
                Integer.toString(days)));
    openssl(sign.toArray(String[]::new));
    return new MutualTls(
        folder.resolve(authority + ".pem"),
        folder.resolve(name + ".pem"),
        folder.resolve(name + ".key"));
  }

  private void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(command + ": " + said);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
