package dev.godwit.lab.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the machine must have before a lab can be on it. */
public final class Machine {
  /** The daemons are in /usr/sbin, which is not on everybody's path. */
  private static final List<Path> PLACES =
      Stream.concat(
              Stream.of(String.valueOf(System.getenv("PATH")).split(":")),
              Stream.of("/usr/sbin", "/sbin"))
          .filter(place -> place.startsWith("/"))
          .map(Path::of)
          .distinct()
          .toList();

  private static final List<String> PROGRAMS =
      List.of(
          "unshare",
          "nsenter",
          "ip",
          "nft",
          "socat",
          "openssl",
          "gcc",
          "cpio",
          "gzip",
          "stdbuf",
          "virsh",
          "libvirtd",
          "virtlogd",
          "virtlockd",
          "qemu-system-x86_64",
          "qemu-img");

  private Machine() {}

  /** Throws {@link LabFailure} with everything that is missing. */
  public static void check() {
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        throw new LabFailure(
            "a lab needs namespaces and network devices of its own: expected to run as root, found user %s; run it with sudo"
                .formatted(System.getProperty("user.name")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> missing = PROGRAMS.stream().filter(program -> !there(program)).toList();
    if (!missing.isEmpty()) {
      throw new LabFailure(
          "the lab needs programs that are not there: %s; on Debian, as root, ./godwit lab up installs them"
              .formatted(String.join(", ", missing)));
    }
    if (!Files.exists(Path.of("/dev/net/tun"))) {
      throw new LabFailure(
          "the lab's guests need /dev/net/tun, which is not there; in a container, pass the device in");
    }
  }

  private static boolean there(String program) {
    return PLACES.stream().anyMatch(place -> Files.isExecutable(place.resolve(program)));
  }
}
