package dev.godwit.agent.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernel's own account of memory. */
public final class HostMemory {
  private final Path account;

  /**
   * As that file tells.
   *
   * @param account /proc/meminfo
   */
  public HostMemory(Path account) {
    this.account = account;
  }

  /** What there is, and what a new process could have of it. */
  record Account(long totalMib, long availableMib) {}

  Account now() {
    try {
      List<String> lines = Files.readAllLines(account);
      return new Account(mib(lines, "MemTotal:"), mib(lines, "MemAvailable:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long mib(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
