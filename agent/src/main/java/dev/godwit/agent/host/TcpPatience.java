package dev.godwit.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How long this host's TCP holds on to a peer that is gone. A QEMU that copies a disk hangs, its
 * guest too, for as long when the link to the destination is cut: its own clean-up waits for what
 * it sent.
 *
 * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">tcp_retries2</a>
 */
public final class TcpPatience {
  /** 102 seconds, the least of RFC 1122. */
  private static final int MOST_RETRIES = 8;

  private TcpPatience() {}

  /** What the operator should change; empty when nothing, or when the kernel does not tell. */
  public static Optional<String> advice() {
    return advice(Path.of("/proc/sys/net/ipv4/tcp_retries2"));
  }

  static Optional<String> advice(Path setting) {
    try {
      int retries = Integer.parseInt(Files.readString(setting).strip());
      return retries <= MOST_RETRIES
          ? Optional.empty()
          : Optional.of(
              "net.ipv4.tcp_retries2: expected at most %d, found %d. When the link to a destination is cut while a disk is copied, QEMU and its guest hang until TCP gives up, with %d for many minutes. Set it to 6 (25 s) to 8 (100 s)."
                  .formatted(MOST_RETRIES, retries, retries));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
