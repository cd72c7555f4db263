package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.LabOptions;
import dev.godwit.lab.host.Argv;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** godwit agent lock on hosts that have no lock manager yet, and a guest that runs meanwhile. */
class LockSetupIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SPACE = "/srv/shared/leases";

  private static RealLab lab;

  @BeforeAll
  static void up() {
    lab = new RealLab(new LabOptions(1, false, true));
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  private static Argv.Result lock(String... words) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.godwit.app.Main",
                "agent",
                "lock",
                "--config",
                lab.lab().host("h1").home().resolve("agent.toml").toString()));
    argv.addAll(List.of(words));
    return Argv.run(SOON, lab.lab().inside("h1", argv));
  }

  @Test
  void the_lock_manager_is_set_up_beside_a_running_guest_and_its_state_is_told_as_it_is() {
    Guest guest = lab.guest().sharedDisk("vda", "raw").on("h1");
    Guest.Proof proof = guest.proof();
    assertThat(lock("--check").err()).isEmpty();
    assertThat(lock("--check").ok()).as("before").isFalse();
    assertThat(lock("--lockspace", SPACE).err()).contains("mkdir -m 700 " + SPACE);
    lab.on("h1", "mkdir", "-m", "700", SPACE);
    assertThat(lock("--lockspace", "/run").err()).contains("directories.shared");

    Argv.Result written = lock("--lockspace", SPACE);

    assertThat(written.ok()).as(written.err()).isTrue();
    assertThat(written.out())
        .contains("/etc/libvirt/qemu.conf: lock_manager = \"lockd\"")
        .contains("systemctl restart libvirtd");
    assertThat(lock("--lockspace", SPACE).out()).contains("Nothing to change");
    assertThat(lock("--check").out())
        .contains("yes  libvirt is configured to keep leases in " + SPACE)
        .contains("NO   the running libvirt daemon has loaded the lock manager nop")
        .contains("NO   virtlockd does not run");
    lab.lab().host("h1").startVirtlockd();
    lab.lab().kill("h1", "libvirtd");
    lab.lab().start("h1", "libvirtd");
    assertThat(lock("--check").out())
        .contains("yes  the running libvirt daemon has loaded the lock manager lockd")
        .contains("yes  virtlockd runs")
        .contains("NO   guest " + guest.domain().domain() + " holds no lease");
    proof.holds();
    // Not by a pause and a resume: virtlockd keeps what such a guest takes after its end.
    lab.virsh("h1").must("destroy", guest.id());
    lab.virsh("h1").must("start", guest.id());
    Argv.Result all = lock("--check");
    assertThat(all.ok()).as(all.out()).isTrue();
    guest.awaitAnswer();
    guest.delete();
  }
}
