package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainEvent;
import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.JobStats;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LifecycleDetail;
import dev.godwit.libvirt.MigrateFlag;
import dev.godwit.libvirt.MigrateParameters;
import dev.godwit.libvirt.StateReason;
import dev.godwit.libvirt.TypedParameters;
import dev.godwit.simulation.libvirt.Guest.Job;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A peer-to-peer move, protocol version 3, in the source's daemon: Begin, Prepare, Perform, Finish,
 * Confirm. Whenever Finish's good answer does not come, the source goes on by itself.
 */
final class PeerToPeer {
  private static final long BYTES = 256L << 20;
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int BUSY_PASSES = 40;

  private final Libvirtd daemon;
  private final Guest guest;
  private final MigrateParameters parameters;
  private final Thread client;
  private final boolean ownerPaused;
  private final List<String> copiedFiles;
  private Optional<String> result = Optional.empty();

  /** It goes no further, and the source stays. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String why) {
      super(why);
    }
  }

  private PeerToPeer(Libvirtd daemon, Guest guest, MigrateParameters parameters, Thread client) {
    this.daemon = daemon;
    this.guest = guest;
    this.parameters = parameters;
    this.client = client;
    this.ownerPaused = guest.state == DomainState.PAUSED;
    this.copiedFiles = copiedFiles(guest.xml, parameters);
  }

  static PeerToPeer begin(
      Libvirtd daemon, Guest guest, MigrateParameters parameters, Thread client) {
    PeerToPeer move = new PeerToPeer(daemon, guest, parameters, client);
    guest.job = Job.OUTGOING;
    guest.phase = Phase.BEGIN;
    guest.copy = new Guest.Copy();
    guest.postCopy = Optional.empty();
    guest.copy.postCopyPermitted = SimulatedJob.has(parameters, MigrateFlag.POSTCOPY);
    daemon.process().run("migrate", move::run);
    return move;
  }

  /** libvirt's error, empty when it went well; nothing while it goes on. */
  Optional<String> result() {
    return result;
  }

  private void run() {
    String error;
    try {
      error = move();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    result = Optional.of(error);
    LockSupport.unpark(client);
  }

  private String move() throws InterruptedException {
    rest(2_000, 20_000);
    Optional<Peering> peering = Optional.empty();
    Optional<ArrivingGuest> arriving = Optional.empty();
    try {
      peering = Optional.of(Peering.open(daemon, parameters.destinationUri()));
      arriving = Optional.of(prepare(peering.get()));
      guest.phase = Phase.PERFORM;
      perform(peering.get(), arriving.get());
      guest.phase = Phase.PERFORM_DONE;
      rest(200, 4_000);
      finish(peering.get(), arriving.get());
      confirm(daemon, guest, parameters);
      return "";
    } catch (Failed | Peering.Lost e) {
      if (guest.postCopy.isPresent()) {
        guest.postCopy.get().unattendedAtSource();
        return String.valueOf(e.getMessage());
      }
      return failed(String.valueOf(e.getMessage()), peering, arriving);
    } finally {
      peering.ifPresent(Peering::close);
    }
  }

  private ArrivingGuest prepare(Peering peering) throws Failed, Peering.Lost, InterruptedException {
    DomainXml arriving = parameters.destinationXml().map(DomainXml::parse).orElse(guest.xml);
    DomainXml definition = parameters.persistentXml().map(DomainXml::parse).orElse(guest.xml);
    ArrivingGuest.Prepared prepared =
        peering.call(there -> ArrivingGuest.prepare(there, arriving, definition, peering));
    if (prepared.guest().isEmpty()) {
      throw new Failed(prepared.refusal());
    }
    return prepared.guest().getFirst();
  }

  private void perform(Peering peering, ArrivingGuest arriving)
      throws Failed, InterruptedException {
    Guest.Copy copy = guest.copy;
    copy.totalBytes = BYTES;
    copy.iteration = 1;
    long perTick = bytesPerTick();
    boolean busy = guest.xml.text().contains("busy");
    int passes = busy ? BUSY_PASSES : 2;
    long inPass = 0;
    while (copy.iteration <= passes && !copy.postCopyAsked) {
      daemon.process().tempo().rest(TICK);
      goesOn(peering, arriving);
      inPass += perTick;
      copy.sentBytes += perTick;
      if (inPass >= BYTES) {
        inPass = 0;
        // A guest that stands still writes nothing more: this was its last pass.
        copy.iteration = guest.state == DomainState.PAUSED ? passes + 1 : copy.iteration + 1;
      }
    }
    hands(peering, arriving);
  }

  /** By chance, and never more than is permitted. */
  private long bytesPerTick() {
    long chance = daemon.host().ground().random().nextLong(BYTES / 40, BYTES / 4);
    long permitted = (parameters.bandwidthMibPerSecond() << 20) * TICK.toMillis() / 1000;
    return permitted == 0 ? chance : Math.min(chance, permitted);
  }

  /** The guest stands still, and what is left of it goes over. */
  private void hands(Peering peering, ArrivingGuest arriving) throws Failed, InterruptedException {
    if (guest.running()) {
      daemon.host().pause(guest, StateReason.PAUSED_MIGRATION);
      daemon.emit(guest, LifecycleDetail.SUSPENDED_MIGRATED);
      new LastStage(daemon.host(), guest, arriving.guest()).watch();
    }
    boolean postCopy = guest.copy.postCopyAsked && !ownerPaused;
    if (postCopy) {
      rest(1_000, 10_000);
      goesOn(peering, arriving);
      guest.is(DomainState.PAUSED, StateReason.PAUSED_POSTCOPY);
      daemon.emit(guest, LifecycleDetail.SUSPENDED_POSTCOPY);
    }
    rest(10_000, 60_000);
    goesOn(peering, arriving);
    if (daemon.host().ground().peers().lastStageFails()) {
      LastStage.fails(daemon.host(), guest);
      throw new Failed("operation failed: migration out job: unexpectedly failed");
    }
    daemon.host().ground().images().unlock(guest);
    arriving.filled(guest, copiedFiles);
    if (postCopy) {
      // From here on neither side is a whole guest without the other.
      PostCopy stream =
          new PostCopy(daemon.host(), guest, arriving.daemon().host(), arriving.guest(), BYTES);
      guest.postCopy = Optional.of(stream);
      arriving.guest().postCopy = Optional.of(stream);
    }
  }

  private static List<String> copiedFiles(DomainXml xml, MigrateParameters parameters) {
    boolean copies =
        SimulatedJob.has(parameters, MigrateFlag.NON_SHARED_DISK)
            || SimulatedJob.has(parameters, MigrateFlag.NON_SHARED_INC);
    if (!copies) {
      return List.of();
    }
    return xml.files().entrySet().stream()
        .filter(disk -> parameters.disks().isEmpty() || parameters.disks().contains(disk.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }

  private void goesOn(Peering peering, ArrivingGuest arriving) throws Failed {
    if (guest.gone) {
      throw new Failed("operation failed: domain is not running");
    }
    if (guest.copy.abortAsked) {
      throw new Failed("operation aborted: migration out job: canceled by client");
    }
    if (peering.closed() || !peering.destination().alive()) {
      throw new Failed("operation failed: Lost connection to destination host");
    }
    if (arriving.guest().gone) {
      throw new Failed("operation failed: migration out job: Unable to write to socket");
    }
    if (!copiedFiles.isEmpty()
        && daemon.host().ground().peers().full(peering.destination().host().name())) {
      throw new Failed("operation failed: migration of disk vda failed: No space left on device");
    }
  }

  private void finish(Peering peering, ArrivingGuest arriving)
      throws Failed, Peering.Lost, InterruptedException {
    boolean paused = ownerPaused || SimulatedJob.has(parameters, MigrateFlag.PAUSED);
    boolean fails = daemon.host().ground().peers().finishFails();
    String refusal =
        peering.call(there ->
            guest
                .postCopy
                .map(stream -> arriving.finish(stream, fails))
                .orElseGet(() -> arriving.finish(paused, fails)));
    if (!refusal.isEmpty()) {
      throw new Failed("operation failed: " + refusal);
    }
  }

  /** The guest is at the destination: what is here of it is put away. */
  static void confirm(Libvirtd daemon, Guest guest, MigrateParameters parameters)
      throws InterruptedException {
    guest.phase = Phase.CONFIRM;
    daemon.process().tempo().rest(daemon.host().between(20_000, 250_000));
    guest.job = Job.NONE;
    if (!guest.gone) {
      daemon.host().end(guest, StateReason.SHUTOFF_MIGRATED, false);
      daemon.emit(guest, LifecycleDetail.STOPPED_MIGRATED);
    }
    daemon.tell(
        new DomainEvent.JobCompleted(
            guest.uuid,
            new JobStats(JobType.COMPLETED, new TypedParameters(Map.of())),
            daemon.host().ground().timeline().nanos()));
    if (SimulatedJob.has(parameters, MigrateFlag.UNDEFINE_SOURCE)) {
      daemon.process().tempo().rest(daemon.host().between(500, 20_000));
      daemon.undefine(guest.uuid);
    }
  }

  /** The source goes on as it was, whatever became of the destination, unless a lock forbids it. */
  private String failed(String why, Optional<Peering> peering, Optional<ArrivingGuest> arriving)
      throws InterruptedException {
    if (guest.phase == Phase.PERFORM) {
      // The job lives on until all of this is done, also where QEMU runs the guest already.
      rest(1_000, 100_000);
    }
    if (peering.isPresent() && arriving.isPresent() && !peering.get().closed()) {
      ArrivingGuest there = arriving.get();
      try {
        if (guest.phase == Phase.PERFORM || guest.phase == Phase.BEGIN) {
          peering.get().call(daemon -> there.end());
        }
      } catch (Peering.Lost e) {
        // Its own keep-alive ends it.
      }
    }
    boolean resumes =
        !guest.gone
            && !ownerPaused
            && guest.state == DomainState.PAUSED
            && (guest.reason == StateReason.PAUSED_MIGRATION
                || guest.reason == StateReason.PAUSED_POSTCOPY);
    if (resumes) {
      resume();
    }
    guest.job = Job.NONE;
    guest.phase = Phase.NONE;
    return why;
  }

  private void resume() {
    if (daemon.host().go(guest, StateReason.RUNNING_MIGRATION_CANCELED, true)) {
      daemon.emit(guest, LifecycleDetail.RESUMED_MIGRATED);
    } else if (daemon.host().ground().libvirt().release() == Release.SINCE_9_2) {
      guest.is(DomainState.PAUSED, StateReason.PAUSED_API_ERROR);
      daemon.emit(guest, LifecycleDetail.SUSPENDED_API_ERROR);
    }
  }

  private void rest(int leastMicros, int mostMicros) throws InterruptedException {
    daemon.process().tempo().rest(daemon.host().between(leastMicros, mostMicros));
  }
}
