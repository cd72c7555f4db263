package dev.godwit.server.grpc;

import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.Refusal;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.News;
import dev.godwit.wire.CallerNames;
import dev.godwit.wire.InventoryMapping;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.proto.Announcement;
import dev.godwit.wire.proto.AnnouncementReply;
import dev.godwit.wire.proto.RegistryGrpc;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where agents announce themselves. */
public final class Registry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final long INTERVAL_MS = 1_000;

  private final Server server;

  public Registry(
      InetSocketAddress address, MutualTls tls, Fleet fleet, Channels channels, News news) {
    this.server =
        NettyServerBuilder.forAddress(address, tls.server())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .intercept(new CallerNames())
            .addService(new Service(fleet, channels, new Watches(channels, news), news))
            .build();
  }

  /** Serves. */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot serve the agents' registry: " + e.getMessage() + ". Look who has that port.", e);
    }
  }

  /** Where it serves, once it does. */
  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static final class Service extends RegistryGrpc.RegistryImplBase {
    private final Fleet fleet;
    private final Channels channels;
    private final Watches watches;
    private final News news;
    private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

    Service(Fleet fleet, Channels channels, Watches watches, News news) {
      this.fleet = fleet;
      this.channels = channels;
      this.watches = watches;
      this.news = news;
    }

    @Override
    public void announce(Announcement request, StreamObserver<AnnouncementReply> to) {
      AnnouncementReply.Builder reply = AnnouncementReply.newBuilder().setIntervalMs(INTERVAL_MS);
      try {
        HostInventory inventory = InventoryMapping.inventory(request);
        unnamed(inventory)
            .or(() -> fleet.announced(inventory))
            .ifPresentOrElse(
                refusal -> reply.setRefusal(OrderMapping.message(told(refusal))),
                () -> taken(inventory));
      } catch (IllegalArgumentException e) {
        reply.setRefusal(
            OrderMapping.message(
                new Refusal(
                    "announcement",
                    request.getHost(),
                    "a host's inventory",
                    "" + e.getMessage(),
                    "Look at the agent's version and configuration.")));
      } catch (RuntimeException e) {
        reply.setRefusal(OrderMapping.message(failed(request.getHost(), e)));
      }
      to.onNext(reply.build());
      to.onCompleted();
    }

    private void taken(HostInventory inventory) {
      channels.servesAt(inventory.host(), inventory.agentTarget());
      watches.keep(inventory.host());
      news.guests(inventory.host(), inventory.guests());
    }

    /**
     * Refuses whoever has a certificate, but not this host's: it names the host, or the address at
     * which the host is known. A new address alone would let every host speak for every other.
     */
    private Optional<Refusal> unnamed(HostInventory inventory) {
      Set<String> names = CallerNames.now();
      String host = inventory.host().value();
      String address = fleet.address(inventory.host()).orElse(inventory.address());
      return CallerNames.name(names, host) || CallerNames.name(names, address)
          ? Optional.empty()
          : Optional.of(
              new Refusal(
                  "certificate",
                  host,
                  "a certificate that names %s or %s".formatted(host, address),
                  "one that names " + String.join(", ", names),
                  "Issue this agent a certificate with the host's name or address as subject alternative name."));
    }

    private Refusal told(Refusal refusal) {
      if (isNews(refusal)) {
        LOG.atWarn().addKeyValue("why", refusal.sentence()).log("an announcement is refused");
      }
      return refusal;
    }

    /** Nothing is concluded from it, and the agent is told why. */
    private Refusal failed(String host, RuntimeException failure) {
      Refusal refusal =
          new Refusal(
              "server",
              host,
              "a server that takes the announcement in",
              "" + failure.getMessage(),
              "Look in the server's log; it is announced again each second.");
      if (isNews(refusal)) {
        LOG.atError().addKeyValue("host", host).setCause(failure).log("an announcement failed");
      }
      return refusal;
    }

    /** Said once, not each second. */
    private boolean isNews(Refusal refusal) {
      return !refusal.equals(refused.put(refusal.subject(), refusal));
    }
  }
}
