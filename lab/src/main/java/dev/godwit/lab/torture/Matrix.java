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
  private static final int COPY_MOMENTS = 4;
  private static final List<Duration> INCOMING =
      List.of(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(300));

  /**
   * When a host's power goes: before the copy, in it, when the guest has just arrived, after it.
   */
  private static final List<Moment> HOST_MOMENTS =
      List.of(
          new Moment.Entry("PREPARE"),
          new Moment.Copying(COPY_MOMENTS / 2, COPY_MOMENTS),
          new Moment.Resumed(),
          new Moment.Entry("COMMIT"),
          new Moment.Entry("SETTLE_NEXT", "SOURCE_FILES"));

  private static final List<Victim> PROCESSES =
      List.of(
          Victim.SERVER,
          Victim.SOURCE_AGENT,
          Victim.DESTINATION_AGENT,
          Victim.SOURCE_LIBVIRTD,
          Victim.DESTINATION_LIBVIRTD);

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
          for (Victim victim : PROCESSES) {
            cases.add(new Case(storage, way, victim, Harm.KILL, moment));
            cases.add(new Case(storage, way, victim, Harm.FREEZE, moment));
          }
          for (Victim link :
              List.of(Victim.LINK_OF_HOSTS, Victim.LINK_TO_SOURCE, Victim.LINK_TO_DESTINATION)) {
            cases.add(new Case(storage, way, link, Harm.CUT, moment));
          }
        }
      }
    }
    cases.addAll(special());
    return cases.stream().filter(it -> mode.has(it.way())).toList();
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
          // Its moments are no more than one, and of copied disks only: see below.
          case EARLY_ABORT -> Stream.<Moment>of();
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

  /** What makes sense only at some moments, or takes long. */
  private static List<Case> special() {
    List<Case> cases = new ArrayList<>();
    Moment half = new Moment.Copying(COPY_MOMENTS / 2, COPY_MOMENTS);
    Moment resumed = new Moment.Resumed();
    for (Storage storage : Storage.values()) {
      for (Moment moment : List.of(new Moment.Entry("TRANSFER"), half, resumed)) {
        cases.add(success(storage, Victim.INCOMING_QEMU, Harm.KILL, moment));
      }
      for (Victim host : List.of(Victim.SOURCE_HOST, Victim.DESTINATION_HOST)) {
        HOST_MOMENTS.forEach(moment -> cases.add(success(storage, host, Harm.KILL, moment)));
      }
      cases.add(success(storage, Victim.SOURCE_QEMU, Harm.KILL, half));
      cases.add(new Case(storage, Way.ABORT, Victim.INCOMING_QEMU, Harm.KILL, new Moment.Turned()));
      cases.add(success(storage, Victim.SOURCE_LIBVIRTD, Harm.LONG_FREEZE, half));
      cases.add(success(storage, Victim.DESTINATION_LIBVIRTD, Harm.LONG_FREEZE, half));
      cases.add(success(storage, Victim.DESTINATION_LIBVIRTD, Harm.LONG_FREEZE, resumed));
      cases.add(success(storage, Victim.LINK_OF_HOSTS, Harm.LONG_CUT, half));
      cases.add(success(storage, Victim.LINK_OF_HOSTS, Harm.LONG_CUT, resumed));
      cases.addAll(inPostCopy(storage));
    }
    for (Victim victim : PROCESSES) {
      cases.add(
          new Case(
              Storage.COPIED,
              Way.EARLY_ABORT,
              victim,
              Harm.KILL,
              new Moment.Entry("CANCEL_PREPARING")));
    }
    for (Moment moment :
        List.of(
            new Moment.Entry("PREPARE"),
            new Moment.Entry("PREPARE_NEXT", "DESTINATION_DISKS"),
            new Moment.Entry("TRANSFER"),
            half)) {
      cases.add(success(Storage.COPIED, Victim.DESTINATION_DISK, Harm.FILL, moment));
    }
    return cases;
  }

  /** The guest runs at the destination, and has not all its memory there. */
  private static List<Case> inPostCopy(Storage storage) {
    List<Case> cases = new ArrayList<>();
    Moment committed = new Moment.Entry("COMMIT");
    for (Victim victim : Victim.values()) {
      if (victim.holdsMemory()) {
        cases.add(new Case(storage, Way.POST_COPY, victim, Harm.KILL, committed));
      }
    }
    for (Victim victim : List.of(Victim.SOURCE_LIBVIRTD, Victim.DESTINATION_LIBVIRTD)) {
      cases.add(new Case(storage, Way.POST_COPY, victim, Harm.LONG_FREEZE, committed));
    }
    cases.add(new Case(storage, Way.POST_COPY, Victim.LINK_OF_HOSTS, Harm.LONG_CUT, committed));
    return cases;
  }

  private static Case success(Storage storage, Victim victim, Harm harm, Moment moment) {
    return new Case(storage, Way.SUCCESS, victim, harm, moment);
  }
}
