package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.RecordedProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Kills or stops the QEMU that waits for the guest, or has just received it; or the one that sends
 * it.
 */
final class Qemu implements Strike {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LOOK_EACH = Duration.ofMillis(2);

  private final Virsh virsh;
  private final String guest;
  private final Kernel kernel;
  private final boolean kill;
  private Optional<RecordedProcess> stopped = Optional.empty();

  Qemu(Lab lab, Kernel kernel, String host, String guest, boolean kill) {
    this.virsh = new Virsh(lab.host(host));
    this.kernel = kernel;
    this.guest = guest;
    this.kill = kill;
  }

  @Override
  public Optional<Instant> deliver() {
    try {
      Await.until("QEMU on the host", PATIENCE, LOOK_EACH, () -> virsh.qemuPid(guest).isPresent());
    } catch (LabFailure none) {
      return Optional.empty();
    }
    return virsh.qemuPid(guest).filter(kill ? kernel::kill : this::stop).map(_ -> Instant.now());
  }

  private boolean stop(long pid) {
    stopped = RecordedProcess.now(pid).filter(it -> kernel.stop(it.pid()));
    return stopped.isPresent();
  }

  /** A dead QEMU stays dead; one that stands still goes on, unless it was ended meanwhile. */
  @Override
  public void undo() {
    stopped
        .filter(RecordedProcess::lives)
        .ifPresent(it -> {
          boolean _ = kernel.go(it.pid());
        });
    stopped = Optional.empty();
  }

  /** Also when the case broke off: nobody else would ever let it go. */
  @Override
  public void close() {
    undo();
  }
}
