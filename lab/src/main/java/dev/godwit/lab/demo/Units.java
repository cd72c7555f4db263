package dev.godwit.lab.demo;

import java.util.Locale;

/** Numbers as people read them. */
final class Units {
  private static final double MIB = 1 << 20;

  private Units() {}

  static String time(long ms) {
    return ms < 1000 ? ms + " ms" : String.format(Locale.ROOT, "%.2f s", ms / 1000.0);
  }

  static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }
}
