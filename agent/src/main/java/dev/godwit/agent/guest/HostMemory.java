package dev.godwit.agent.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  long availableMib() {
    return mib("MemAvailable");
  }

  long totalMib() {
    return mib("MemTotal");
  }

  private long mib(String name) {
    try {
      return Files.readAllLines(account).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
