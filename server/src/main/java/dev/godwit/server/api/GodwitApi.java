package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.server.api.view.CopyView;
import dev.godwit.server.api.view.GodwitView;
import dev.godwit.server.api.view.Json;
import dev.godwit.server.api.view.PlanView;
import dev.godwit.server.conductor.DestinationSearch;
import dev.godwit.server.conductor.Samples;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.guests.Adopter;
import dev.godwit.server.guests.Adoption;
import dev.godwit.server.store.History;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationFilter;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Stored;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** /godwit/v1: what Nova's API has no words for. */
final class GodwitApi {
  private final Instances instances;
  private final Story story;
  private final Fleet fleet;
  private final Adopter adopter;
  private final DestinationSearch search;
  private final ServersApi servers;
  private final Supplier<UUID> ids;

  /** What is told of migrations. */
  record Story(Migrations migrations, Samples samples, History history) {}

  GodwitApi(
      Instances instances,
      Story story,
      Api.Workers workers,
      ServersApi servers,
      Supplier<UUID> ids) {
    this.ids = ids;
    this.instances = instances;
    this.story = story;
    this.fleet = workers.fleet();
    this.adopter = workers.adopter();
    this.search = workers.search();
    this.servers = servers;
  }

  Reply list(Call call) {
    MigrationFilter filter =
        call.query("instance")
            .map(text -> MigrationFilter.ofInstance(instance(text).toString()))
            .orElse(MigrationFilter.ALL);
    long before =
        call.query("marker")
            .map(marker -> find(marker).orElseThrow(() -> Paging.unknownMarker(marker)).number())
            .orElse(Long.MAX_VALUE);
    List<Stored> page = story.migrations.newest(filter, before, Paging.limit(call), row -> true);
    ObjectNode body = Json.wrap("migrations", Json.array(page, this::brief));
    Paging.next(
        call, body, "migrations_links", "/godwit/v1/migrations", page, row -> row.id().toString());
    return Reply.ok(body);
  }

  private static InstanceId instance(String text) {
    try {
      return InstanceId.of(text);
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest("instance: expected a UUID, found '%s'".formatted(text));
    }
  }

  Reply show(Call call) {
    return Reply.ok(full(found(call)));
  }

  /** By UUID or by number. */
  MigrationRow required(Call call) {
    return switch (found(call)) {
      case Stored.Read(MigrationRow row) -> row;
      case Stored.Unread unread -> throw new Fault(500, unread.why());
    };
  }

  private Stored found(Call call) {
    String id = call.path("id");
    return find(id)
        .orElseThrow(() -> Fault.notFound("Migration %s could not be found.".formatted(id)));
  }

  private Optional<Stored> find(String id) {
    if (id.matches("\\d{1,18}")) {
      return story.migrations.look(Long.parseLong(id));
    }
    try {
      return story.migrations.look(MigrationId.of(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private ObjectNode brief(Stored stored) {
    return switch (stored) {
      case Stored.Read(MigrationRow row) -> brief(row);
      case Stored.Unread unread -> GodwitView.unread(unread);
    };
  }

  /** Without journal, observations and samples. */
  ObjectNode brief(MigrationRow row) {
    String name = instances.name(row.migration().instance()).orElse("");
    ObjectNode view = GodwitView.migration(row, name);
    // Newer than the stored one, until this server ends.
    story
        .samples
        .latest(row.migration().id())
        .ifPresent(sample -> view.set("sample", CopyView.sample(sample)));
    return view;
  }

  private ObjectNode full(Stored stored) {
    MigrationId id = stored.id();
    ObjectNode view = brief(stored);
    view.set("journal", Json.array(story.migrations.journal(id), GodwitView::entry));
    view.set("observations", Json.array(story.history.sightings(id), GodwitView::sighting));
    view.set("samples", Json.array(story.samples.of(id), CopyView::sample));
    return view;
  }

  Reply plan(Call call) {
    Body body = call.json().only("instance", "destination", "block_migration");
    InstanceId id = instance(body.text("instance"));
    Instance instance =
        instances
            .find(id)
            .filter(it -> it.vmState() != dev.godwit.core.model.VmState.DELETED)
            .orElseThrow(() -> Call.noInstance(id.toString()));
    if (instance.host().isEmpty()) {
      throw Fault.conflict("Instance %s is on no host yet.".formatted(id));
    }
    DestinationSearch.Question question =
        new DestinationSearch.Question(
            ProofId.ofDryRun(new MigrationId(ids.get())),
            id,
            instance.scheduledHost(),
            instance.flavor().resources(),
            request(body));
    return switch (search.search(question)) {
      case Answer.Given(DestinationSearch.Findings findings) ->
          Reply.ok(PlanView.findings(question, findings));
      case Answer.Refused(Refusal reason) -> throw Fault.conflict(reason.sentence());
      case Answer.Silent(String why) -> throw new Fault(503, "The source does not answer: " + why);
    };
  }

  private MigrationRequest request(Body body) {
    Optional<HostName> destination =
        body.optionalText("destination", 255)
            .map(name ->
                fleet
                    .named(name)
                    .map(Fleet.Member::name)
                    .orElseThrow(() ->
                        Fault.badRequest("Compute host %s could not be found.".formatted(name))));
    Optional<Boolean> copy =
        !body.given("block_migration") || body.isText("block_migration", "auto")
            ? Optional.empty()
            : Optional.of(body.truth("block_migration"));
    return new MigrationRequest(destination, copy, Optional.empty());
  }

  Reply adopt(Call call) {
    Body body = call.json().only("host", "uuid");
    HostName host;
    try {
      host = new HostName(body.text("host"));
    } catch (IllegalArgumentException e) {
      throw Fault.badRequest(String.valueOf(e.getMessage()));
    }
    return switch (adopter.adopt(
        host, instance(body.text("uuid")), call.caller().owner(), call.requestId())) {
      case Adoption.Adopted(Instance instance) ->
          Reply.ok(Json.wrap("server", servers.full(call, instance)));
      case Adoption.Refused(Refusal reason) ->
          throw reason.code().equals("unknown-host") || reason.code().equals("no-guest")
              ? Fault.notFound(reason.sentence())
              : Fault.conflict(reason.sentence());
      case Adoption.Silent(String why) -> throw new Fault(503, "The host does not answer: " + why);
    };
  }
}
