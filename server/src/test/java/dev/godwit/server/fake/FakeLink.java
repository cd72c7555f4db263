package dev.godwit.server.fake;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.fleet.News;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One server's link to a fake world: its hosts announce themselves as agents do. */
public final class FakeLink implements Link {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final FakeWorld world;
  private final Freezer freezer = new Freezer();
  private final FakeHosts hosts;
  private final AtomicBoolean closed = new AtomicBoolean();

  public FakeLink(FakeWorld world) {
    this.world = world;
    this.hosts = new FakeHosts(world, freezer);
  }

  public Freezer freezer() {
    return freezer;
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  @Override
  public Guests guests() {
    return hosts;
  }

  @Override
  public Traces traces() {
    return hosts;
  }

  @Override
  public void start(Fleet fleet, News news) {
    announce(fleet, news);
    Thread.ofVirtual()
        .name("fake-announcer")
        .start(() -> {
          while (!closed.get()) {
            try {
              Thread.sleep(INTERVAL);
            } catch (InterruptedException e) {
              return;
            }
            announce(fleet, news);
          }
        });
  }

  private synchronized void announce(Fleet fleet, News news) {
    if (closed.get()) {
      return;
    }
    List<HostInventory> inventories;
    synchronized (world) {
      inventories =
          world.all().stream().filter(host -> host.answers).map(FakeHost::inventory).toList();
    }
    for (HostInventory inventory : inventories) {
      fleet
          .announced(inventory)
          .ifPresent(refusal -> {
            throw new AssertionError(refusal.sentence());
          });
      news.guests(inventory.host(), inventory.guests());
    }
  }

  /** After this nothing is announced any more. */
  @Override
  public synchronized void close() {
    closed.set(true);
  }
}
