package dev.godwit.simulation.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.TaskState;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Somebody who is called for what is held, and does to the letter what they are told. */
final class Operator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final World world;

  Operator(World world) {
    this.world = world;
  }

  /** False when they are told nothing that they could do. */
  boolean helps(Ledger.Move move) {
    world.story().tell("OPERATOR is told: " + move.waiting().why());
    WayOut wayOut = move.waiting().wayOut();
    if (!wayOut.end().isEmpty()) {
      HostName host = wayOut.end().get(world.random().nextInt(wayOut.end().size()));
      destroyed(move.instance(), host.value());
      return true;
    }
    if (!wayOut.resume().isEmpty()) {
      String host = wayOut.resume().getFirst().value();
      world.story().tell("OPERATOR resumes it on " + host);
      world.node(host).libvirt().resumed(move.instance());
      return true;
    }
    if (!wayOut.home().isEmpty()) {
      ruled(move, wayOut);
      return true;
    }
    return false;
  }

  private void destroyed(UUID guest, String host) {
    world.story().tell("OPERATOR destroys it on " + host);
    if (world.truth().running(guest).isEmpty() || world.truth().lostInPostCopy(guest)) {
      world.truth().letGo(guest, TaskState.NONE).accept();
    }
    world.node(host).libvirt().destroyed(guest);
  }

  /** They look at the disks on the hosts that are named, and see where it ran last. */
  private void ruled(Ledger.Move move, WayOut wayOut) {
    String last = world.truth().lastRan(move.instance());
    String home =
        Stream.of(last, move.source(), move.destination().orElseThrow())
            .filter(it -> wayOut.home().contains(new HostName(it)))
            .findFirst()
            .orElseThrow();
    world.story().tell("OPERATOR rules that it lives on " + home);
    ObjectNode body = JSON.createObjectNode();
    body.put("home", home).put("reason", "its disks there are the newer ones");
    world.ask(
        "POST",
        "/godwit/v1/migrations/%d/ruling".formatted(move.number()),
        Optional.of(body),
        reply -> world.story().tell("answered " + reply.status()));
  }
}
