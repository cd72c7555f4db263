package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.StateReason;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import dev.godwit.simulation.libvirt.SimulatedHost.Definition;
import dev.godwit.simulation.time.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One run of a host's daemon. */
public final class Libvirtd {
  private final SimulatedHost host;
  private final SimulatedProcess process;
  private final List<SimulatedConnection> connections = new ArrayList<>();

  Libvirtd(SimulatedHost host, SimulatedProcess process) {
    this.host = host;
    this.process = process;
  }

  SimulatedHost host() {
    return host;
  }

  SimulatedProcess process() {
    return process;
  }

  public boolean alive() {
    return process.alive();
  }

  public boolean frozen() {
    return process.frozen();
  }

  public void freeze() {
    process.freeze();
  }

  public void thaw() {
    process.thaw();
    connections.forEach(SimulatedConnection::wake);
  }

  /** It answers now. */
  boolean answers() {
    return process.alive() && !process.frozen();
  }

  void kill() {
    process.kill();
    List<SimulatedConnection> ended = List.copyOf(connections);
    connections.clear();
    ended.forEach(SimulatedConnection::daemonGone);
  }

  /** A client's connection; {@link LibvirtException} when nobody listens. */
  public Connection open(ConnectionOptions options, SimulatedProcess client) {
    if (!alive()) {
      throw LibvirtException.found(
          LibvirtException.Kind.NOT_CONNECTED, "Failed to connect socket: Connection refused");
    }
    SimulatedConnection connection = new SimulatedConnection(this, options, client);
    connections.add(connection);
    connection.awaitAnswer("open", options.openDeadline());
    return connection;
  }

  void closed(SimulatedConnection connection) {
    connections.remove(connection);
  }

  /** Tells every client that listens. */
  void emit(Guest guest, LifecycleDetail detail) {
    emit(guest.uuid, guest.name, detail);
  }

  void emit(UUID uuid, String name, LifecycleDetail detail) {
    host.ground().witnesses().note(host.name(), "event " + detail + " of " + name);
    tell(
        new DomainEvent.Lifecycle(
            uuid, name, detail.event(), detail, detail.code(), host.ground().timeline().nanos()));
  }

  void tell(DomainEvent event) {
    List.copyOf(connections).forEach(connection -> connection.deliver(event));
  }

  /** A guest's process went away; the daemon learns of it when it can. */
  void qemuGone(Guest guest, StateReason how, boolean byItself) {
    host.end(guest, how, byItself);
    process.run(
        "qemu-gone",
        () ->
            emit(
                guest,
                how == StateReason.SHUTOFF_SHUTDOWN
                    ? LifecycleDetail.STOPPED_SHUTDOWN
                    : LifecycleDetail.STOPPED_CRASHED));
  }

  void destroy(Guest guest) {
    host.end(guest, StateReason.SHUTOFF_DESTROYED, false);
    emit(guest, LifecycleDetail.STOPPED_DESTROYED);
  }

  /** An owner's start: from the disks, with no memory of before. */
  void start(Definition definition, boolean paused) {
    Guest guest = host.launch(definition.xml(), new Guest.Memory());
    emit(guest, LifecycleDetail.STARTED_BOOTED);
    if (paused) {
      guest.is(DomainState.PAUSED, StateReason.PAUSED_USER);
      emit(guest, LifecycleDetail.SUSPENDED_PAUSED);
      return;
    }
    if (!host.go(guest, StateReason.RUNNING_BOOTED, false)) {
      host.end(guest, StateReason.SHUTOFF_FAILED, false);
      emit(guest, LifecycleDetail.STOPPED_FAILED);
      throw LibvirtException.reported(
          ErrorCode.INTERNAL_ERROR, "Failed to get \"write\" lock: is another process using it?");
    }
    emit(guest, LifecycleDetail.RESUMED_UNPAUSED);
  }

  void define(DomainXml xml, boolean autostart) {
    host.definitions.put(xml.uuid(), new Definition(xml, autostart));
    emit(xml.uuid(), xml.name(), LifecycleDetail.DEFINED_ADDED);
  }

  void undefine(UUID uuid) {
    Definition gone = host.definitions.remove(uuid);
    if (gone != null) {
      emit(uuid, gone.xml().name(), LifecycleDetail.UNDEFINED_REMOVED);
    }
  }

  /** What a daemon does that starts and finds guests in moves. */
  void recover() {
    for (Guest guest : new ArrayList<>(host.guests.values())) {
      switch (guest.job) {
        case NONE -> {}
        case INCOMING -> recoverIncoming(guest);
        case OUTGOING -> recoverOutgoing(guest);
      }
    }
  }

  private void recoverIncoming(Guest guest) {
    boolean filling = guest.phase == Phase.FINISH || guest.phase == Phase.POST_COPY_FAILED;
    if (filling && guest.running() && guest.postCopy.isPresent()) {
      // QEMU goes on, or waits for its source: the job stays until that is over.
      guest.postCopy.get().unattendedAtDestination();
      return;
    }
    boolean started =
        guest.phase == Phase.FINISH && (guest.running() || guest.reason == StateReason.PAUSED_USER);
    guest.job = Job.NONE;
    if (!started || (guest.phase == Phase.FINISH && !guest.running())) {
      host.end(guest, StateReason.SHUTOFF_UNSPECIFIED, false);
    }
    guest.phase = Phase.NONE;
  }

  private void recoverOutgoing(Guest guest) {
    Phase phase = guest.phase;
    guest.resuming = false;
    if (guest.postCopy.isPresent()) {
      guest.postCopy.get().unattendedAtSource();
      return;
    }
    guest.job = Job.NONE;
    guest.phase = Phase.NONE;
    switch (phase) {
      case NONE, BEGIN, PREPARE, FINISH, POST_COPY_FAILED -> {}
      case PERFORM -> {
        if (guest.state == DomainState.PAUSED
            && (guest.reason == StateReason.PAUSED_MIGRATION
                || guest.reason == StateReason.PAUSED_POSTCOPY)) {
          host.go(guest, StateReason.RUNNING_UNPAUSED, true);
        }
      }
      // Paused for ever, whatever became of the other side.
      case PERFORM_DONE -> {}
      case CONFIRM -> host.end(guest, StateReason.SHUTOFF_UNSPECIFIED, false);
    }
  }
}
