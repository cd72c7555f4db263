package dev.godwit.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What /proc shows of libvirt's daemons, word for word as it was seen on a real host. */
class LockDaemonTest {
  private static final String DISK =
      "/srv/shared/instances/afbc87bc-3e5e-4225-8c21-b03d257ae12e/vda.raw";
  private static final String LEASE =
      "/srv/shared/leases/727404d4331f97cf38bff634c51cf09dfeea2c5420306f330b7ac2d47f060482";
  private static final String LOCK = "lock:\t1: POSIX  ADVISORY  WRITE 74 fe:00:2269467 0 0\n";

  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void virtlockd(String comm, String fdinfo) throws IOException {
    write("run/virtlockd.pid", "74\n");
    write("proc/74/comm", comm + "\n");
    write("proc/74/fdinfo/9", "pos:\t0\nflags:\t02100002\n" + fdinfo);
    Files.createDirectories(root.resolve("proc/74/fd"));
    Files.createSymbolicLink(root.resolve("proc/74/fd/9"), Path.of(LEASE));
  }

  private void libvirtd(String maps) throws IOException {
    write("run/libvirtd.pid", "80");
    write("proc/80/comm", "libvirtd\n");
    write("proc/80/maps", maps);
  }

  @Test
  void a_lease_that_the_lock_daemon_holds_is_found_by_its_disks_path() throws IOException {
    virtlockd("virtlockd", LOCK);

    assertThat(new LockDaemon(root).leases(List.of(DISK, "/another/disk")))
        .isEqualTo(Map.of(DISK, LEASE));
  }

  @Test
  void an_open_lease_without_its_lock_is_not_held() throws IOException {
    virtlockd("virtlockd", "");
    assertThat(new LockDaemon(root).leases(List.of(DISK))).isEmpty();
  }

  @Test
  void a_lease_that_several_may_hold_guards_nothing() throws IOException {
    virtlockd("virtlockd", LOCK.replace("WRITE", "READ"));
    assertThat(new LockDaemon(root).leases(List.of(DISK))).isEmpty();
  }

  @Test
  void another_process_with_the_lock_daemons_old_number_is_not_taken_for_it() throws IOException {
    virtlockd("bash", LOCK);
    assertThat(new LockDaemon(root).leases(List.of(DISK))).isEmpty();
    assertThat(new LockDaemon(root).runs()).isFalse();
  }

  @Test
  void what_the_running_daemon_has_loaded_counts() throws IOException {
    assertThat(new LockDaemon(root).driver()).isEmpty();
    libvirtd("7f00 r-xp /usr/lib/x86_64-linux-gnu/libvirt/lock-driver/lockd.so\n");
    assertThat(new LockDaemon(root).driver()).contains("lockd");
    libvirtd(
        "7f00 r-xp /usr/lib/x86_64-linux-gnu/libvirt/connection-driver/libvirt_driver_qemu.so\n");
    assertThat(new LockDaemon(root).driver()).contains("nop");
    write("proc/80/comm", "sleep\n");
    assertThat(new LockDaemon(root).driver()).isEmpty();
  }
}
