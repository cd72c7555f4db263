package dev.godwit.agent.service;

import dev.godwit.agent.guest.Inventory;
import dev.godwit.core.port.Tempo;
import dev.godwit.wire.CallTrouble;
import dev.godwit.wire.InventoryMapping;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.proto.Announcement;
import dev.godwit.wire.proto.AnnouncementReply;
import dev.godwit.wire.proto.RegistryGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a server, again and again, that this host is there and what it holds. */
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  private final Inventory inventory;
  private final Tempo tempo;
  private final List<ManagedChannel> servers = new ArrayList<>();
  private volatile boolean closed;
  private String trouble = "";

  public Announcer(Inventory inventory, List<String> servers, MutualTls tls, Tempo tempo) {
    this.inventory = inventory;
    this.tempo = tempo;
    for (String server : servers) {
      this.servers.add(Grpc.newChannelBuilder(server, tls.client()).build());
    }
  }

  /** Begins. */
  public void start(int port) {
    Thread.ofVirtual().name("announcer").start(() -> run(port));
  }

  private void run(int port) {
    Duration interval = FIRST_INTERVAL;
    while (!closed) {
      try {
        Announcement announcement = InventoryMapping.message(inventory.now(port));
        interval = announce(announcement).orElse(FIRST_INTERVAL);
      } catch (RuntimeException e) {
        // A host that cannot be described is not announced: it is not ready for anything.
        noteTrouble("the host cannot be described: " + e.getMessage());
      }
      try {
        tempo.rest(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** The first server that answers is enough: they share one database. */
  private java.util.Optional<Duration> announce(Announcement announcement) {
    for (ManagedChannel server : servers) {
      try {
        AnnouncementReply reply =
            RegistryGrpc.newBlockingStub(server)
                .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .announce(announcement);
        noteTrouble(
            reply.hasRefusal()
                ? "the server refused: " + OrderMapping.refusal(reply.getRefusal()).sentence()
                : "");
        Duration interval = Duration.ofMillis(Math.max(100, reply.getIntervalMs()));
        return java.util.Optional.of(
            interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval);
      } catch (StatusRuntimeException e) {
        noteTrouble(server.authority() + ": " + CallTrouble.of(e));
        // Its own rest between attempts grows to minutes; a server that is back must be found.
        server.resetConnectBackoff();
      }
    }
    return java.util.Optional.empty();
  }

  /** Says it once, not each second. */
  private void noteTrouble(String what) {
    if (what.equals(trouble)) {
      return;
    }
    trouble = what;
    if (what.isEmpty()) {
      LOG.info("announced");
    } else {
      LOG.atWarn().addKeyValue("why", what).log("not announced");
    }
  }

  @Override
  public void close() {
    closed = true;
    servers.forEach(ManagedChannel::shutdownNow);
  }
}
