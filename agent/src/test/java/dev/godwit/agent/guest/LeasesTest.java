package dev.godwit.agent.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.host.LockDaemon;
import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.wire.MachineTempo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lease is tried against a real lock of another process. */
class LeasesTest {
  private static final ProofId ID = new ProofId(new MigrationId(UUID.randomUUID()), new Epoch(1));

  @TempDir Path folder;
  private Path lease;
  private SharedProof proof;
  private Leases leases;

  /** Locks a file's first byte as libvirt's lock daemon does, says so, and waits for its end. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      try (FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
        var _ = file.lock(0, 1, false);
        System.out.println("held");
        var _ = System.in.read();
      }
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    lease = Files.createFile(folder.resolve("lease"));
    proof = new SharedProof(FileSystems.getDefault(), folder.resolve("proofs"), new MachineTempo());
    leases = new Leases(FileSystems.getDefault(), new LockDaemon(folder), proof);
  }

  private DiskLeases held() {
    return new DiskLeases(Optional.of("lockd"), Map.of("/disk", lease.toString()));
  }

  private Map<String, String> refused() {
    return leases.refused(ID, held()).files();
  }

  @Test
  void a_lease_that_another_process_holds_is_refused_as_long_as_it_does()
      throws IOException, InterruptedException {
    var _ = proof.write(ID, List.of(lease.toString()));
    assertThat(refused()).as("nobody holds it").isEmpty();
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                lease.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThat(refused()).isEqualTo(Map.of("/disk", lease.toString()));
      proof.clear(ID);
      assertThat(refused()).as("not seen to be the source's own file").isEmpty();
      var _ = proof.write(ID, List.of(lease.toString()));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(refused()).as("let go").isEmpty();
  }

  @Test
  void a_lease_that_is_not_there_proves_nothing() throws IOException {
    var _ = proof.write(ID, List.of(lease.toString()));
    Files.delete(lease);
    assertThat(refused()).isEmpty();
  }
}
