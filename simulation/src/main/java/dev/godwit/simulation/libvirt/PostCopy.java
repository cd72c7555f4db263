package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import dev.godwit.simulation.time.Timeline;
import java.time.Duration;

/**
 * The stream between the two QEMUs of a post-copy: what the destination still lacks of the guest's
 * memory comes by it, whether their daemons live or not. A QEMU that lost it waits for a recovery;
 * one that has not noticed yet refuses it, and the destination's may hang for ever on a page that
 * it lacks.
 */
final class PostCopy {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int LEAST_TICKS = 8;
  private static final int MOST_TICKS = 100;
  private static final int LEAST_PATIENCE_MS = 15_000;
  private static final int MOST_PATIENCE_MS = 100_000;

  private static final int ONE_HANGS_IN = 4;

  /** TCP sends again what got lost after ever longer times. */
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(25);

  private final Side source;
  private final Side destination;
  private final SimulatedHost.Ground ground;
  private final long bytesEach;
  private final Duration patience;
  private final boolean undefines;
  private long ticksLeft;
  private boolean started;
  private boolean done;
  private boolean lost;
  private boolean ticking;
  private boolean destinationHangs;
  private long silentSince = -1;
  private long standsUntil;

  /** One of both QEMUs. */
  private static final class Side {
    private final SimulatedHost host;
    private final Guest guest;

    /** It gave the stream up. */
    private boolean letGo;

    Side(SimulatedHost host, Guest guest) {
      this.host = host;
      this.guest = guest;
    }

    boolean waits() {
      return letGo || guest.gone;
    }
  }

  /**
   * The source has switched; the destination's vCPUs do not run yet.
   *
   * @param bytes of memory in all
   */
  PostCopy(SimulatedHost from, Guest source, SimulatedHost to, Guest destination, long bytes) {
    this.source = new Side(from, source);
    this.destination = new Side(to, destination);
    this.ground = from.ground();
    this.ticksLeft = ground.random().nextInt(LEAST_TICKS, MOST_TICKS);
    this.bytesEach = bytes / ticksLeft;
    this.patience = Duration.ofMillis(ground.random().nextInt(LEAST_PATIENCE_MS, MOST_PATIENCE_MS));
    // Whether libvirt does it at an end that nobody attends was not measured: it must not matter.
    this.undefines = ground.random().nextBoolean();
    go();
  }

  private Timeline timeline() {
    return ground.timeline();
  }

  private void go() {
    if (!ticking) {
      ticking = true;
      timeline().after(TICK, this::tick);
    }
  }

  /** The destination's vCPUs run. */
  void starts() {
    started = true;
  }

  /** All memory is over there. */
  boolean done() {
    return done;
  }

  boolean sourceLetGo() {
    return source.letGo;
  }

  boolean destinationLetGo() {
    return destination.letGo;
  }

  /** The destination's QEMU answers nobody any more, its daemon neither. */
  boolean destinationHangs() {
    return destinationHangs && !destination.guest.gone;
  }

  /** Memory that the guest needs may still be at the source alone. */
  boolean goesOn() {
    return !done;
  }

  private void tick() {
    ticking = false;
    boolean gone = source.guest.gone || destination.guest.gone;
    if (!done && gone) {
      loses();
    }
    if (done || (gone && source.waits() && destination.waits())) {
      return;
    }
    boolean linked = ground.peers().linked(source.host.name(), destination.host.name());
    if (linked) {
      linked();
    } else if (silentSince < 0) {
      silentSince = timeline().nanos();
    } else if (timeline().nanos() - silentSince > patience.toNanos()) {
      letGo(source);
      letGo(destination);
    }
    go();
  }

  private void linked() {
    long now = timeline().nanos();
    if (silentSince >= 0) {
      long most = Math.min(now - silentSince, LONGEST_BACK_OFF.toNanos());
      standsUntil = now + ground.random().nextLong(most + 1);
      silentSince = -1;
    }
    if (now < standsUntil) {
      return;
    }
    if (source.waits() || destination.waits()) {
      letGo(source);
      letGo(destination);
    } else if (started) {
      source.guest.copy.sentBytes += bytesEach;
      if (--ticksLeft <= 0) {
        complete();
      }
    }
  }

  private void loses() {
    if (!lost) {
      lost = true;
      Side gone = source.guest.gone ? source : destination;
      ground.witnesses().lostInPostCopy(gone.host.name(), source.guest.uuid);
    }
  }

  private void letGo(Side side) {
    if (side.waits() || (side == destination && hangs())) {
      return;
    }
    side.letGo = true;
    tell(side, "qemu-paused", () -> failed(side));
  }

  /** With luck it does not need the page just when it loses the stream. */
  private boolean hangs() {
    if (!destinationHangs && started && ground.random().nextInt(ONE_HANGS_IN) == 0) {
      destinationHangs = true;
      String host = destination.host.name();
      ground.witnesses().note(host, "its QEMU hangs on memory that it lacks");
      ground.witnesses().lostInPostCopy(host, destination.guest.uuid);
    }
    return destinationHangs;
  }

  /** By the daemon that is there, when it can. */
  private static void tell(Side side, String what, Runnable work) {
    side.host
        .daemon()
        .process()
        .run(
            what,
            () -> {
              if (!side.guest.gone) {
                work.run();
              }
            });
  }

  private void failed(Side side) {
    if (!side.letGo) {
      return;
    }
    if (side == source) {
      sourceFailed();
    } else {
      destinationFailed();
    }
  }

  private void sourceFailed() {
    if (source.guest.reason != StateReason.PAUSED_POSTCOPY_FAILED) {
      source.guest.is(DomainState.PAUSED, StateReason.PAUSED_POSTCOPY_FAILED);
      source.host.daemon().emit(source.guest, LifecycleDetail.SUSPENDED_POSTCOPY_FAILED);
    }
  }

  private void destinationFailed() {
    if (destination.guest.reason == StateReason.RUNNING_POSTCOPY) {
      destination.guest.is(DomainState.RUNNING, StateReason.RUNNING_POSTCOPY_FAILED);
      destination.host.daemon().emit(destination.guest, LifecycleDetail.RESUMED_POSTCOPY_FAILED);
    }
  }

  private void complete() {
    done = true;
    tell(source, "qemu-completed", this::sourceUnattended);
    tell(destination, "qemu-completed", this::destinationUnattended);
  }

  /** virDomainAbortJobFlags(POSTCOPY) at the source; false when its QEMU let go already. */
  boolean pause() {
    if (source.waits() || done) {
      return false;
    }
    source.letGo = true;
    sourceFailed();
    go();
    return true;
  }

  /** Both QEMUs have a stream again. */
  void resume() {
    source.letGo = false;
    destination.letGo = false;
    silentSince = -1;
    standsUntil = 0;
    source.guest.is(DomainState.PAUSED, StateReason.PAUSED_POSTCOPY);
    source.host.daemon().emit(source.guest, LifecycleDetail.SUSPENDED_POSTCOPY);
    go();
  }

  /** In the source's daemon: nobody calls for it any more. */
  void unattendedAtSource() {
    Guest guest = source.guest;
    if (guest.gone) {
      guest.job = Job.NONE;
      guest.phase = Phase.NONE;
      return;
    }
    guest.phase = Phase.POST_COPY_FAILED;
    sourceFailed();
    sourceUnattended();
  }

  /** The same in the destination's. */
  void unattendedAtDestination() {
    destination.guest.phase = Phase.POST_COPY_FAILED;
    destinationFailed();
    destinationUnattended();
  }

  private void sourceUnattended() {
    Guest guest = source.guest;
    if (!done || guest.phase != Phase.POST_COPY_FAILED) {
      return;
    }
    guest.job = Job.NONE;
    guest.phase = Phase.NONE;
    source.host.end(guest, StateReason.SHUTOFF_MIGRATED, false);
    source.host.daemon().emit(guest, LifecycleDetail.STOPPED_MIGRATED);
    if (undefines) {
      source.host.daemon().undefine(guest.uuid);
    }
  }

  private void destinationUnattended() {
    if (done && destination.guest.phase == Phase.POST_COPY_FAILED) {
      arrives();
    }
  }

  /** In the destination's daemon: it has all memory. */
  void arrives() {
    Guest guest = destination.guest;
    guest.is(DomainState.RUNNING, StateReason.RUNNING_MIGRATED);
    destination.host.daemon().emit(guest, LifecycleDetail.RESUMED_MIGRATED);
    guest.job = Job.NONE;
    guest.phase = Phase.NONE;
  }
}
