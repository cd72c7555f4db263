package dev.godwit.lab.torture;

import static dev.godwit.lab.torture.DocumentedEnd.ARCHITECTURE;

import dev.godwit.lab.torture.DocumentedEnd.Kind;
import dev.godwit.lab.torture.DocumentedEnd.When;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Every end that is not as one would wish, with the cases that may have it; any other case that has
 * it ended wrong. Nothing that is done to Godwit's own processes, or to the ways between them, is a
 * reason for one.
 */
final class DocumentedEnds {
  private static final Set<Way> SUCCESS = EnumSet.of(Way.SUCCESS);
  private static final Set<Way> POST_COPY = EnumSet.of(Way.POST_COPY);
  private static final Set<Harm> KILL = EnumSet.of(Harm.KILL);
  private static final Set<Harm> LONG_FREEZE = EnumSet.of(Harm.LONG_FREEZE);
  private static final Set<Harm> KILL_OR_LONG_FREEZE = EnumSet.of(Harm.KILL, Harm.LONG_FREEZE);
  private static final Set<Stage> BEFORE_ITS_RUN = EnumSet.of(Stage.PREPARING, Stage.COPYING);
  private static final Set<Stage> COPYING = EnumSet.of(Stage.COPYING);
  private static final Set<Stage> ARRIVING = EnumSet.of(Stage.ARRIVING);
  private static final Set<Stage> COMMITTED = EnumSet.of(Stage.COMMITTED);
  private static final Set<Stage> COPYING_OR_COMMITTED = EnumSet.of(Stage.COPYING, Stage.COMMITTED);
  private static final Set<Stage> ARRIVING_OR_COMMITTED =
      EnumSet.of(Stage.ARRIVING, Stage.COMMITTED);
  private static final Set<Stage> AFTER_ITS_RUN =
      EnumSet.of(Stage.ARRIVING, Stage.COMMITTED, Stage.SETTLING);
  private static final Set<Storage> SHARED = EnumSet.of(Storage.SHARED);
  private static final Set<Storage> COPIED = EnumSet.of(Storage.COPIED);
  private static final Set<Storage> ANY = EnumSet.allOf(Storage.class);
  private static final Set<Victim> DESTINATION_LIBVIRTD = EnumSet.of(Victim.DESTINATION_LIBVIRTD);
  private static final Set<Victim> LIBVIRTDS =
      EnumSet.of(Victim.SOURCE_LIBVIRTD, Victim.DESTINATION_LIBVIRTD);
  private static final Set<Victim> SOURCES_QEMU =
      EnumSet.of(Victim.SOURCE_QEMU, Victim.SOURCE_HOST);
  private static final Set<Victim> DESTINATIONS_QEMU =
      EnumSet.of(Victim.INCOMING_QEMU, Victim.DESTINATION_HOST);

  /** The guest's own QEMU was killed, alone or with its host. */
  private static final List<DocumentedEnd> STARTED_AGAIN =
      List.of(
          new DocumentedEnd(
              new When(SOURCES_QEMU, KILL, SUCCESS, BEFORE_ITS_RUN, ANY, Where.ANYWHERE),
              Kind.START_AGAIN,
              "ENDED_AT_SOURCE",
              "the guest ran in the QEMU that was killed, and never ran at the destination"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, AFTER_ITS_RUN, ANY, Where.ANYWHERE),
              Kind.START_AGAIN,
              "ENDED_AT_DESTINATION",
              "the guest had arrived in the QEMU that was killed"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, POST_COPY, COMMITTED, ANY, Where.ANYWHERE),
              Kind.START_AGAIN,
              ARCHITECTURE,
              "post-copy was over when the QEMU was killed in which the guest runs"));

  /** libvirt resumed the source although the guest had run, or was to run, at the destination. */
  private static final List<DocumentedEnd> SPLIT =
      List.of(
          new DocumentedEnd(
              new When(
                  DESTINATION_LIBVIRTD,
                  KILL_OR_LONG_FREEZE,
                  SUCCESS,
                  ARRIVING_OR_COMMITTED,
                  COPIED,
                  Where.UNGUARDED),
              Kind.LOSE_A_COPY,
              "SPLIT",
              "Finish's answer was lost, so libvirt resumed the source beside the arrival"),
          new DocumentedEnd(
              new When(
                  DESTINATION_LIBVIRTD,
                  KILL_OR_LONG_FREEZE,
                  SUCCESS,
                  ARRIVING_OR_COMMITTED,
                  SHARED,
                  Where.UNGUARDED),
              Kind.END_A_COPY,
              "STRAY",
              "the same on a shared disk: the stray is suspended, and an operator ends it"),
          new DocumentedEnd(
              new When(
                  DESTINATION_LIBVIRTD, LONG_FREEZE, SUCCESS, COPYING, COPIED, Where.UNGUARDED),
              Kind.LOSE_A_COPY,
              "SPLIT",
              "a daemon that is let go may execute a Finish that the source gave up meanwhile"),
          new DocumentedEnd(
              new When(
                  DESTINATION_LIBVIRTD, LONG_FREEZE, SUCCESS, COPYING, SHARED, Where.UNGUARDED),
              Kind.END_A_COPY,
              "STRAY",
              "the same on a shared disk: the stray is suspended, and an operator ends it"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, ARRIVING, COPIED, Where.FAST),
              Kind.LOSE_A_COPY,
              "COPY_FAILED_AFTER_RUN",
              "it had run at the destination, was killed there, and libvirt resumed the source"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, ARRIVING, SHARED, Where.FAST),
              Kind.LOSE_A_COPY,
              "COPY_FAILED_OVER_NEWER_DISK",
              "the same on a shared disk: the guest's memory may be older than its disk"));

  /** The last copy is gone, or the last one there may be is not the record's own. */
  private static final List<DocumentedEnd> UNDECIDED =
      List.of(
          new DocumentedEnd(
              new When(
                  EnumSet.of(
                      Victim.DESTINATION_LIBVIRTD, Victim.INCOMING_QEMU, Victim.DESTINATION_HOST),
                  KILL_OR_LONG_FREEZE,
                  SUCCESS,
                  ARRIVING,
                  SHARED,
                  Where.FAST),
              Kind.END_A_COPY,
              "SHARED_DISK_MAY_HAVE_CHANGED",
              "what had begun to run at the destination is gone, and libvirt did not resume the"
                  + " source"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, ARRIVING, COPIED, Where.FAST),
              Kind.RULE_ITS_HOME,
              "LOST",
              "libvirt had ended the source already, and nothing that is left tells it"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, ARRIVING_OR_COMMITTED, ANY, Where.FAST),
              Kind.RULE_ITS_HOME,
              "LAST_COPY",
              "libvirt ran the source on, and the record's own is off"),
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, SUCCESS, ARRIVING_OR_COMMITTED, ANY, Where.FAST),
              Kind.RESUME_A_COPY,
              "LAST_COPY",
              "the same, and that copy stands still"),
          new DocumentedEnd(
              new When(SOURCES_QEMU, KILL, SUCCESS, COPYING, SHARED, Where.STRICT),
              Kind.END_A_COPY,
              "STRICT_MAY_BE_OLD",
              "it arrived paused in a strict hand-over, and the source may have run on before it"
                  + " went"),
          new DocumentedEnd(
              new When(SOURCES_QEMU, KILL, SUCCESS, COPYING, COPIED, Where.STRICT),
              Kind.RULE_ITS_HOME,
              "COPY_MAY_BE_OLD",
              "the same with disks of its own on each host"));

  /** Half of a guest went, or the stream between both halves. */
  private static final List<DocumentedEnd> IN_POST_COPY =
      List.of(
          new DocumentedEnd(
              new When(DESTINATIONS_QEMU, KILL, POST_COPY, COMMITTED, ANY, Where.ANYWHERE),
              Kind.END_A_COPY,
              "POST_COPY_LOST",
              "the destination had the newer half of its memory"),
          new DocumentedEnd(
              new When(SOURCES_QEMU, KILL, POST_COPY, COMMITTED, ANY, Where.ANYWHERE),
              Kind.END_A_COPY,
              "POST_COPY_SOURCE_GONE",
              "the source had the other half of its memory"),
          new DocumentedEnd(
              new When(LIBVIRTDS, KILL, POST_COPY, COPYING, ANY, Where.ANYWHERE),
              Kind.END_A_COPY,
              "POST_COPY_LOST",
              "libvirt kills a destination that was not started when a daemon dies after the"
                  + " switch"),
          new DocumentedEnd(
              new When(
                  LIBVIRTDS,
                  KILL_OR_LONG_FREEZE,
                  POST_COPY,
                  COPYING_OR_COMMITTED,
                  ANY,
                  Where.EMULATED),
              Kind.END_A_COPY,
              "POST_COPY_HANGS",
              "libvirt gave the post-copy up with its connection, and QEMU hung on a page when it"
                  + " was recovered"),
          new DocumentedEnd(
              new When(
                  EnumSet.of(Victim.LINK_OF_HOSTS),
                  EnumSet.of(Harm.LONG_CUT),
                  POST_COPY,
                  COMMITTED,
                  ANY,
                  Where.EMULATED),
              Kind.END_A_COPY,
              "POST_COPY_HANGS",
              "the stream broke, and QEMU hung on a page that had not come"));

  /** The way itself harms libvirt or a link of it; the victim has no part in that. */
  private static final List<DocumentedEnd> OF_THE_WAY =
      List.of(
          new DocumentedEnd(
              new When(
                  EnumSet.complementOf(EnumSet.of(Victim.LINK_OF_HOSTS)),
                  EnumSet.of(Harm.NONE, Harm.KILL, Harm.FREEZE, Harm.CUT),
                  EnumSet.of(Way.SPLIT),
                  EnumSet.of(Stage.COPYING, Stage.GOING_BACK),
                  COPIED,
                  Where.UNGUARDED),
              Kind.LOSE_A_COPY,
              "SPLIT",
              "the destination's libvirtd dies in Finish, so libvirt resumes the source beside the"
                  + " arrival"),
          new DocumentedEnd(
              new When(
                  EnumSet.of(
                      Victim.NOBODY, Victim.SERVER, Victim.SOURCE_AGENT, Victim.DESTINATION_AGENT),
                  EnumSet.of(Harm.NONE, Harm.KILL),
                  EnumSet.of(Way.BROKEN_POST_COPY),
                  EnumSet.of(Stage.COPYING, Stage.COMMITTED, Stage.SETTLING),
                  ANY,
                  Where.EMULATED),
              Kind.END_A_COPY,
              "POST_COPY_HANGS",
              "the stream is broken by the way, and QEMU hung on a page that had not come"));

  private static final List<DocumentedEnd> ALL =
      List.of(STARTED_AGAIN, SPLIT, UNDECIDED, IN_POST_COPY, OF_THE_WAY).stream()
          .flatMap(List::stream)
          .toList();

  private DocumentedEnds() {}

  static List<DocumentedEnd> all() {
    return ALL;
  }

  /** Those that a case may have in a scene. */
  static List<DocumentedEnd> of(Case it, Scene scene) {
    return ALL.stream().filter(end -> end.when().has(it, scene)).toList();
  }

  /** True when a case may have an end of this kind. */
  static boolean may(Case it, Scene scene, Kind kind) {
    return of(it, scene).stream().anyMatch(end -> end.kind() == kind);
  }
}
