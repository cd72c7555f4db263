package dev.godwit.lab.torture;

import dev.godwit.lab.Virsh;
import dev.godwit.lab.host.LabHost;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a host's QEMU of a guest lets it run, by the kernel's account of its vCPU threads. */
final class Pulse {
  /**
   * An emulated vCPU that runs uses several times as much between two looks, a stopped one none.
   */
  private static final long BEAT_NANOS = 2_000_000;

  private final Virsh virsh;
  private final String guest;
  private Optional<Account> before = Optional.empty();

  Pulse(LabHost host, String guest) {
    this.virsh = new Virsh(host);
    this.guest = guest;
  }

  private record Account(long pid, long usedNanos) {}

  /** True when its vCPUs have run since the last call. */
  boolean beats() {
    Optional<Account> now =
        before
            .flatMap(it -> account(it.pid()))
            .or(() -> virsh.qemuPid(guest).flatMap(Pulse::account));
    boolean beats =
        now.isPresent()
            && before.isPresent()
            && now.get().pid() == before.get().pid()
            && now.get().usedNanos() - before.get().usedNanos() >= BEAT_NANOS;
    before = now;
    return beats;
  }

  /** Of the QEMU that was there at the last call. */
  Optional<Long> pid() {
    return before.map(Account::pid);
  }

  /** Empty when there is no such process, or it has no vCPUs yet. */
  private static Optional<Account> account(long pid) {
    long usedNanos = 0;
    boolean any = false;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).startsWith("CPU ")) {
          any = true;
          usedNanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        }
      }
    } catch (IOException | DirectoryIteratorException gone) {
      return Optional.empty();
    }
    return any ? Optional.of(new Account(pid, usedNanos)) : Optional.empty();
  }
}
