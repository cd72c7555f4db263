package dev.godwit.lab.torture;

import dev.godwit.lab.Lab;
import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Kills the QEMU that waits for the guest, or has just received it; or the one that sends it. */
final class Qemu implements Strike {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LOOK_EACH = Duration.ofMillis(2);

  private final Virsh virsh;
  private final String guest;
  private final Kernel kernel;

  Qemu(Lab lab, Kernel kernel, String host, String guest) {
    this.virsh = new Virsh(lab.host(host));
    this.kernel = kernel;
    this.guest = guest;
  }

  @Override
  public Optional<Instant> deliver() {
    try {
      Await.until("QEMU on the host", PATIENCE, LOOK_EACH, () -> virsh.qemuPid(guest).isPresent());
    } catch (LabFailure none) {
      return Optional.empty();
    }
    return virsh.qemuPid(guest).filter(kernel::kill).map(_ -> Instant.now());
  }

  /** A dead QEMU stays dead. */
  @Override
  public void undo() {}

  @Override
  public void close() {}
}
