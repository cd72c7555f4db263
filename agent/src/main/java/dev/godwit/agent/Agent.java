package dev.godwit.agent;

import dev.godwit.agent.service.Announcer;
import dev.godwit.agent.service.EventStream;
import dev.godwit.agent.service.HostAgentService;
import dev.godwit.agent.service.OnlyServers;
import dev.godwit.core.migration.Rules;
import io.grpc.Grpc;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** One host's hands, on the wire. Killed at any moment and started again, it goes on. */
public final class Agent implements AutoCloseable {
  private static final int MOST_MESSAGE_BYTES = 4 << 20;
  private static final Duration LAST_CALLS = Duration.ofSeconds(2);

  private final Hands hands;
  private final EventStream stream;
  private final Announcer announcer;
  private final Server server;
  private final ExecutorService calls;

  public Agent(AgentConfiguration configuration, Machine machine) {
    this(configuration, machine, Thread.ofVirtual().factory());
  }

  /**
   * One whose threads are all of a certain kind, when one of that kind makes and starts it.
   *
   * @param threads for its callers' work; others come from the thread that makes them
   */
  public Agent(AgentConfiguration configuration, Machine machine, ThreadFactory threads) {
    calls = Executors.newThreadPerTaskExecutor(threads);
    configuration.tls().check(machine.clock());
    AtomicReference<EventStream> news = new AtomicReference<>();
    hands =
        new Hands(
            configuration,
            machine,
            Rules.PRODUCTION,
            listing -> {
              EventStream made = new EventStream(listing, machine.clock(), machine.tempo());
              news.set(made);
              return made;
            });
    stream = news.get();
    server = server(configuration, new HostAgentService(hands, stream, machine.clock()));
    announcer =
        new Announcer(
            hands.inventory(), configuration.servers(), configuration.tls(), machine.tempo());
  }

  private Server server(AgentConfiguration configuration, HostAgentService service) {
    return Grpc.newServerBuilderForPort(configuration.bindPort(), configuration.tls().server())
        .executor(calls)
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .intercept(new OnlyServers(configuration.servers()))
        .addService(service)
        .build();
  }

  /** The port that it serves on. */
  public int port() {
    return server.getPort();
  }

  /** Serves and announces, after what was under way has been found again. */
  public void start() {
    hands.start();
    stream.start();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve on the agent's port: " + e.getMessage(), e);
    }
    announcer.start(server.getPort());
  }

  /** Waits until {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() {
    announcer.close();
    server.shutdownNow();
    awaitCalls();
    stream.close();
    hands.close();
    calls.shutdownNow();
  }

  /** Calls that are cut short would otherwise find their threads gone. */
  private void awaitCalls() {
    try {
      server.awaitTermination(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
