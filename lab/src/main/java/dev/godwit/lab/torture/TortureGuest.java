package dev.godwit.lab.torture;

import dev.godwit.lab.Leftovers;
import dev.godwit.lab.demo.DemoGuest;
import dev.godwit.lab.probe.Neighbour;
import dev.godwit.lab.probe.Watch;
import dev.godwit.lab.probe.WatchReport;
import java.time.Duration;
import java.util.Map;

/** A guest that is moved over and over, and its watcher. */
final class TortureGuest implements AutoCloseable {
  private static final Duration PING_EACH = Duration.ofMillis(50);
  private static final Duration BOOT = Duration.ofSeconds(90);

  private final DemoGuest guest;
  private final Neighbour neighbour;
  private Watch watch;

  TortureGuest(DemoGuest guest, Neighbour neighbour) {
    this.guest = guest;
    this.neighbour = neighbour;
    this.watch = watching();
  }

  private Watch watching() {
    Watch fresh = neighbour.watch(guest.address(), PING_EACH);
    fresh.awaitReady(BOOT);
    return fresh;
  }

  DemoGuest guest() {
    return guest;
  }

  String id() {
    return guest.id();
  }

  Leftovers.Of domain() {
    return new Leftovers.Of(guest.id(), guest.domain());
  }

  /** What was seen since the last report; a connection that broke is made again after it. */
  WatchReport report() {
    WatchReport report = watch.report();
    if (!report.counter().unbroken()) {
      awaitReady();
    }
    return report;
  }

  /**
   * The newest record of each disk that the guest told to be on it since the last report. Once,
   * before it is started again.
   */
  Map<String, Long> synced() {
    return watch.report().synced();
  }

  /** It was started: waits until it answers. */
  void awaitReady() {
    watch.close();
    watch = watching();
  }

  @Override
  public void close() {
    watch.close();
  }
}
