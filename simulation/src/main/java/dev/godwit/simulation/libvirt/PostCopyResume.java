package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.MigrateParameters;
import dev.godwit.simulation.libvirt.Guest.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A call with VIR_MIGRATE_POSTCOPY_RESUME in the source's daemon: both sides have to know that the
 * post-copy broke, and nobody may attend it.
 */
final class PostCopyResume {
  static final String STILL_RUNNING =
      "Requested operation is not valid: QEMU reports migration is still running";
  static final String MONITORED =
      "Requested operation is not valid: migration of the domain is being actively monitored by another thread";

  static final String NOT_ANSWERED =
      "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainMigrateFinish3Params)";

  /** For so long libvirt waits for its own lock on a domain. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Libvirtd daemon;
  private final Guest guest;
  private final PostCopy stream;
  private final MigrateParameters parameters;
  private final Thread client;
  private Optional<String> result = Optional.empty();

  private PostCopyResume(
      Libvirtd daemon, Guest guest, PostCopy stream, MigrateParameters parameters, Thread client) {
    this.daemon = daemon;
    this.guest = guest;
    this.stream = stream;
    this.parameters = parameters;
    this.client = client;
  }

  static PostCopyResume begin(
      Libvirtd daemon, Guest guest, PostCopy stream, MigrateParameters parameters, Thread client) {
    PostCopyResume call = new PostCopyResume(daemon, guest, stream, parameters, client);
    guest.resuming = true;
    daemon.process().run("resume", call::run);
    return call;
  }

  /** libvirt's error, empty when it went well; nothing while it goes on. */
  Optional<String> result() {
    return result;
  }

  private void run() {
    String error;
    try {
      error = resumed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      guest.resuming = false;
    }
    result = Optional.of(error);
    LockSupport.unpark(client);
  }

  private String resumed() throws InterruptedException {
    daemon.process().tempo().rest(daemon.host().between(2_000, 20_000));
    if (!stream.sourceLetGo()) {
      return STILL_RUNNING;
    }
    Optional<Peering> peering = Optional.empty();
    try {
      peering = Optional.of(Peering.open(daemon, parameters.destinationUri()));
      String refusal = peering.get().call(this::refusal);
      if (!refusal.isEmpty()) {
        return refusal;
      }
      return goesOn(peering.get());
    } catch (Peering.Lost e) {
      return String.valueOf(e.getMessage());
    } finally {
      peering.ifPresent(Peering::close);
    }
  }

  /** In the destination's daemon; empty when it takes part. */
  private String refusal(Libvirtd there) {
    Optional<Guest> arriving = there.host().guest(guest.uuid);
    if (arriving.isEmpty()) {
      return "Requested operation is not valid: no incoming migration of the domain";
    }
    boolean monitored = arriving.get().phase != Phase.POST_COPY_FAILED;
    if (stream.destinationHangs()) {
      return waits(there, monitored);
    }
    if (monitored) {
      return MONITORED;
    }
    return stream.destinationLetGo() ? "" : STILL_RUNNING;
  }

  /** Behind the first Finish as long as a lock is waited for; alone, as long as there is a QEMU. */
  private String waits(Libvirtd there, boolean monitored) {
    long begun = there.process().tempo().nanoTime();
    while (stream.destinationHangs()) {
      if (monitored && there.process().tempo().nanoTime() - begun > LOCK_WAIT.toNanos()) {
        return NOT_ANSWERED;
      }
      there.process().tempo().park(LOOK);
    }
    return "the guest is gone";
  }

  private String goesOn(Peering peering) throws InterruptedException {
    if (guest.gone) {
      return "the guest is gone";
    }
    guest.phase = Phase.PERFORM_DONE;
    stream.resume();
    String error;
    try {
      error = peering.call(there -> ArrivingGuest.fills(there, guest.uuid, stream));
    } catch (Peering.Lost e) {
      error = String.valueOf(e.getMessage());
    }
    if (error.isEmpty()) {
      PeerToPeer.confirm(daemon, guest, parameters);
    } else {
      stream.unattendedAtSource();
    }
    return error;
  }
}
