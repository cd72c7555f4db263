package dev.godwit.server;

import dev.godwit.core.migration.Rules;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.MigrationSample;
import dev.godwit.core.port.Tempo;
import dev.godwit.server.api.Api;
import dev.godwit.server.api.ApiConfiguration;
import dev.godwit.server.api.Tokens;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.conductor.Patience;
import dev.godwit.server.conductor.Samples;
import dev.godwit.server.conductor.Sightings;
import dev.godwit.server.fleet.AllocationRatios;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.HostFences;
import dev.godwit.server.fleet.Link;
import dev.godwit.server.fleet.News;
import dev.godwit.server.guests.Adopter;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.guests.PowerSync;
import dev.godwit.server.leftovers.Leftovers;
import dev.godwit.server.leftovers.Sweeper;
import dev.godwit.server.replica.Presence;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.Database;
import dev.godwit.server.store.History;
import dev.godwit.server.store.HostRows;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Servers;
import dev.godwit.server.store.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * All of a server but its doors: conductor, keeper of guests and what they remember, on a database
 * and a link to the hosts. Killed at any moment, another one on the same database goes on.
 */
public final class Mind implements AutoCloseable {
  private final Presence presence;
  private final Link link;
  private final Fleet fleet;
  private final Conductor conductor;
  private final GuestKeeper keeper;
  private final News news;
  private final Samples samples;
  private final Sweeper sweeper;
  private final Api api;

  /**
   * What it is.
   *
   * @param name the owner of leases; its own for each server
   * @param sweepEach between two looks for what is left on the hosts; zero for none
   */
  public record Charter(
      String name,
      ApiConfiguration api,
      MovePolicy policy,
      Patience patience,
      AllocationRatios ratios,
      Duration sweepEach,
      Rules rules) {}

  /**
   * What it stands on.
   *
   * @param ids each another one
   */
  public record Ground(
      Database database, Link link, Clock clock, Tempo tempo, Supplier<UUID> ids) {}

  public Mind(Charter charter, Ground ground, Tokens tokens) {
    this.link = ground.link();
    Database database = ground.database();
    Clock clock = ground.clock();
    Tempo tempo = ground.tempo();
    presence =
        new Presence(
            charter.name(), new Servers(database), () -> ground.ids().get().toString(), tempo);
    Instances instances = new Instances(database);
    Migrations migrations = new Migrations(database, ground.ids());
    Actions actions = new Actions(database);
    fleet = new Fleet(new HostRows(database, ground.ids()), charter.ratios(), clock);
    DestinationSearch search =
        new DestinationSearch(link.hosts(), fleet, migrations, charter.policy());
    History history = new History(database);
    Sightings sightings = new Sightings(history, clock);
    samples = new Samples(migrations, history, presence::incarnation, clock);
    conductor =
        new Conductor(
            presence::incarnation,
            migrations,
            instances,
            new Conductor.Field(fleet, link.hosts(), search, charter.patience(), charter.rules()),
            sightings,
            clock,
            tempo);
    Tasks tasks = new Tasks(database);
    keeper =
        new GuestKeeper(
            new GuestKeeper.Records(instances, tasks, actions),
            link.guests(),
            presence::incarnation,
            clock,
            tempo);
    Adopter adopter = new Adopter(instances, migrations, fleet, link.guests(), clock);
    news =
        news(
            presence,
            conductor,
            samples,
            new PowerSync(instances, tasks, fleet, keeper::busy, clock));
    Leftovers leftovers = new Leftovers(fleet, link.traces(), instances, migrations, tempo);
    sweeper = new Sweeper(leftovers, charter.sweepEach(), presence::awake, tempo);
    api =
        new Api(
            charter.api(),
            tokens,
            new Api.Records(instances, migrations, actions, samples, history),
            new Api.Workers(
                fleet,
                new HostFences(fleet, link.hosts()),
                leftovers,
                keeper,
                adopter,
                conductor,
                search),
            clock,
            ground.ids());
  }

  private static News news(
      Presence presence, Conductor conductor, Samples samples, PowerSync sync) {
    return new News() {
      @Override
      public void heard(HostName host) {
        conductor.heard(host);
      }

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

  /** Goes on with what was under way, and takes requests. */
  public void start() {
    presence.join();
    presence.start();
    link.start(fleet, news);
    keeper.start();
    conductor.start();
    sweeper.start();
  }

  /** How it is asked. */
  public Api api() {
    return api;
  }

  @Override
  public void close() {
    sweeper.close();
    keeper.close();
    conductor.close();
    link.close();
    samples.close();
    presence.close();
  }
}
