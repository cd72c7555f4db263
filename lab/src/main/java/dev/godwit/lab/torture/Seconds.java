package dev.godwit.lab.torture;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Milliseconds as people read them. */
final class Seconds {
  private Seconds() {}

  /** To the tenth: these are measurements of a busy machine. A dash for what was not measured. */
  static String of(@Nullable Long ms) {
    return ms == null ? "-" : String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
  }
}
