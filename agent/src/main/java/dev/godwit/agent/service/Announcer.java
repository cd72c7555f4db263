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

/**
 * Tells every server, again and again, that this host is there and what it holds: each of them
 * calls the hosts by itself. One that does not answer, or stands still, holds up no other.
 */
public final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** After a server did not answer: one that was killed goes on only when its hosts are heard. */
  private static final Duration AGAIN = Duration.ofMillis(250);

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  private final Inventory inventory;
  private final Tempo tempo;
  private final List<ManagedChannel> servers = new ArrayList<>();
  private volatile boolean closed;

  public Announcer(Inventory inventory, List<String> servers, MutualTls tls, Tempo tempo) {
    this.inventory = inventory;
    this.tempo = tempo;
    for (String server : servers) {
      this.servers.add(Grpc.newChannelBuilder(server, tls.client()).build());
    }
  }

  /** Begins. */
  public void start(int port) {
    servers.forEach(server ->
        Thread.ofVirtual()
            .name("announcer-" + server.authority())
            .start(() -> run(port, new Line(server))));
  }

  private void run(int port, Line line) {
    Duration interval = AGAIN;
    while (!closed) {
      try {
        interval = line.announce(InventoryMapping.message(inventory.now(port)));
      } catch (RuntimeException e) {
        // A host that cannot be described is not announced: it is not ready for anything.
        line.noteTrouble("the host cannot be described: " + e.getMessage());
      }
      try {
        tempo.rest(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** To one server. */
  private static final class Line {
    private final ManagedChannel server;
    private String trouble = "not announced yet";

    Line(ManagedChannel server) {
      this.server = server;
    }

    /** How long to rest after it. */
    Duration announce(Announcement announcement) {
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
        return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval;
      } catch (StatusRuntimeException e) {
        noteTrouble(CallTrouble.of(e));
        // A cut connection waits ever longer before it sends again, and a broken one before it is
        // made again; a server that is back must be found.
        server.enterIdle();
        return AGAIN;
      }
    }

    /** Says it once, not each second. */
    void noteTrouble(String what) {
      if (what.equals(trouble)) {
        return;
      }
      trouble = what;
      if (what.isEmpty()) {
        LOG.atInfo().addKeyValue("server", server.authority()).log("announced");
      } else {
        LOG.atWarn()
            .addKeyValue("server", server.authority())
            .addKeyValue("why", what)
            .log("not announced");
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    servers.forEach(ManagedChannel::shutdownNow);
  }
}
