package dev.godwit.lab.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All cases there are in a mode. */
final class Matrix {
  static final int COPY_MOMENTS = 4;
  private static final List<Duration> INCOMING =
      List.of(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(300));

  private final Mode mode;

  Matrix(Mode mode) {
    this.mode = mode;
  }

  /**
   * Cases with an untouched move of their kind before the first of each: it is what they are
   * measured by. Those of one storage follow each other, for they have one guest.
   */
  List<Case> measured(List<Case> cases) {
    Set<Case> all = new LinkedHashSet<>();
    for (Case it : cases.stream().sorted(Comparator.comparing(Case::storage)).toList()) {
      all.add(it.untouched());
      all.add(it);
    }
    return List.copyOf(all);
  }

  /** Every victim at every moment of every way. */
  List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Way way : Way.values()) {
      for (Storage storage : Storage.values()) {
        for (Moment moment : moments(storage, way)) {
          for (Victim victim : Victim.PROCESSES) {
            cases.add(new Case(storage, way, victim, Harm.KILL, moment));
            if (!ends(moment)) {
              cases.add(new Case(storage, way, victim, Harm.FREEZE, moment));
            }
          }
          if (way == Way.SUCCESS && hasIncoming(moment)) {
            cases.add(new Case(storage, way, Victim.INCOMING_QEMU, Harm.KILL, moment));
            cases.add(new Case(storage, way, Victim.INCOMING_QEMU, Harm.FREEZE, moment));
          }
          for (Victim link : links(moment)) {
            cases.add(new Case(storage, way, link, Harm.CUT, moment));
          }
        }
      }
    }
    cases.addAll(Special.cases());
    cases.addAll(Compound.cases());
    return cases.stream().filter(it -> mode.has(it.way())).toList();
  }

  /** Nobody waits for anybody then: only what is killed has something to find again. */
  private static boolean ends(Moment moment) {
    return moment instanceof Moment.Entry entry
        && Set.of("COMPLETE", "ROLLED_BACK_CANCELLED", "ROLLED_BACK_FAILED")
            .contains(entry.transition());
  }

  /** A QEMU waits for the guest, or has it, and the move is not over. */
  private static boolean hasIncoming(Moment moment) {
    return switch (moment) {
      case Moment.Incoming _, Moment.Copying _, Moment.Resumed() -> true;
      case Moment.Entry entry -> Set.of("COMMIT", "SETTLE_NEXT").contains(entry.transition());
      case Moment.Turned() -> false;
    };
  }

  /** The hosts speak to each other until the copy is over. */
  private static List<Victim> links(Moment moment) {
    if (ends(moment)) {
      return List.of();
    }
    return switch (Stage.of(moment)) {
      case PREPARING, COPYING, ARRIVING, COMMITTED ->
          List.of(Victim.LINK_OF_HOSTS, Victim.LINK_TO_SOURCE, Victim.LINK_TO_DESTINATION);
      case SETTLING, GOING_BACK -> List.of(Victim.LINK_TO_SOURCE, Victim.LINK_TO_DESTINATION);
    };
  }

  private List<Moment> moments(Storage storage, Way way) {
    Stream<Moment> settle = settle(way);
    Stream<Moment> back =
        Stream.of(
            new Moment.Entry("ROLL_BACK_NEXT", "DESTINATION_FILES"),
            new Moment.Entry("ROLL_BACK_NEXT", "SOURCE_RESTORED"));
    Stream<Moment> moments =
        switch (way) {
          case SUCCESS ->
              Stream.of(prepare(storage), copy(), Stream.of(new Moment.Resumed()), settle)
                  .flatMap(it -> it);
          case AUTOSTART -> autostart(storage);
          // Their moments are few, and not of every victim: see below, and Compound.
          case EARLY_ABORT,
              BROKEN_POST_COPY,
              SPLIT,
              FENCED_SOURCE,
              FENCED_DESTINATION,
              PREPARE_FAILURE ->
              Stream.<Moment>of();
          case ABORT ->
              Stream.of(
                      Stream.of(new Moment.Turned(), new Moment.Entry("TRANSFER_CANCELLED")),
                      back,
                      Stream.of(new Moment.Entry("ROLLED_BACK_CANCELLED")))
                  .flatMap(it -> it);
          case ROLLBACK ->
              Stream.of(
                      Stream.of(new Moment.Turned(), new Moment.Entry("TRANSFER_FAILED")),
                      back,
                      Stream.of(new Moment.Entry("ROLLED_BACK_FAILED")))
                  .flatMap(it -> it);
          case POST_COPY -> Stream.concat(Stream.<Moment>of(new Moment.Turned()), settle);
        };
    return moments.toList();
  }

  private Stream<Moment> settle(Way way) {
    List<Moment> moments = new ArrayList<>(List.of(new Moment.Entry("COMMIT")));
    // Only there it is not yet known to run when it is committed.
    if (mode.strict() || way == Way.POST_COPY) {
      moments.add(new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING"));
    }
    moments.addAll(
        List.of(
            new Moment.Entry("SETTLE_NEXT", "SOURCE_DEFINITION"),
            new Moment.Entry("SETTLE_NEXT", "SOURCE_FILES"),
            new Moment.Entry("SETTLE_NEXT", "DESTINATION_OWNED"),
            new Moment.Entry("COMPLETE")));
    return moments.stream();
  }

  /** Where the move of a guest that starts with its host differs; no disk has a part in that. */
  private static Stream<Moment> autostart(Storage storage) {
    return storage == Storage.SHARED
        ? Stream.of(
            new Moment.Entry("PREPARE_NEXT", "SOURCE_AUTOSTART"),
            new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING"))
        : Stream.of();
  }

  private static Stream<Moment> prepare(Storage storage) {
    List<Moment> moments =
        new ArrayList<>(List.of(new Moment.Entry("PLAN"), new Moment.Entry("PREPARE")));
    if (storage == Storage.COPIED) {
      moments.add(new Moment.Entry("PREPARE_NEXT", "DESTINATION_DISKS"));
    }
    moments.add(new Moment.Entry("TRANSFER"));
    INCOMING.forEach(ago -> moments.add(new Moment.Incoming(ago)));
    return moments.stream();
  }

  private static Stream<Moment> copy() {
    return Stream.iterate(1, part -> part < COPY_MOMENTS, part -> part + 1)
        .map(part -> new Moment.Copying(part, COPY_MOMENTS));
  }
}
