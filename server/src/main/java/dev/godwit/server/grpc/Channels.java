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

  /** After so long without a word an agent is asked whether it is there; gRPC asks no sooner. */
  private static final Duration ASKED_AFTER = Duration.ofSeconds(10);

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

  /** A connection on which nothing came for so long is given up, with all calls on it. */
  public static final Duration SILENT_AFTER = ASKED_AFTER.plus(ANSWERED_WITHIN);

  private final MutualTls tls;
  private final Map<HostName, Line> lines = new ConcurrentHashMap<>();

  public Channels(MutualTls tls) {
    this.tls = tls;
  }

  /** A channel, and whether something went unanswered on it. */
  static final class Line {
    private final String target;
    private final ManagedChannel channel;
    private volatile long answeredAt = System.nanoTime();
    private volatile boolean silent;

    private Line(String target, ManagedChannel channel) {
      this.target = target;
      this.channel = channel;
    }

    ManagedChannel channel() {
      return channel;
    }

    HostAgentGrpc.HostAgentBlockingStub calls(Duration deadline) {
      return HostAgentGrpc.newBlockingStub(channel)
          .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    void answered() {
      answeredAt = System.nanoTime();
    }

    /**
     * What went out on it then was not answered. Unless something else was since, the agent is
     * called anew once it is heard: one guest that hangs holds up what is asked of it alone.
     */
    void silentSince(long beganNanos) {
      silent = answeredAt - beganNanos < 0;
    }

    /** Its news ended. */
    void broken() {
      silent = true;
    }
  }

  /**
   * An agent said where it serves. One that did not answer gets a new connection: the old one may
   * have been cut, and waits ever longer before it sends again, whoever is there by now.
   */
  void servesAt(HostName host, String target) {
    lines.compute(
        host,
        (name, before) -> {
          if (before != null && before.target.equals(target) && !before.silent) {
            return before;
          }
          if (before != null) {
            giveUp(before, target);
          }
          return new Line(target, open(target));
        });
  }

  private static void giveUp(Line before, String target) {
    if (before.target.equals(target)) {
      // A long call on it may be answered yet.
      before.channel.shutdown();
    } else {
      before.channel.shutdownNow();
    }
  }

  private ManagedChannel open(String target) {
    return Grpc.newChannelBuilder(target, tls.client())
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .keepAliveTime(ASKED_AFTER.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(ANSWERED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveWithoutCalls(true)
        .build();
  }

  /** Empty for a host that never said where it serves. */
  Optional<Line> to(HostName host) {
    return Optional.ofNullable(lines.get(host));
  }

  @Override
  public void close() {
    lines.values().forEach(it -> it.channel.shutdownNow());
  }
}
