package dev.godwit.libvirt;

import java.time.Duration;

/**
 * When a silent daemon counts as gone: after interval × (count + 1).
 *
 * @param interval whole seconds
 */
public record KeepAlive(Duration interval, int count) {
  /** libvirt's own default: 30 seconds. */
  public static final KeepAlive DEFAULT = new KeepAlive(Duration.ofSeconds(5), 5);

  public KeepAlive {
    boolean whole = interval.equals(Duration.ofSeconds(interval.toSeconds()));
    if (!whole
        || interval.toSeconds() < 1
        || interval.toSeconds() > 3600
        || count < 1
        || count > 1000) {
      throw new IllegalArgumentException(
          "keep-alive needs an interval of 1 s to 1 h in whole seconds and a count of 1 to 1000, found "
              + interval
              + " and "
              + count);
    }
  }
}
