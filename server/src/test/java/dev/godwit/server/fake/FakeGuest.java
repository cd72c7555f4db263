package dev.godwit.server.fake;

import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;

/** One domain on one host. Guarded by its world. */
final class FakeGuest {
  final InstanceId id;
  final GuestSpec spec;
  boolean ours = true;
  boolean defined = true;

  /** So that every step of a move has work. */
  boolean autostart = true;

  boolean active;
  RunState state = RunState.SHUT_OFF;
  StateReason reason = StateReason.OTHER;
  JobView job = JobView.NONE;
  boolean resumedSeen;
  GuestView.End end = GuestView.End.UNKNOWN;
  boolean mayHaveRun;

  FakeGuest(InstanceId id, GuestSpec spec) {
    this.id = id;
    this.spec = spec;
  }

  void run(StateReason why) {
    active = true;
    state = RunState.RUNNING;
    reason = why;
    mayHaveRun = true;
    resumedSeen = true;
  }

  void pause(StateReason why) {
    active = true;
    state = RunState.PAUSED;
    reason = why;
  }

  void stop(GuestView.End how) {
    active = false;
    state = RunState.SHUT_OFF;
    job = JobView.NONE;
    end = how;
  }

  boolean running() {
    return active && state == RunState.RUNNING;
  }

  GuestView view() {
    return active
        ? new GuestView.Active(state, reason, job, 1, defined, resumedSeen)
        : new GuestView.Inactive(defined, end, mayHaveRun);
  }

  PowerState power() {
    if (!active) {
      return PowerState.SHUTDOWN;
    }
    return state == RunState.PAUSED ? PowerState.PAUSED : PowerState.RUNNING;
  }

  GuestListing listing() {
    return new GuestListing(
        id, spec.name(), power(), spec.memoryMib(), spec.vcpus(), active ? 4711 : 0, ours);
  }
}
