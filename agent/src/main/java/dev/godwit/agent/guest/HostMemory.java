package dev.godwit.agent.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's own account of memory. */
final class HostMemory {
  private HostMemory() {}

  static long availableMib() {
    return mib("MemAvailable");
  }

  static long totalMib() {
    return mib("MemTotal");
  }

  private static long mib(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
