package dev.godwit.simulation.world;

import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.model.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What must hold whenever the record changes, judged in the very step that changed it: what is
 * mended before the history ends was wrong all the same.
 */
final class Watch {
  /** libvirt may make a split at any time; once nothing is broken, somebody has to see it soon. */
  private static final Duration LONGEST_SPLIT = Duration.ofSeconds(10);

  /** By which a plan tries whether a directory is shared. */
  private static final String PROOF = "/.godwit-shared-";

  private final World world;
  private final Ledger ledger;
  private final Promises promises;
  private final Map<UUID, Ledger.Instance> instances = new HashMap<>();
  private final Map<Long, Ledger.Move> moves = new HashMap<>();
  private final Map<UUID, Long> splitSince = new HashMap<>();

  Watch(World world, Ledger ledger, Promises promises) {
    this.world = world;
    this.ledger = ledger;
    this.promises = promises;
  }

  /** After every step. */
  void look() {
    if (!ledger.changed()) {
      return;
    }
    // A move first: what begins with it is forgotten before its guest is judged.
    for (Ledger.Move now : ledger.moves()) {
      Optional<Ledger.Move> before = Optional.ofNullable(moves.put(now.number(), now));
      if (!before.equals(Optional.of(now))) {
        changed(before, now);
      }
    }
    for (Ledger.Instance now : ledger.instances()) {
      Optional<Ledger.Instance> before = Optional.ofNullable(instances.put(now.id(), now));
      if (!before.equals(Optional.of(now))) {
        changed(before, now);
      }
    }
  }

  private void changed(Optional<Ledger.Move> before, Ledger.Move now) {
    if (now.phase().equals(PhaseName.PLANNED.name())
        && before.filter(it -> it.phase().equals(now.phase())).isEmpty()) {
      world.truth().movesAgain(now.instance());
    }
    if (now.tellsOfALoss() && before.filter(Ledger.Move::tellsOfALoss).isEmpty()) {
      world.truth().tellsOfALoss(now.instance());
    }
    if (now.rests() && before.filter(Ledger.Move::rests).isEmpty() && !world.sweeps()) {
      left(now).forEach(it -> world.truth().breaks("a move is over, and " + it));
    }
  }

  /** What a plan left that died with its server goes with the next sweep. */
  private List<String> left(Ledger.Move move) {
    if (ledger.open().stream().anyMatch(it -> it.instance().equals(move.instance()))) {
      return List.of();
    }
    List<String> left =
        ledger.instances().stream()
            .filter(it -> it.id().equals(move.instance()))
            .flatMap(it -> promises.left(it).stream())
            .toList();
    List<String> proofs = left.stream().filter(it -> it.contains(PROOF)).toList();
    // The directory that it lies in stays with it.
    return left.stream()
        .filter(it -> proofs.stream().noneMatch(proof -> proof.startsWith(it)))
        .toList();
  }

  private void changed(Optional<Ledger.Instance> before, Ledger.Instance now) {
    TaskState task = TaskState.valueOf(now.taskState());
    if (before.filter(it -> it.taskState().equals(now.taskState())).isEmpty()) {
      world.truth().recorded(now.id(), task);
    }
    if (now.vmState().equals("ERROR") && !world.truth().running(now.id()).isEmpty()) {
      world.truth().breaks("a guest that runs is recorded as ERROR");
    }
    if (before.filter(it -> !it.host().equals(now.host())).isPresent() && !mayLive(now)) {
      world
          .truth()
          .breaks(
              "recorded on %s, where it never ran, and there is %s"
                  .formatted(now.host(), world.node(now.host()).libvirt().describe(now.id())));
    }
  }

  /** It arrived there; or it is off, and what arrived there is all that there is to know. */
  private boolean mayLive(Ledger.Instance now) {
    var host = world.node(now.host()).libvirt();
    Truth truth = world.truth();
    return host.lives(now.id())
        || truth.ranInThisMove(now.host(), now.id())
        || (truth.mayBeOff(now.id()) && host.defines(now.id()))
        || ledger.moves().stream()
            .anyMatch(move -> move.instance().equals(now.id()) && !move.rests() && move.ruled());
  }

  /**
   * From time to time.
   *
   * @param mended nothing is broken
   */
  void splits(boolean mended) {
    long now = world.timeline().nanos();
    for (UUID guest : instances.keySet()) {
      if (!mended || world.truth().running(guest).size() < 2) {
        splitSince.remove(guest);
      } else if (now - splitSince.computeIfAbsent(guest, _ -> now) > LONGEST_SPLIT.toNanos()) {
        world.truth().breaks("it runs twice, and nobody ends that although nothing is broken");
      }
    }
  }
}
