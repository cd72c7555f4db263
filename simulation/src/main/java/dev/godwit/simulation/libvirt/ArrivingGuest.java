package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;
import java.util.List;

/**
 * The destination's part of a move: Prepare and Finish, and what ends a guest that nobody sends.
 */
final class ArrivingGuest {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Libvirtd daemon;
  private final Guest guest;

  private ArrivingGuest(Libvirtd daemon, Guest guest) {
    this.daemon = daemon;
    this.guest = guest;
  }

  /** What Prepare answers: a guest, or why not. */
  record Prepared(List<ArrivingGuest> guest, String refusal) {}

  static Prepared prepare(Libvirtd daemon, DomainXml xml, Peering peering) {
    SimulatedHost host = daemon.host();
    if (host.has(xml.uuid()) || host.defines(xml.uuid())) {
      return refused("operation failed: domain '" + xml.name() + "' already exists with uuid");
    }
    for (String file : xml.writableFiles()) {
      if (!host.ground().images().exists(host.path(file))) {
        return refused("Cannot access storage file '" + file + "': No such file or directory");
      }
    }
    Guest guest = host.launch(xml, new Guest.Memory());
    guest.job = Job.INCOMING;
    guest.phase = Phase.PREPARE;
    daemon.emit(guest, LifecycleDetail.STARTED_MIGRATED);
    guest.is(DomainState.PAUSED, StateReason.PAUSED_MIGRATION);
    ArrivingGuest arriving = new ArrivingGuest(daemon, guest);
    daemon.process().run("autodestroy", () -> arriving.autodestroy(peering));
    return new Prepared(List.of(arriving), "");
  }

  private static Prepared refused(String why) {
    return new Prepared(List.of(), why);
  }

  Guest guest() {
    return guest;
  }

  /** It goes when its source does, until Finish has it. */
  private void autodestroy(Peering peering) {
    long heard = daemon.host().ground().timeline().nanos();
    while (!guest.gone && guest.phase == Phase.PREPARE) {
      rest(LOOK);
      if (peering.sourceIsHeard() && !peering.closed()) {
        heard = daemon.host().ground().timeline().nanos();
      } else if (guest.phase == Phase.PREPARE && peering.lostByDestination(heard)) {
        end();
      }
    }
  }

  private void rest(Duration length) {
    try {
      daemon.process().tempo().rest(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** It never runs here. */
  boolean end() {
    if (!guest.gone) {
      guest.job = Job.NONE;
      SimulatedConnection.failed(daemon, guest);
    }
    return true;
  }

  /** Memory and copied disks are here. */
  void filled(Guest source, List<String> copiedFiles) {
    Images images = daemon.host().ground().images();
    guest.memory.written = source.memory.written;
    copiedFiles.forEach(file -> images.write(daemon.host().path(file), source.memory.written));
  }

  /**
   * Finish. The definition is on disk before the vCPUs start.
   *
   * @param fails it fails before they do, for a reason of its own
   * @return why the guest does not run; empty when it does, or rests as it should
   */
  String finish(boolean paused, boolean fails) {
    if (guest.gone) {
      return "the guest is gone";
    }
    guest.phase = Phase.FINISH;
    daemon.define(guest.xml, false);
    rest(daemon.host().between(1_000, 6_000));
    if (guest.gone || fails) {
      end();
      return "Finish failed";
    }
    if (paused) {
      guest.is(DomainState.PAUSED, StateReason.PAUSED_USER);
      daemon.emit(guest, LifecycleDetail.SUSPENDED_PAUSED);
    } else if (daemon.host().go(guest, StateReason.RUNNING_MIGRATED, true)) {
      daemon.emit(guest, LifecycleDetail.RESUMED_MIGRATED);
    } else {
      end();
      return "Failed to get \"write\" lock";
    }
    rest(daemon.host().between(4_000, 40_000));
    guest.job = Job.NONE;
    guest.phase = Phase.NONE;
    return guest.gone ? "the guest is gone" : "";
  }
}
