package dev.godwit.lab.torture;

import java.time.Duration;
import java.util.List;

/** A selection for every day: each victim and each way, at the moments that are most dangerous. */
final class Selection {
  private static final Moment HALF = new Moment.Copying(2, 4);
  private static final Moment RESUMED = new Moment.Resumed();
  private static final Moment COMMIT = new Moment.Entry("COMMIT");

  List<Case> cases() {
    return List.of(
        success(Storage.COPIED, Victim.SERVER, Harm.KILL, COMMIT),
        success(Storage.SHARED, Victim.SERVER, Harm.KILL, HALF),
        success(Storage.COPIED, Victim.SERVER, Harm.FREEZE, RESUMED),
        success(Storage.SHARED, Victim.SOURCE_AGENT, Harm.KILL, COMMIT),
        success(Storage.COPIED, Victim.DESTINATION_AGENT, Harm.KILL, disks()),
        success(Storage.SHARED, Victim.DESTINATION_AGENT, Harm.FREEZE, RESUMED),
        success(Storage.COPIED, Victim.SOURCE_LIBVIRTD, Harm.KILL, RESUMED),
        success(Storage.SHARED, Victim.SOURCE_LIBVIRTD, Harm.KILL, HALF),
        success(Storage.COPIED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, RESUMED),
        success(Storage.SHARED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, RESUMED),
        success(Storage.COPIED, Victim.DESTINATION_LIBVIRTD, Harm.KILL, HALF),
        success(
            Storage.COPIED,
            Victim.DESTINATION_LIBVIRTD,
            Harm.KILL,
            new Moment.Incoming(Duration.ZERO)),
        success(Storage.SHARED, Victim.INCOMING_QEMU, Harm.KILL, HALF),
        success(Storage.COPIED, Victim.DESTINATION_DISK, Harm.FILL, new Moment.Entry("TRANSFER")),
        success(Storage.SHARED, Victim.LINK_OF_HOSTS, Harm.CUT, HALF),
        success(Storage.COPIED, Victim.LINK_TO_SOURCE, Harm.CUT, COMMIT),
        success(Storage.SHARED, Victim.LINK_TO_DESTINATION, Harm.CUT, HALF),
        new Case(
            Storage.SHARED,
            Way.AUTOSTART,
            Victim.SOURCE_AGENT,
            Harm.KILL,
            new Moment.Entry("PREPARE_NEXT", "SOURCE_AUTOSTART")),
        of(Way.EARLY_ABORT, Victim.SERVER, new Moment.Entry("CANCEL_PREPARING")),
        of(Way.ABORT, Victim.SERVER, new Moment.Entry("TRANSFER_CANCELLED")),
        of(Way.ABORT, Victim.SOURCE_LIBVIRTD, new Moment.Turned()),
        of(Way.ROLLBACK, Victim.SERVER, new Moment.Entry("TRANSFER_FAILED")),
        of(
            Way.ROLLBACK,
            Victim.DESTINATION_AGENT,
            new Moment.Entry("ROLL_BACK_NEXT", "DESTINATION_FILES")),
        of(Way.POST_COPY, Victim.SERVER, COMMIT),
        success(Storage.SHARED, Victim.SOURCE_QEMU, Harm.KILL, HALF),
        success(Storage.SHARED, Victim.SOURCE_HOST, Harm.KILL, HALF),
        success(Storage.COPIED, Victim.SOURCE_HOST, Harm.KILL, HALF),
        of(Way.POST_COPY, Victim.DESTINATION_HOST, COMMIT),
        of(Way.POST_COPY, Victim.SOURCE_AGENT, new Moment.Turned()),
        of(Way.SPLIT, Victim.SERVER, new Moment.Entry("TRANSFER_FAILED", "DESTINATION_SUSPENDED")));
  }

  private static Moment disks() {
    return new Moment.Entry("PREPARE_NEXT", "DESTINATION_DISKS");
  }

  private static Case success(Storage storage, Victim victim, Harm harm, Moment moment) {
    return new Case(storage, Way.SUCCESS, victim, harm, moment);
  }

  private static Case of(Way way, Victim victim, Moment moment) {
    return new Case(Storage.COPIED, way, victim, Harm.KILL, moment);
  }
}
