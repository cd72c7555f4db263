package dev.godwit.agent.act;

import java.time.Duration;

/**
 * A broken post-copy since its last byte went over: another byte, and all of this is forgotten.
 *
 * @param bytes how much had gone over by then
 * @param sinceNanos when that was seen first
 * @param trouble libvirt's text at the end of the last try; empty for what mends itself
 * @param unanswered how many tries in a row were not answered
 */
record Standstill(long bytes, long sinceNanos, String trouble, int unanswered) {
  /** Longer than libvirt's own keep-alive to the destination. */
  static final Duration PATIENCE = Duration.ofSeconds(35);

  /** One may have come just before the destination's QEMU noticed the break. */
  private static final int ENOUGH = 2;

  /** As a look finds it that knows of none before. */
  static Standstill seen(long bytes, long nowNanos) {
    return new Standstill(bytes, nowNanos, "", 0);
  }

  /** The same one, or what the later look found where something went over. */
  Standstill then(Standstill later) {
    return later.bytes == bytes ? this : later;
  }

  /** A try ended by that word of libvirt's. */
  Standstill tried(String text) {
    ResumeTrouble why = ResumeTrouble.of(text);
    return new Standstill(
        bytes,
        sinceNanos,
        why.mendsItself() ? "" : text,
        why == ResumeTrouble.NOT_ANSWERED ? unanswered + 1 : 0);
  }

  /** A QEMU that lacks a page of its guest's may hang on it, and libvirt waits for that QEMU. */
  boolean hangs() {
    return unanswered >= ENOUGH;
  }

  /** The same by a try that is under way since then. */
  boolean hangs(long tryNanos, long nowNanos) {
    return hangs() || Math.min(nowNanos - tryNanos, nowNanos - sinceNanos) > PATIENCE.toNanos();
  }
}
