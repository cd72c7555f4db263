package dev.godwit.core.migration.plan;

/** libvirt's version numbers. */
final class Versions {
  private Versions() {}

  /** As people write them: 7002022 is 7.2.22. */
  static String text(long number) {
    return "%d.%d.%d".formatted(number / 1_000_000, number / 1_000 % 1_000, number % 1_000);
  }
}
