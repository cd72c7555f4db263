package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;

/**
 * A source's QEMU in the last stage of its copy. When it cannot end that, it runs its guest again
 * by itself (migration_iteration_finish), whatever its daemon does; libvirt's job still lives then.
 */
final class LastStage {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final SimulatedHost host;
  private final Guest guest;
  private final Guest arriving;

  LastStage(SimulatedHost host, Guest guest, Guest arriving) {
    this.host = host;
    this.guest = guest;
    this.arriving = arriving;
  }

  /** Fails as soon as the other QEMU is gone, for as long as that is the stage. */
  void watch() {
    host.ground().timeline().after(LOOK, this::look);
  }

  private void look() {
    if (arriving.gone) {
      fails(host, guest);
    } else if (stands(guest)) {
      watch();
    }
  }

  private static boolean stands(Guest guest) {
    return !guest.gone
        && guest.job == Job.OUTGOING
        && guest.phase == Phase.PERFORM
        && guest.state == DomainState.PAUSED
        && guest.postCopy.isEmpty()
        && (guest.reason == StateReason.PAUSED_MIGRATION
            || guest.reason == StateReason.PAUSED_POSTCOPY);
  }

  /** It runs again, unless it does not stand still for its copy, or a lock forbids it. */
  static void fails(SimulatedHost host, Guest guest) {
    if (stands(guest) && host.goesByItself(guest, StateReason.RUNNING_UNPAUSED)) {
      Libvirtd daemon = host.daemon();
      daemon
          .process()
          .run("qemu-resumed", () -> daemon.emit(guest, LifecycleDetail.RESUMED_UNPAUSED));
    }
  }
}
