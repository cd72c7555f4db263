package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The destination's part of a move: Prepare and Finish, and what ends a guest that nobody sends.
 */
final class ArrivingGuest {
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration FILLING = Duration.ofMillis(20);

  private final Libvirtd daemon;
  private final Guest guest;
  private final DomainXml definition;

  private ArrivingGuest(Libvirtd daemon, Guest guest, DomainXml definition) {
    this.daemon = daemon;
    this.guest = guest;
    this.definition = definition;
  }

  /** What Prepare answers: a guest, or why not. */
  record Prepared(List<ArrivingGuest> guest, String refusal) {}

  /**
   * Prepare.
   *
   * @param definition what Finish will save
   */
  static Prepared prepare(Libvirtd daemon, DomainXml xml, DomainXml definition, Peering peering) {
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
    ArrivingGuest arriving = new ArrivingGuest(daemon, guest, definition);
    daemon.process().run("autodestroy", () -> arriving.autodestroy(peering));
    return new Prepared(List.of(arriving), "");
  }

  private static Prepared refused(String why) {
    return new Prepared(List.of(), why);
  }

  Guest guest() {
    return guest;
  }

  Libvirtd daemon() {
    return daemon;
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
   * Finish of a post-copy: the vCPUs start, and what they lack of their memory comes after them.
   *
   * @param fails it fails before they start, and libvirt kills it: the source cannot go on either
   * @return why it is not over; empty when all memory is here
   */
  String finish(PostCopy stream, boolean fails) {
    if (guest.gone) {
      return "the guest is gone";
    }
    guest.phase = Phase.FINISH;
    daemon.define(definition, false);
    rest(daemon.host().between(1_000, 6_000));
    if (guest.gone || fails || !daemon.host().go(guest, StateReason.RUNNING_POSTCOPY, true)) {
      end();
      return "Finish failed";
    }
    daemon.emit(guest, LifecycleDetail.RESUMED_POSTCOPY);
    stream.starts();
    return filled(stream);
  }

  /** Finish of a post-copy that is resumed. */
  static String fills(Libvirtd daemon, UUID uuid, PostCopy stream) {
    Optional<Guest> found = daemon.host().guest(uuid);
    if (found.isEmpty()) {
      return "the guest is gone";
    }
    Guest guest = found.get();
    guest.phase = Phase.FINISH;
    guest.is(DomainState.RUNNING, StateReason.RUNNING_POSTCOPY);
    daemon.emit(guest, LifecycleDetail.RESUMED_POSTCOPY);
    return new ArrivingGuest(daemon, guest, guest.xml).filled(stream);
  }

  private String filled(PostCopy stream) {
    while (!stream.done()) {
      rest(FILLING);
      if (guest.gone) {
        return "the guest is gone";
      }
      if (!stream.done() && stream.destinationLetGo()) {
        stream.unattendedAtDestination();
        return "job 'migration in' failed in post-copy phase";
      }
    }
    if (guest.gone) {
      return "the guest is gone";
    }
    stream.arrives();
    return "";
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
    daemon.define(definition, false);
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
