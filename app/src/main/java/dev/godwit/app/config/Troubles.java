package dev.godwit.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one file, so that it is mended in one go. */
final class Troubles {
  private static final int MOST = 20;

  private final Path file;
  private final List<String> found = new ArrayList<>();

  Troubles(Path file) {
    this.file = file;
  }

  void add(String option, String expected, String found) {
    add("%s: expected %s, found %s".formatted(option, expected, found));
  }

  void add(String sentence) {
    if (found.size() < MOST) {
      found.add(file + ": " + sentence);
    }
  }

  /** Throws what was found. */
  void refuse() {
    if (!found.isEmpty()) {
      throw new ConfigurationRefused(found);
    }
  }
}
