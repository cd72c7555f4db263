package dev.godwit.cli.client;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times as people read them. */
public final class Units {
  private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Units() {}

  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < NAMES.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, NAMES[unit]);
  }

  public static String rate(long bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  public static String time(Duration time) {
    long ms = time.toMillis();
    if (ms < 1000) {
      return ms + " ms";
    }
    if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
    return String.format(Locale.ROOT, "%d min %02d s", ms / 60_000, ms / 1000 % 60);
  }
}
