package dev.godwit.server.grpc;

import dev.godwit.core.model.HostName;
import dev.godwit.wire.MutualTls;
import dev.godwit.wire.proto.HostAgentGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One channel to each agent, where it last said that it serves. */
public final class Channels implements AutoCloseable {
  private static final int MOST_MESSAGE_BYTES = 16 << 20;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  private final MutualTls tls;
  private final Map<HostName, Known> known = new ConcurrentHashMap<>();

  private record Known(String target, ManagedChannel channel) {}

  public Channels(MutualTls tls) {
    this.tls = tls;
  }

  /** An agent said where it serves. */
  void servesAt(HostName host, String target) {
    known.compute(
        host,
        (name, before) -> {
          if (before != null && before.target.equals(target)) {
            return before;
          }
          if (before != null) {
            before.channel.shutdownNow();
          }
          return new Known(target, open(target));
        });
  }

  private ManagedChannel open(String target) {
    return Grpc.newChannelBuilder(target, tls.client())
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .keepAliveTime(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true)
        .build();
  }

  /** Calls with a deadline; empty for a host that never said where it serves. */
  Optional<HostAgentGrpc.HostAgentBlockingStub> calls(HostName host, Duration deadline) {
    return channel(host)
        .map(channel ->
            HostAgentGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** The channel itself, for a stream. */
  Optional<ManagedChannel> channel(HostName host) {
    return Optional.ofNullable(known.get(host)).map(Known::channel);
  }

  /** Forgets the back-off after a failure: a host that announced itself is there again. */
  void heard(HostName host) {
    channel(host).ifPresent(ManagedChannel::resetConnectBackoff);
  }

  @Override
  public void close() {
    known.values().forEach(it -> it.channel.shutdownNow());
  }
}
