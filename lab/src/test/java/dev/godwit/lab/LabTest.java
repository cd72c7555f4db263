package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real hosts, without Godwit on them. */
class LabTest {
  private static final LabOptions BARE = new LabOptions(2, true, false);
  @TempDir static Path folder;
  private static Lab lab;

  @BeforeAll
  static void up() {
    lab = Lab.at(folder.resolve("lab"));
    lab.up(BARE);
  }

  @AfterAll
  static void down() {
    lab.down();
  }

  @Test
  void a_second_up_starts_nothing_twice() {
    LabStatus before = lab.status();
    lab.up(BARE);
    assertThat(lab.status()).isEqualTo(before);
    assertThat(before.hosts())
        .hasSize(2)
        .allSatisfy(host -> assertThat(host.pids().libvirtd()).isNotNull());
  }

  @Test
  void a_host_reaches_the_other_over_tls() {
    String out =
        Argv.must(
            Duration.ofSeconds(20),
            lab.inside("h1", List.of("virsh", "-c", "qemu+tls://h2/system", "hostname")));
    assertThat(out.strip()).isEqualTo("h2");
  }

  @Test
  void a_cut_link_passes_nothing_until_it_is_healed() {
    assertThat(ping("h1", "10.77.0.12").ok()).isTrue();
    lab.cut("h1", "h2");
    assertThat(ping("h1", "10.77.0.12").ok()).isFalse();
    assertThat(ping("h1", "10.77.0.1").ok()).isTrue();
    lab.heal();
    assertThat(ping("h1", "10.77.0.12").ok()).isTrue();
  }

  @Test
  void a_killed_libvirtd_is_started_again() {
    LabHost host = lab.host("h2");
    lab.kill("h2", "libvirtd");
    assertThat(host.daemon("libvirtd")).isEmpty();
    lab.start("h2", "libvirtd");
    assertThat(new Virsh(host).must("hostname").strip()).isEqualTo("h2");
  }

  private static Argv.Result ping(String from, String to) {
    // busybox, for Debian's ping is not always installed
    return Argv.run(
        Duration.ofSeconds(10),
        lab.inside(from, List.of("busybox", "ping", "-c", "1", "-W", "1", to)));
  }
}
