package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which leases a lock daemon holds, by what the kernel shows of it. */
final class LeasesTest {
  private static final String LEASE = Leases.name("/srv/local/instances/a/vda.qcow2");
  private static final String OTHER = Leases.name("/srv/local/instances/b/vda.qcow2");

  @TempDir Path process;

  @BeforeEach
  void make() throws IOException {
    Files.createDirectories(process.resolve("fd"));
    Files.createDirectories(process.resolve("fdinfo"));
  }

  private void opened(int number, String file, String info) throws IOException {
    Files.createSymbolicLink(process.resolve("fd/" + number), Path.of(file));
    Files.writeString(process.resolve("fdinfo/" + number), info);
  }

  @Test
  void a_lease_is_held_by_whoever_has_the_kernels_lock_on_it() throws IOException {
    opened(3, "/srv/shared/leases/" + LEASE, "pos:\t0\nlock:\t1: POSIX  ADVISORY  WRITE 7\n");
    opened(4, "/srv/shared/leases/" + OTHER, "pos:\t0\n");
    opened(5, "/run/virtlockd.pid", "pos:\t0\nlock:\t1: POSIX  ADVISORY  WRITE 7\n");
    assertThat(Leases.held(process)).containsExactly(LEASE);
  }

  @Test
  void a_daemon_that_is_gone_holds_none() {
    assertThat(Leases.held(process.resolve("none"))).isEmpty();
  }

  @Test
  void files_of_leases_are_told_from_what_lies_beside_them() throws IOException {
    Files.writeString(process.resolve(LEASE), "");
    Files.writeString(process.resolve(".godwit-shared-1"), "");
    assertThat(Leases.files(process)).containsExactly(LEASE);
    assertThat(Leases.files(process.resolve("none"))).isEmpty();
  }
}
