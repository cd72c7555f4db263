package dev.godwit.server;

import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.server.api.Api;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.ApiServer;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Patience;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.grpc.GrpcLink;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.Secrets;
import dev.godwit.wire.MachineTempo;
import dev.godwit.wire.MutualTls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** One server, put together: database, link to the agents, mind, doors. */
public final class Server implements AutoCloseable {
  private final Database database;
  private final Mind mind;
  private final ApiServer api;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * How a server is set up.
   *
   * @param name its own among the servers of the database
   * @param sweepEach between two looks for what is left on the hosts; zero for none
   */
  public record Configuration(
      String name,
      DatabaseAddress database,
      Path adminTokenFile,
      List<Tokens.User> users,
      ApiConfiguration api,
      InetSocketAddress registry,
      MutualTls tls,
      MovePolicy policy,
      Patience patience,
      AllocationRatios ratios,
      Duration sweepEach) {
    public Configuration {
      users = List.copyOf(users);
    }
  }

  /** A server for real agents; refused when its certificates are not good now. */
  public Server(Configuration configuration, Clock clock) {
    this(configuration, link(configuration, clock), clock);
  }

  private static Link link(Configuration configuration, Clock clock) {
    configuration.tls().check(clock);
    return new GrpcLink(configuration.registry(), configuration.tls());
  }

  /** A server for the hosts at the other end of this link, which it closes with itself. */
  public Server(Configuration configuration, Link link, Clock clock) {
    database = Database.open(configuration.database());
    Tokens tokens =
        new Tokens(
            new Secrets(database).shared("tokens"),
            configuration.adminTokenFile(),
            configuration.users(),
            clock);
    mind =
        new Mind(
            new Mind.Charter(
                configuration.name(),
                configuration.api(),
                configuration.policy(),
                configuration.patience(),
                configuration.ratios(),
                configuration.sweepEach(),
                Rules.PRODUCTION),
            new Mind.Ground(database, link, clock, new MachineTempo(), UUID::randomUUID),
            tokens);
    api = mind.api().server();
  }

  /** Serves, and goes on with what was under way. */
  public void start() {
    mind.start();
    api.start();
  }

  /** Where the API answers, once it serves. */
  public int apiPort() {
    return api.port();
  }

  /** What the API can be asked. */
  List<Api.Line> lines() {
    return mind.api().lines();
  }

  /** Waits until {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    api.close();
    mind.close();
    database.close();
    ended.countDown();
  }
}
