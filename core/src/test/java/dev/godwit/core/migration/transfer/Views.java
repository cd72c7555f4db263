package dev.godwit.core.migration.transfer;

import dev.godwit.core.migration.transfer.GuestView.Active;
import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.GuestView.Inactive;
import dev.godwit.core.migration.transfer.HostView.Seen;
import java.time.Instant;

/** What a host may look like, for tests: states in libvirt's words. */
public final class Views {
  public static final HostView UNKNOWN = new HostView.Unknown("no answer");

  /** An operator has recorded that the host is dead. */
  public static final HostView DEAD =
      new HostView.Fenced("an operator", Instant.parse("2026-01-01T00:00:00Z"));

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private Views() {}

  /** The source. */
  public static HostView source(RunState state, StateReason reason, JobView job) {
    return new Seen(
        AT, new Active(state, reason, job, 7, true, false), new TransferRecord.Ended("broken"));
  }

  public static HostView sourceRuns() {
    return source(RunState.RUNNING, StateReason.OTHER, JobView.NONE);
  }

  public static HostView sourceRuns(TransferRecord transfer) {
    return with(sourceRuns(), transfer);
  }

  public static HostView sourceCopies() {
    return with(
        source(RunState.RUNNING, StateReason.OTHER, JobView.OUTGOING),
        new TransferRecord.Started());
  }

  public static HostView sourceSwitched() {
    return with(
        source(RunState.PAUSED, StateReason.MIGRATION, JobView.OUTGOING),
        new TransferRecord.Started());
  }

  public static HostView sourcePaused(StateReason reason) {
    return source(RunState.PAUSED, reason, JobView.NONE);
  }

  public static HostView sourcePaused(StateReason reason, TransferRecord transfer) {
    return with(sourcePaused(reason), transfer);
  }

  public static HostView sourceGone(End end) {
    return new Seen(AT, new Inactive(false, end, false), new TransferRecord.Ended(""));
  }

  /** Gone, and libvirt may have resumed it before. */
  public static HostView sourceGoneAfterRunning(End end) {
    return new Seen(AT, new Inactive(false, end, true), new TransferRecord.Interrupted(1));
  }

  /** libvirt resumed it there, and then its run ended. */
  public static HostView ranOnAndEnded() {
    return new Seen(
        AT, new Inactive(true, End.SHUT_DOWN, true), new TransferRecord.Ended("broken"));
  }

  public static HostView sourceGoneDefined(End end) {
    return new Seen(AT, new Inactive(true, end, false), new TransferRecord.Ended("broken"));
  }

  /** The same host with another memory of the transfer. */
  public static HostView with(HostView view, TransferRecord transfer) {
    return view instanceof Seen(Instant at, GuestView guest, TransferRecord _)
        ? new Seen(at, guest, transfer)
        : view;
  }

  /** The destination. */
  public static HostView destination(RunState state, StateReason reason, JobView job) {
    return destination(state, reason, job, false);
  }

  public static HostView destination(
      RunState state, StateReason reason, JobView job, boolean resumedSeen) {
    boolean persistent = job == JobView.NONE;
    return new Seen(
        AT,
        new Active(state, reason, job, 3, persistent, resumedSeen),
        new TransferRecord.NotStarted());
  }

  public static HostView incoming() {
    return destination(RunState.PAUSED, StateReason.MIGRATION, JobView.INCOMING);
  }

  /** Finish saved the definition; the vCPUs are not started, or were and are not any more. */
  public static HostView incomingPersistent() {
    return new Seen(
        AT,
        new Active(RunState.PAUSED, StateReason.MIGRATION, JobView.INCOMING, 3, true, false),
        new TransferRecord.NotStarted());
  }

  public static HostView finishing() {
    return destination(RunState.RUNNING, StateReason.MIGRATED, JobView.INCOMING, true);
  }

  public static HostView arrived() {
    return destination(RunState.RUNNING, StateReason.MIGRATED, JobView.NONE, true);
  }

  public static HostView arrivedPaused() {
    return destination(RunState.PAUSED, StateReason.USER, JobView.NONE);
  }

  /** It ran there, and was paused since. */
  public static HostView pausedAfterRunning() {
    return destination(RunState.PAUSED, StateReason.USER, JobView.NONE, true);
  }

  public static HostView runsInPostCopy(StateReason reason) {
    return destination(RunState.RUNNING, reason, JobView.INCOMING, true);
  }

  public static HostView absent() {
    return new Seen(AT, new Inactive(false, End.UNKNOWN, false), new TransferRecord.NotStarted());
  }

  /** Not there, and it may have run. */
  public static HostView ranAndEnded() {
    return new Seen(AT, new Inactive(true, End.SHUT_DOWN, true), new TransferRecord.NotStarted());
  }

  /** A definition is left; the agent's unbroken log says that it never ran. */
  public static HostView definitionLeft() {
    return new Seen(AT, new Inactive(true, End.UNKNOWN, false), new TransferRecord.NotStarted());
  }
}
