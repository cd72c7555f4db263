package dev.godwit.server.grpc;

import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.fleet.News;
import dev.godwit.wire.MutualTls;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The link to real agents: gRPC over mutual TLS, both ways. */
public final class GrpcLink implements Link {
  private final InetSocketAddress address;
  private final MutualTls tls;
  private final Channels channels;
  private final GrpcHosts hosts;
  private final AtomicReference<Optional<Registry>> registry =
      new AtomicReference<>(Optional.empty());

  /**
   * A link that is not heard yet.
   *
   * @param address where agents announce themselves
   */
  public GrpcLink(InetSocketAddress address, MutualTls tls) {
    this.address = address;
    this.tls = tls;
    this.channels = new Channels(tls);
    this.hosts = new GrpcHosts(channels);
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
    Registry door = new Registry(address, tls, fleet, channels, news);
    registry.set(Optional.of(door));
    door.start();
  }

  Channels channels() {
    return channels;
  }

  /** Where agents announce themselves, once started. */
  public int port() {
    return registry
        .get()
        .orElseThrow(() -> new IllegalStateException("the link is not started"))
        .port();
  }

  @Override
  public void close() {
    registry.get().ifPresent(Registry::close);
    channels.close();
  }
}
