package dev.godwit.agent.act;

import java.time.Duration;
import java.util.ArrayDeque;

/** Bytes a second over the last seconds, of a count that only its sum is known of. */
final class CopyRate {
  /** QEMU counts a disk in steps of 16 MiB, which take some seconds on a slow link. */
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final ArrayDeque<Reading> readings = new ArrayDeque<>();

  private record Reading(long atNanos, long bytes) {}

  /** Takes a reading; the rate from the oldest in the window to it, 0 for the first. */
  long reading(long atNanos, long bytes) {
    while (readings.size() > 1 && atNanos - readings.getFirst().atNanos > WINDOW.toNanos()) {
      readings.removeFirst();
    }
    if (!readings.isEmpty() && bytes < readings.getLast().bytes) {
      // Another copy: libvirt counts from the beginning.
      readings.clear();
    }
    readings.addLast(new Reading(atNanos, bytes));
    long nanos = atNanos - readings.getFirst().atNanos;
    long copied = bytes - readings.getFirst().bytes;
    return nanos <= 0 ? 0 : Math.round(copied * 1e9 / nanos);
  }
}
