package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabHost;
import dev.godwit.lab.host.RecordedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Real hosts, without Godwit on them. */
class LabTest {
  private static final LabOptions BARE = new LabOptions(2, true, false);
  private static final long MIB = 1L << 20;
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

  @Test
  void a_host_whose_power_was_cut_comes_back_with_its_disks_and_links() throws Exception {
    Path disk = Files.createFile(lab.host("h2").home().resolve("local/a-disk"));
    lab.kill("h2", "host");
    assertThat(lab.host("h2").running()).isEmpty();
    assertThat(lab.host("h2").daemon("libvirtd")).isEmpty();
    lab.up(BARE);
    assertThat(disk).exists();
    assertThat(ping("h1", "10.77.0.12").ok()).isTrue();
    assertThat(new Virsh(lab.host("h2")).must("hostname").strip()).isEqualTo("h2");
    Files.delete(disk);
  }

  @Test
  void hosts_whose_switch_was_killed_are_joined_to_a_new_one() {
    RecordedProcess.living(folder.resolve("lab/pids/switch")).orElseThrow().kill();
    lab.up(BARE);
    assertThat(ping("h1", "10.77.0.12").ok()).isTrue();
    assertThat(ping("h2", "10.77.0.1").ok()).isTrue();
  }

  @Test
  void a_local_disk_with_an_end_becomes_full_and_is_whole_again_afterwards() {
    lab.limitLocalDisk("h1", 8 * MIB);
    assertThat(fill("h1").ok()).isFalse();
    assertThat(fill("h1").err()).contains("No space left on device");
    lab.unlimitLocalDisk("h1");
    assertThat(fill("h1").ok()).isTrue();
    assertThatThrownBy(() -> lab.limitLocalDisk("h1", 8 * MIB))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("expected no files, which would be hidden");
    Argv.must(Duration.ofSeconds(5), lab.inside("h1", List.of("rm", "/srv/local/fill")));
  }

  private static Argv.Result fill(String host) {
    return Argv.run(
        Duration.ofSeconds(20),
        lab.inside(host, List.of("dd", "if=/dev/zero", "of=/srv/local/fill", "bs=1M", "count=12")));
  }

  @Test
  void a_local_disk_with_an_end_is_there_again_when_its_host_had_no_power_for_a_while() {
    lab.limitLocalDisk("h2", 8 * MIB);
    try {
      onH2("touch", "/srv/local/kept");
      lab.kill("h2", "host");
      lab.start("h2", "host");
      assertThat(onH2("ls", "/srv/local")).contains("kept");
    } finally {
      onH2("rm", "-f", "/srv/local/kept");
      lab.unlimitLocalDisk("h2");
    }
  }

  private static String onH2(String... words) {
    return Argv.must(Duration.ofSeconds(20), lab.inside("h2", List.of(words)));
  }

  @Test
  void the_exit_code_of_a_program_on_a_host_is_passed_on() {
    assertThat(command("exec", "h1", "--", "sh", "-c", "exit 7")).isEqualTo(7);
    assertThat(command("exec", "server", "--", "true")).isZero();
  }

  private static int command(String... words) {
    return new CommandLine(new LabCommand())
        .execute(
            Stream.concat(
                    Stream.of(words[0], "--folder", folder.resolve("lab").toString()),
                    Stream.of(words).skip(1))
                .toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          h7     | agent | host: expected one of h1, h2, found 'h7'
          earth  | agent | host: expected one of h1, h2, found 'earth'
          h1     | mars  | process: expected agent, libvirtd or host after a host's name, or just 'server', 'server2', … or 'postgresql', found 'h1 mars'
          server | agent | process: expected agent, libvirtd or host after a host's name, or just 'server', 'server2', … or 'postgresql', found 'server agent'
          h1     | ''    | process: expected agent, libvirtd or host after a host's name, or just 'server', 'server2', … or 'postgresql', found 'h1'
          h1     | agent | agent of h1 does not run
          server | ''    | server does not run
          """)
  void wrong_words_are_refused_with_the_right_ones(String host, String process, String message) {
    assertThatThrownBy(() -> lab.kill(host, process))
        .isInstanceOf(LabFailure.class)
        .hasMessage(message);
  }

  @Test
  void a_cut_of_nothing_is_refused() {
    assertThatThrownBy(() -> lab.cut("h1", "h1")).hasMessageContaining("two different ends");
    assertThatThrownBy(() -> lab.cut("h1", "h9")).hasMessageContaining("one of h1, h2");
  }

  @Test
  void another_transport_is_refused_while_the_lab_runs() {
    assertThatThrownBy(() -> lab.up(new LabOptions(2, false, false)))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("runs with tls transport");
  }

  @Test
  void status_has_the_fields_that_programs_read() {
    JsonNode status = new ObjectMapper().valueToTree(lab.status());
    assertThat(status.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("api", "token_file", "server", "servers", "postgresql", "hosts");
    assertThat(status.path("server").fieldNames())
        .toIterable()
        .containsExactly("name", "api", "pid");
    JsonNode host = status.path("hosts").get(0);
    assertThat(host.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("name", "address", "libvirt_uri", "pids", "guests");
    assertThat(host.path("pids").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("libvirtd", "virtlogd", "virtlockd", "agent");
    assertThat(host.path("address").asText()).isEqualTo("10.77.0.11");
  }

  private static Argv.Result ping(String from, String to) {
    // busybox, for Debian's ping is not always installed
    return Argv.run(
        Duration.ofSeconds(10),
        lab.inside(from, List.of("busybox", "ping", "-c", "1", "-W", "1", to)));
  }
}
