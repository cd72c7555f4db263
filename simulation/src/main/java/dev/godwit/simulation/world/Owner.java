package dev.godwit.simulation.world;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.TaskState;
import dev.godwit.server.api.Reply;
import dev.godwit.simulation.world.Scenario.GuestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who has guests made, and wishes something of them: all by the API, as anybody would. */
final class Owner {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MIGRATE =
      "{\"os-migrateLive\": {\"host\": null, \"block_migration\": \"auto\"}}";

  private final World world;
  private final Ledger ledger;
  private final List<UUID> guests = new ArrayList<>();

  Owner(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** Those that were made, in the order in which that was answered. */
  List<UUID> guests() {
    return List.copyOf(guests);
  }

  /** Has one made on the first host. */
  void asksFor(GuestKind kind) {
    world.ask("POST", "/v2.1/servers", Optional.of(body(kind)), this::made);
  }

  private void made(Reply reply) {
    if (reply.status() == 202) {
      guests.add(UUID.fromString(reply.body().orElseThrow().at("/server/id").asText()));
    } else {
      world.story().tell("refused: " + reply);
    }
  }

  private JsonNode body(GuestKind kind) {
    ObjectNode body = JSON.createObjectNode();
    var _ =
        body.putObject("server")
            .put("name", "guest")
            .put("imageRef", World.IMAGE)
            .put("flavorRef", "1")
            .put("networks", "none")
            .put("host", "h1");
    ObjectNode hints = body.putObject("os:scheduler_hints");
    if (kind == GuestKind.BUSY_COPIED_DISK) {
      hints.put("godwit:kernel_arguments", "busy");
    }
    if (kind != GuestKind.NO_DISK) {
      hints
          .putArray("godwit:disks")
          .addObject()
          .put("target", "vda")
          .put("directory", kind == GuestKind.SHARED_DISK ? "shared" : "local")
          .put("format", "qcow2")
          .put("size_mib", 64);
    }
    return body;
  }

  /** Asks for it. */
  void wishes(Wish wish) {
    UUID guest = guests.get(wish.guest());
    world.story().tell("WISH " + wish.what() + " for guest " + wish.guest());
    switch (wish.what()) {
      case MIGRATE -> action(guest, MIGRATE);
      case ABORT -> onMove(guest, "DELETE", "", Optional.empty());
      case FORCE_COMPLETE ->
          onMove(guest, "POST", "/action", Optional.of(json("{\"force_complete\": null}")));
      case DELETE -> end(guest, TaskState.DELETING, "DELETE", "", Optional.empty());
      case PAUSE -> action(guest, "{\"pause\": null}");
      case UNPAUSE -> action(guest, "{\"unpause\": null}");
      case STOP ->
          end(
              guest,
              TaskState.POWERING_OFF,
              "POST",
              "/action",
              Optional.of(json("{\"os-stop\": null}")));
      case START -> action(guest, "{\"os-start\": null}");
      case DISABLE_DESTINATION ->
          ledger.moves().stream()
              .reduce((one, other) -> other)
              .flatMap(Ledger.Move::destination)
              .ifPresent(this::disable);
      case DRAIN ->
          ledger.instances().stream()
              .filter(it -> it.id().equals(guest))
              .findFirst()
              .ifPresent(it -> drain(it.host()));
    }
  }

  private void disable(String host) {
    world.ask(
        "PUT",
        "/v2.1/os-services/disable",
        Optional.of(json("{\"host\": \"%s\", \"binary\": \"nova-compute\"}".formatted(host))),
        this::told);
  }

  private void drain(String host) {
    disable(host);
    ledger.instances().stream()
        .filter(it -> it.host().equals(host))
        .forEach(it -> action(it.id(), MIGRATE));
  }

  private void onMove(UUID guest, String method, String rest, Optional<JsonNode> body) {
    ledger.moves().stream()
        .filter(move -> move.instance().equals(guest))
        .reduce((one, other) -> other)
        .ifPresent(move ->
            world.ask(
                method,
                "/v2.1/servers/%s/migrations/%d%s".formatted(guest, move.number(), rest),
                body,
                this::told));
  }

  private void action(UUID guest, String text) {
    world.ask("POST", "/v2.1/servers/" + guest + "/action", Optional.of(json(text)), this::told);
  }

  /** A wish that was refused permits nothing; one without an answer does what is recorded. */
  private void end(
      UUID guest, TaskState task, String method, String rest, Optional<JsonNode> body) {
    Truth.WishedEnd wish = world.truth().letGo(guest, task);
    world
        .ask(
            method,
            "/v2.1/servers/" + guest + rest,
            body,
            reply -> {
              if (reply.status() < 300) {
                wish.accept();
              } else if (reply.status() < 500) {
                world.truth().keep(wish);
              } else {
                world.truth().unanswered(wish);
              }
              told(reply);
            })
        .ifPresentOrElse(server -> wish.askedOf(server.process()), () -> world.truth().keep(wish));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private void told(Reply reply) {
    world.story().tell("answered " + reply.status());
  }
}
