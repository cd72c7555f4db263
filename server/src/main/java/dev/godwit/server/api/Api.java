package dev.godwit.server.api;

import dev.godwit.server.api.view.ServerView;
import dev.godwit.server.conductor.Conductor;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.conductor.Samples;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.fleet.HostFences;
import dev.godwit.server.guests.Adopter;
import dev.godwit.server.guests.GuestKeeper;
import dev.godwit.server.leftovers.Leftovers;
import dev.godwit.server.store.Actions;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.Migrations;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The doors, put together. */
public final class Api {
  private final Router router;
  private final Answers answers;
  private final InetSocketAddress address;
  private final GodwitApi godwit;
  private final EventsApi events;

  /** What is recorded and remembered. */
  public record Records(
      Instances instances,
      Migrations migrations,
      Actions actions,
      Samples samples,
      History history) {}

  /** Who does the work. */
  public record Workers(
      Fleet fleet,
      HostFences fences,
      Leftovers leftovers,
      GuestKeeper keeper,
      Adopter adopter,
      Conductor conductor,
      DestinationSearch search) {}

  public Api(
      ApiConfiguration configuration,
      Tokens tokens,
      Records records,
      Workers workers,
      Clock clock,
      Supplier<UUID> ids) {
    ServersApi servers =
        new ServersApi(
            records.instances,
            records.migrations,
            workers,
            new NewServer(configuration, new Placement(workers.fleet), clock, ids),
            new ServerView(new HostStatus(workers.fleet)));
    ServerActionsApi serverActions =
        new ServerActionsApi(
            servers,
            workers.keeper,
            records.migrations,
            new LiveMigration(workers.conductor, workers.search, workers.fleet, ids),
            clock);
    MigrationsApi migrations =
        new MigrationsApi(
            servers,
            records.instances,
            records.migrations,
            records.actions,
            workers.conductor,
            clock);
    FlavorsApi flavors = new FlavorsApi(configuration);
    godwit =
        new GodwitApi(
            records.instances,
            new GodwitApi.Story(records.migrations, records.samples, records.history),
            workers,
            servers,
            ids);
    router =
        new Router(
            Routes.unversioned(
                new VersionsApi(),
                new IdentityApi(tokens),
                flavors,
                new Routes.Whole(
                    new HostsApi(workers.fleet, workers.fences, clock),
                    new LeftoversApi(workers.fleet, workers.leftovers),
                    new RulingsApi(godwit, records.migrations, workers.conductor, clock)),
                godwit),
            Routes.compute(
                servers,
                serverActions,
                migrations,
                new ActionsApi(records.instances, records.actions),
                new Routes.Operators(
                    new ServicesApi(workers.fleet),
                    new HypervisorsApi(workers.fleet, records.instances, clock),
                    flavors)));
    answers = new Answers(router, tokens, ids);
    address = configuration.address();
    events = new EventsApi(godwit, records.migrations, records.samples, workers.conductor);
  }

  /** A line of the routing table, and the first and last minor microversion that has it. */
  public record Line(String method, String template, int from, int to) {}

  /** What can be asked. */
  public List<Line> lines() {
    return router.lines().toList();
  }

  /** The HTTP server, not yet serving. */
  public ApiServer server() {
    return new ApiServer(address, answers, godwit, events);
  }

  /** The answers, by whatever way the questions come. */
  public Answers answers() {
    return answers;
  }
}
