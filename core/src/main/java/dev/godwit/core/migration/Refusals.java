package dev.godwit.core.migration;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;

/** Refusals that the life of a migration itself states. */
public final class Refusals {
  /** An agent's word for a source that runs when it should be fenced. */
  public static final String SOURCE_RUNS = "source-runs";

  /** The source has not even the guest's definition. */
  public static final String SOURCE_GONE = "source-gone";

  /** An agent's word for a source that still holds memory of a post-copy. */
  public static final String SOURCE_IN_POST_COPY = "source-in-post-copy";

  /** An agent's word for a source whose post-copy broke; it still holds memory of the guest. */
  public static final String SOURCE_POST_COPY_FAILED = "source-post-copy-failed";

  /** An agent's word while it still carries out an earlier order of the migration. */
  public static final String AGENT_BUSY = "agent-busy";

  /** An agent's word for a source that makes as many moves as it may: this one has its turn. */
  public static final String TOO_MANY_MOVES = "too-many-moves";

  /** An agent's word for a destination that runs when it should be cleared. */
  public static final String DESTINATION_RUNS = "destination-runs";

  /** An agent's word for a destination where libvirt's incoming job lives. */
  public static final String STILL_ARRIVING = "still-arriving";

  /** An agent's word while it still does what was wished of the guest before. */
  public static final String TURN_TAKEN = "turn-taken";

  /** A word for a guest that a move or a job of somebody's holds. */
  public static final String GUEST_BUSY = "guest-busy";

  /** An agent's word where libvirt, QEMU or the disk does not do what is wished of a guest now. */
  public static final String HOST_TROUBLE = "host-trouble";

  /** An agent's word for a post-copy's resume that libvirt does not answer. */
  public static final String RECOVERY_HANGS = "post-copy-recovery-hangs";

  private Refusals() {}

  /** What an operator may say of a host that is silent. */
  public static String sayDead(HostName host) {
    return "if %s is switched off for certain, say so: godwit host fence %s --powered-off"
        .formatted(host, host);
  }

  /** A host of the move is known dead. */
  public static Refusal hostDead(HostName host) {
    return new Refusal(
        "host-dead",
        host.value(),
        "a host that lives",
        "one that is recorded as known dead",
        "Migrate to another host, or bring it back.");
  }

  /** The guest ran on at the source, from before what it did at the destination. */
  public static Refusal runAtDestinationLost(InstanceId instance) {
    return new Refusal(
        "run-at-destination-lost",
        instance.toString(),
        "a guest that ran on one host at a time",
        "one that libvirt resumed at the source although it may have run at the destination",
        "What it did there is lost. At the source its memory and its disks agree.");
  }

  /** The guest ran on at the source, over a disk that the destination may have written. */
  public static Refusal diskMayBeNewer(InstanceId instance) {
    return new Refusal(
        "disk-may-be-newer",
        instance.toString(),
        "a guest whose memory is as new as its disk",
        "one that libvirt resumed at the source although it may have run on its shared disk at the destination",
        "It runs on, for no move ends a running guest. Shut it down soon, check its file systems, and start it again.");
  }

  /** A host did not answer for as long as it was waited for. */
  public static Refusal silent(Enum<?> step, String why) {
    return new Refusal(
        "host-silent",
        step.name(),
        "an answer within a minute",
        why,
        "Look at the host's agent and its network, then migrate again.");
  }

  /** A guest that arrived paused, to be resumed, and went off before it ever ran there. */
  public static Refusal arrivalOff(InstanceId instance) {
    return new Refusal(
        "arrival-off",
        instance.toString(),
        "the guest that arrived paused, to be resumed",
        "one that is shut off and never ran there",
        "Its memory is lost, its disks are there: start it with 'godwit vm start'.");
  }

  /** The guest itself ended during the copy. */
  public static Refusal guestEnded(InstanceId instance) {
    return new Refusal(
        "guest-ended",
        instance.toString(),
        "a guest that runs until it has moved",
        "one that ended at the source during the copy",
        "Its disks are at the source: start it there with 'godwit vm start', then migrate again.");
  }

  /** Both copies ended, and nothing of the guest was on one host only. */
  public static Refusal offOnBothSides(InstanceId instance) {
    return new Refusal(
        "guest-ended",
        instance.toString(),
        "a guest that runs until it has moved",
        "one that is off on both hosts",
        "Its disks are shared, nothing that it wrote is lost: start it with 'godwit vm start'.");
  }

  /** An operator said where a guest lives that is off on both hosts. */
  public static Refusal ruled(Migration migration) {
    Ruling ruling = migration.wishes().ruling().orElseThrow();
    return new Refusal(
        "ruled",
        migration.instance().toString(),
        "a guest that runs on one host",
        "one that is off on both; %s said that its disks on %s are the ones: %s"
            .formatted(ruling.by(), ruling.home(), ruling.reason()),
        "Start it with 'godwit vm start'.");
  }

  /** An operator said which of two copies is the guest, where only that one was left running. */
  static Refusal ruledCopy(Migration migration) {
    Ruling ruling = migration.wishes().ruling().orElseThrow();
    return new Refusal(
        "ruled",
        migration.instance().toString(),
        "a guest that runs on one host",
        "one that libvirt ran on both, and of which the record's own copy is off; %s said that the one on %s is the guest: %s"
            .formatted(ruling.by(), ruling.home(), ruling.reason()),
        "What the other copy did is lost.");
  }

  /** The guest left its source, and the record has lost where to. */
  static Refusal leftUnrecorded(Migration migration) {
    return new Refusal(
        "left-unrecorded",
        migration.instance().toString(),
        "the guest at %s".formatted(migration.source()),
        "a copy that went well, and of which the record has lost all entries",
        "'godwit explain %s' says where it runs: take it over there with 'godwit vm adopt --host HOST %s'."
            .formatted(migration.instance(), migration.instance()));
  }

  /** The guest is off at its source, and the record has lost where a copy of it went. */
  static Refusal mayHaveLeft(Migration migration) {
    return new Refusal(
        "may-have-left",
        migration.instance().toString(),
        "the guest at %s".formatted(migration.source()),
        "one that is off, and a copy of which the record has lost all entries: it may have left before",
        "Where 'godwit explain %s' says that it runs elsewhere, take it over there with 'godwit vm adopt --host HOST %s'; only where it does not, start it with 'godwit vm start'."
            .formatted(migration.instance(), migration.instance()));
  }

  /** The copy ended without the guest having moved. */
  public static Refusal copyFailed(String error) {
    return new Refusal(
        "copy-failed",
        "transfer",
        "the guest at the destination",
        error.isEmpty() ? "the copy ended and the guest is at the source" : error,
        "The guest runs on at the source. Mend the cause and migrate again.");
  }
}
