package dev.godwit.lab.torture;

import java.util.ArrayList;
import java.util.List;

/** Cases that make sense only at some moments, or take long. */
final class Special {
  /**
   * When a host's power goes: before the copy, in it, when the guest has just arrived, after it.
   */
  private static final List<Moment> HOST_MOMENTS =
      List.of(
          new Moment.Entry("PREPARE"),
          new Moment.Copying(Matrix.COPY_MOMENTS / 2, Matrix.COPY_MOMENTS),
          new Moment.Resumed(),
          new Moment.Entry("COMMIT"),
          new Moment.Entry("SETTLE_NEXT", "SOURCE_FILES"));

  private Special() {}

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    Moment half = new Moment.Copying(Matrix.COPY_MOMENTS / 2, Matrix.COPY_MOMENTS);
    Moment resumed = new Moment.Resumed();
    for (Storage storage : Storage.values()) {
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
    cases.addAll(startingWithItsHost(half));
    for (Victim victim : Victim.PROCESSES) {
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

  /**
   * A source that comes back must not start what has left it, and what goes back has to start with
   * the source again.
   */
  private static List<Case> startingWithItsHost(Moment half) {
    List<Case> cases = new ArrayList<>();
    for (Moment moment :
        List.of(
            new Moment.Entry("COMMIT"), new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING"))) {
      cases.add(new Case(Storage.SHARED, Way.AUTOSTART, Victim.SOURCE_HOST, Harm.KILL, moment));
    }
    cases.add(new Case(Storage.SHARED, Way.AUTOSTART, Victim.INCOMING_QEMU, Harm.KILL, half));
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
