package dev.godwit.libvirt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many opens hang, by URI. libvirt has no way to end an open that a daemon accepts and does not
 * answer, and keep-alive begins only after it: each holds a thread until the daemon answers or
 * dies. So that attempts again and again do not add up, a URI on which enough of them hang is
 * refused.
 */
final class HungOpens {
  static final int MOST = 4;
  private static final Map<String, Integer> HUNG = new ConcurrentHashMap<>();

  private enum Phase {
    UNDER_WAY,
    HUNG,
    OVER
  }

  private final String uri;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.UNDER_WAY);

  /**
   * @throws LibvirtException NOT_CONNECTED when too many opens of that URI hang
   */
  HungOpens(String uri) {
    this.uri = uri;
    if (HUNG.getOrDefault(uri, 0) >= MOST) {
      throw LibvirtException.found(
          LibvirtException.Kind.NOT_CONNECTED,
          "open "
              + uri
              + " was not tried: "
              + MOST
              + " earlier attempts hang still; its daemon accepts and does not answer");
    }
  }

  /** Nobody waits for it any more. */
  void givenUp() {
    if (phase.compareAndSet(Phase.UNDER_WAY, Phase.HUNG)) {
      HUNG.merge(uri, 1, HungOpens::sum);
    }
  }

  /** libvirt came back with a connection or without, or was never called. */
  void over() {
    if (phase.getAndSet(Phase.OVER) == Phase.HUNG) {
      HUNG.merge(uri, -1, HungOpens::sum);
    }
  }

  private static @org.jspecify.annotations.Nullable Integer sum(Integer before, Integer change) {
    int sum = before + change;
    return sum == 0 ? null : sum;
  }
}
