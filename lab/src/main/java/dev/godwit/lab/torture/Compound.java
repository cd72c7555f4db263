package dev.godwit.lab.torture;

import java.util.ArrayList;
import java.util.List;

/** Cases in which a second thing is struck while Godwit ends what a first harm left behind. */
final class Compound {
  /** The stray is suspended, and goes after three seconds; then what it leaves goes. */
  private static final List<Moment> ENDING_A_SPLIT =
      List.of(
          new Moment.Entry("TRANSFER_FAILED", "DESTINATION_SUSPENDED"),
          new Moment.Entry("ROLL_BACK_NEXT", "DESTINATION_DOMAIN"));

  private static final List<Victim> GODWITS =
      List.of(Victim.SERVER, Victim.SOURCE_AGENT, Victim.DESTINATION_AGENT);

  private Compound() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Moment moment : ENDING_A_SPLIT) {
      cases.addAll(kills(Storage.COPIED, Way.SPLIT, Victim.PROCESSES, moment));
    }
    Moment suspending = ENDING_A_SPLIT.getFirst();
    cases.add(new Case(Storage.COPIED, Way.SPLIT, Victim.SERVER, Harm.FREEZE, suspending));
    for (Victim link : List.of(Victim.LINK_TO_SOURCE, Victim.LINK_TO_DESTINATION)) {
      cases.add(new Case(Storage.COPIED, Way.SPLIT, link, Harm.CUT, suspending));
    }
    for (Storage storage : Storage.values()) {
      cases.addAll(fenced(storage));
    }
    cases.addAll(
        kills(Storage.COPIED, Way.PREPARE_FAILURE, GODWITS, new Moment.Entry("PREPARE_FAILED")));
    Moment broke = new Moment.Entry("POST_COPY_BROKE");
    cases.addAll(kills(Storage.SHARED, Way.BROKEN_POST_COPY, GODWITS, broke));
    cases.addAll(
        kills(
            Storage.SHARED,
            Way.BROKEN_POST_COPY,
            List.of(Victim.SERVER),
            new Moment.Entry("SETTLE_NEXT", "SOURCE_FENCED")));
    return cases;
  }

  /** A host is dead: what is struck then lives. When it is back, its agent may be struck, too. */
  private static List<Case> fenced(Storage storage) {
    List<Case> cases = new ArrayList<>();
    List<Victim> atSource = List.of(Victim.SERVER, Victim.SOURCE_AGENT);
    List<Victim> atDestination = List.of(Victim.SERVER, Victim.DESTINATION_AGENT);
    Way destination = Way.FENCED_DESTINATION;
    cases.addAll(kills(storage, destination, atSource, new Moment.Entry("TRANSFER_FAILED")));
    cases.addAll(kills(storage, destination, atSource, new Moment.Entry("ROLLED_BACK_FAILED")));
    cases.addAll(kills(storage, destination, GODWITS, new Moment.Entry("FAILED_HOST_RETURNED")));
    Way source = Way.FENCED_SOURCE;
    cases.addAll(kills(storage, source, atDestination, new Moment.Entry("COMPLETE")));
    cases.addAll(kills(storage, source, GODWITS, new Moment.Entry("COMPLETED_HOST_RETURNED")));
    return cases;
  }

  private static List<Case> kills(Storage storage, Way way, List<Victim> victims, Moment moment) {
    return victims.stream()
        .map(victim -> new Case(storage, way, victim, Harm.KILL, moment))
        .toList();
  }
}
