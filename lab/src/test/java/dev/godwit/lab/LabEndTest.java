package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.RecordedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever became of a lab: down leaves nothing of it, and touches nothing else. */
class LabEndTest {
  private static final LabOptions ONE = new LabOptions(1, false, false);
  @TempDir Path folder;

  @AfterEach
  void nothing_runs_any_more() throws IOException {
    Lab.at(folder.resolve("lab")).down();
    Lab.at(folder.resolve("other")).down();
    assertThat(processes()).isEmpty();
  }

  @Test
  void down_ends_everything_and_removes_the_folder_and_a_second_down_finds_nothing()
      throws IOException {
    Lab lab = Lab.at(folder.resolve("lab"));
    lab.up(ONE);
    assertThat(processes()).isNotEmpty();
    assertThat(lab.down()).isTrue();
    assertThat(processes()).isEmpty();
    assertThat(folder.resolve("lab")).doesNotExist();
    assertThat(lab.down()).isFalse();
  }

  @Test
  void down_finds_a_host_that_was_never_recorded_and_parts_that_were_killed() throws IOException {
    Lab lab = Lab.at(folder.resolve("lab"));
    lab.up(ONE);
    lab.kill("h1", "libvirtd");
    RecordedProcess.living(pid("switch")).orElseThrow().kill();
    // As if the one who started it had been killed before it wrote this down.
    Files.delete(pid("h1"));
    assertThat(lab.down()).isTrue();
    assertThat(processes()).isEmpty();
  }

  @Test
  void an_up_that_fails_half_way_says_why_and_is_taken_down() throws IOException {
    Path root = folder.resolve("lab");
    Lab lab = Lab.at(root);
    lab.up(ONE);
    // The second host cannot be made: something is where its directory goes.
    Path inTheWay = Files.createFile(root.resolve("hosts/h2"));
    assertThatThrownBy(() -> lab.up(new LabOptions(3, false, false)))
        .hasMessageContaining(inTheWay.toString());
    assertThat(lab.host("h1").running()).isPresent();
    assertThat(lab.host("h3").running()).isPresent();
    assertThat(lab.down()).isTrue();
    assertThat(processes()).isEmpty();
    assertThat(root).doesNotExist();
  }

  @Test
  void a_folder_that_is_no_lab_is_neither_made_one_nor_removed() throws IOException {
    Path precious = Files.createFile(folder.resolve("precious"));
    Lab lab = Lab.at(folder);
    assertThatThrownBy(() -> lab.up(ONE))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("found other files in");
    assertThatThrownBy(lab::down)
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("nothing was removed");
    assertThat(precious).exists();
  }

  @Test
  void a_folder_whose_path_mounts_or_sockets_cannot_take_is_refused() {
    assertThatThrownBy(() -> Lab.at(folder.resolve("a,b")).up(ONE))
        .hasMessageContaining("for mounts know no others");
    assertThatThrownBy(() -> Lab.at(folder.resolve("x".repeat(90))).up(ONE))
        .hasMessageContaining("libvirt's sockets are below it");
  }

  @Test
  void two_labs_live_side_by_side_and_one_goes_without_the_other() {
    Lab lab = Lab.at(folder.resolve("lab"));
    Lab other = Lab.at(folder.resolve("other"));
    lab.up(ONE);
    other.up(ONE);
    String name = new Virsh(other.host("h1")).must("hostname");
    assertThat(lab.down()).isTrue();
    assertThat(new Virsh(other.host("h1")).must("hostname")).isEqualTo(name);
    assertThat(other.status().hosts().getFirst().pids().libvirtd()).isNotNull();
  }

  @Test
  void a_lab_that_is_down_says_how_to_start_it() {
    Lab lab = Lab.at(folder.resolve("lab"));
    assertThatThrownBy(() -> lab.inside("h1", List.of("true")))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("godwit lab up");
    assertThat(lab.status().hosts()).isEmpty();
    assertThat(lab.status().api()).isNull();
  }

  private Path pid(String name) {
    return folder.resolve("lab/pids").resolve(name);
  }

  /** Every process whose command line or working files name this test's folder. */
  private List<String> processes() throws IOException {
    try (Stream<Path> list = Files.list(Path.of("/proc"))) {
      return list.map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .map(Long::parseLong)
          .map(RecordedProcess::commandLine)
          .filter(line -> line.contains(folder.toString()))
          .toList();
    }
  }
}
