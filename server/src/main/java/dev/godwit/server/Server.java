package dev.godwit.server;

import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.server.api.Api;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.ApiServer;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.conductor.Samples;
import dev.godwit.server.conductor.Sightings;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.fleet.News;
import dev.godwit.server.grpc.GrpcLink;
import dev.godwit.server.guests.Adopter;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.guests.PowerSync;
import dev.godwit.server.replica.Presence;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.DatabaseAddress;
import dev.godwit.server.store.History;
import dev.godwit.server.store.HostRows;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Secrets;
import dev.godwit.server.store.Servers;
import dev.godwit.server.store.Tasks;
import dev.godwit.wire.MutualTls;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** One server, put together: database, link to the agents, conductor, doors. */
public final class Server implements AutoCloseable {
  private final Database database;
  private final Presence presence;
  private final Link link;
  private final Fleet fleet;
  private final Conductor conductor;
  private final GuestKeeper keeper;
  private final News news;
  private final Samples samples;
  private final ApiServer api;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * How a server is set up.
   *
   * @param name its own among the servers of the database
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
      AllocationRatios ratios) {
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
    this.link = link;
    database = Database.open(configuration.database());
    Tokens tokens =
        new Tokens(
            new Secrets(database).shared("tokens"),
            configuration.adminTokenFile(),
            configuration.users(),
            clock);
    presence =
        new Presence(
            configuration.name(),
            new Servers(database),
            () -> UUID.randomUUID().toString(),
            System::nanoTime);
    Instances instances = new Instances(database);
    Migrations migrations = new Migrations(database);
    Actions actions = new Actions(database);
    fleet = new Fleet(new HostRows(database), configuration.ratios(), clock);
    DestinationSearch search = new DestinationSearch(link.hosts(), fleet, configuration.policy());
    History history = new History(database);
    Sightings sightings = new Sightings(history, clock);
    samples = new Samples(migrations, history, presence::incarnation, clock);
    conductor =
        new Conductor(
            presence::incarnation,
            migrations,
            instances,
            new Conductor.Field(fleet, link.hosts(), search),
            sightings,
            clock);
    Tasks tasks = new Tasks(database);
    keeper =
        new GuestKeeper(
            new GuestKeeper.Records(instances, tasks, actions),
            link.guests(),
            presence::incarnation,
            clock);
    Adopter adopter = new Adopter(instances, fleet, link.guests(), clock);
    news =
        news(
            presence,
            conductor,
            samples,
            new PowerSync(instances, tasks, fleet, keeper::busy, clock));
    api =
        new Api(
                configuration.api(),
                tokens,
                new Api.Records(instances, migrations, actions, samples, sightings),
                new Api.Workers(fleet, keeper, adopter, conductor, search),
                clock)
            .server();
  }

  private static News news(
      Presence presence, Conductor conductor, Samples samples, PowerSync sync) {
    return new News() {
      @Override
      public void seen(HostName host, MigrationId migration, HostView view) {
        conductor.seen(host, migration, view);
      }

      @Override
      public void progress(MigrationId migration, MigrationSample sample) {
        samples.add(migration, sample);
      }

      @Override
      public void guest(HostName host, GuestListing guest) {
        if (presence.awake()) {
          sync.seen(host, guest);
        }
      }

      @Override
      public void guests(HostName host, List<GuestListing> guests) {
        if (presence.awake()) {
          sync.listed(host, guests);
        }
      }
    };
  }

  /** Serves, and goes on with what was under way. */
  public void start() {
    presence.join();
    presence.start();
    link.start(fleet, news);
    keeper.start();
    conductor.start();
    api.start();
  }

  /** Where the API answers, once it serves. */
  public int apiPort() {
    return api.port();
  }

  /** Waits until {@link #close}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public void close() {
    api.close();
    keeper.close();
    conductor.close();
    link.close();
    samples.close();
    presence.close();
    database.close();
    ended.countDown();
  }
}
