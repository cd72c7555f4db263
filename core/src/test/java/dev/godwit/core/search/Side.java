package dev.godwit.core.search;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.search.World.Alive;
import dev.godwit.core.search.World.Guest;

/**
 * One host's side.
 *
 * @param power the host has power
 * @param fenced the server has it recorded as known dead
 * @param ended the guest's run here ended by itself, or with its host
 */
record Side(
    boolean power,
    boolean fenced,
    Alive agent,
    Alive daemon,
    Guest guest,
    boolean ended,
    boolean defined,
    boolean autostart,
    Note note) {
  static Side home(Guest guest, boolean autostart) {
    return new Side(true, false, Alive.UP, Alive.UP, guest, false, true, autostart, Note.NEW);
  }

  static Side empty() {
    return new Side(true, false, Alive.UP, Alive.UP, Guest.ABSENT, false, false, false, Note.NEW);
  }

  /** Its first word ends a fence. */
  Side agent(Alive now) {
    return new Side(
        power, fenced && now != Alive.UP, now, daemon, guest, ended, defined, autostart, note);
  }

  Side daemon(Alive now) {
    return new Side(power, fenced, agent, now, guest, ended, defined, autostart, note);
  }

  Side guest(Guest now) {
    return new Side(power, fenced, agent, daemon, now, ended, defined, autostart, note);
  }

  Side ended(boolean now) {
    return new Side(power, fenced, agent, daemon, guest, now, defined, autostart, note);
  }

  Side defined(boolean now) {
    return new Side(power, fenced, agent, daemon, guest, ended, now, autostart && now, note);
  }

  Side autostart(boolean now) {
    return new Side(power, fenced, agent, daemon, guest, ended, defined, now, note);
  }

  Side note(Note now) {
    return new Side(power, fenced, agent, daemon, guest, ended, defined, autostart, now);
  }

  Side fenced(boolean now) {
    return new Side(power, now, agent, daemon, guest, ended, defined, autostart, note);
  }

  /**
   * All that lives on it is gone; what is on its disks stays.
   *
   * @param whole a guest is here that had all its memory
   */
  Side dead(boolean whole) {
    return new Side(
        false,
        fenced,
        Alive.DOWN,
        Alive.DOWN,
        Guest.ABSENT,
        ended || (whole && active()),
        defined,
        autostart,
        note.deaf());
  }

  /** Booted: its daemon starts what it is told to start with the host. */
  Side booted() {
    boolean starts = defined && autostart;
    return new Side(
        true,
        false,
        Alive.UP,
        Alive.UP,
        starts ? Guest.RUNNING : Guest.ABSENT,
        ended,
        defined,
        autostart,
        note);
  }

  boolean answers() {
    return agent == Alive.UP && daemon == Alive.UP;
  }

  boolean active() {
    return guest != Guest.ABSENT;
  }

  boolean runs() {
    return guest == Guest.RUNNING;
  }

  /** As its agent reads it: of one that was to be fenced, an end that nobody saw was the fence. */
  GuestView.End end() {
    return note.fencing() && note.end() == GuestView.End.UNKNOWN
        ? GuestView.End.MIGRATED
        : note.end();
  }

  /** As far as the destination's agent can tell. */
  boolean mayHaveRun() {
    boolean unbroken = note.prepared() && note.unbroken();
    return note.resumedSeen() || (defined && !unbroken);
  }

  /** As far as the source's agent can tell: since the copy began. Without a definition it moved. */
  boolean mayHaveRunOn() {
    boolean heard =
        note.transfer() instanceof TransferRecord.Ended(String error) && !error.isEmpty();
    return note.resumedSeen() || (defined && !heard);
  }

  @Override
  public String toString() {
    return guest
        + (defined ? " defined" : "")
        + (autostart ? " autostart" : "")
        + (ended ? " ended" : "")
        + (power ? "" : " dead")
        + (fenced ? " fenced" : "")
        + (agent == Alive.UP ? "" : " agent " + agent)
        + (daemon == Alive.UP ? "" : " daemon " + daemon);
  }
}
