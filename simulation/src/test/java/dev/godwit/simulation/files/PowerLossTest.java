package dev.godwit.simulation.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PowerLossTest {
  private static final int SEEDS = 200;

  /** A process's work between two moments at which everything is durable. */
  private interface Work {
    void in(Path folder) throws IOException;
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel =
        Files.isDirectory(path) ? FileChannel.open(path, READ) : FileChannel.open(path, WRITE)) {
      channel.force(true);
    }
  }

  /** Everything that may be there after the work and a power loss, as it is listed. */
  private static Set<String> outcomes(Work before, Work work) throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Disk disk = new Disk("/dev/vda", 1, 1 << 20, Clock.systemUTC());
      MountTable mounts = new MountTable(disk);
      try (SimulatedFileSystem process = mounts.process()) {
        Path folder = Files.createDirectory(process.getPath("/f"));
        before.in(folder);
        disk.settle();
        work.in(folder);
      }
      disk.powerLoss(new SplittableRandom(seed));
      outcomes.add(listed(mounts.process().getPath("/f"), disk));
    }
    return outcomes;
  }

  private static String listed(Path folder, Disk disk) throws IOException {
    StringBuilder text = new StringBuilder();
    long weight = 0;
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted().skip(1).toList()) {
        boolean file = Files.isRegularFile(path);
        weight += file && Files.size(path) > 0 ? Content.BLOCK_BYTES : 0;
        String content = file ? "=" + Files.readString(path) : "/";
        text.append(folder.relativize(path)).append(content).append(' ');
      }
    }
    assertThat(disk.usedBytes()).isEqualTo(weight);
    return text.toString().strip();
  }

  @Test
  void what_was_forced_is_there() throws IOException {
    assertThat(
            outcomes(
                folder -> {},
                folder -> {
                  Path fresh = Files.writeString(folder.resolve("x.new"), "new");
                  force(fresh);
                  Files.move(fresh, folder.resolve("x"), ATOMIC_MOVE);
                  force(folder);
                }))
        .containsExactly("x=new");
  }

  @Test
  void a_name_that_was_not_forced_may_be_lost() throws IOException {
    assertThat(
            outcomes(
                folder -> Files.writeString(folder.resolve("x"), "old"),
                folder -> {
                  Path fresh = Files.writeString(folder.resolve("x.new"), "new");
                  force(fresh);
                  Files.move(fresh, folder.resolve("x"), ATOMIC_MOVE, REPLACE_EXISTING);
                }))
        .containsExactlyInAnyOrder("x=old", "x=old x.new=new", "x=new");
  }

  @Test
  void a_renamed_file_whose_bytes_were_not_forced_may_be_empty() throws IOException {
    assertThat(
            outcomes(
                folder -> Files.writeString(folder.resolve("x"), "old"),
                folder -> {
                  Path fresh = Files.writeString(folder.resolve("x.new"), "new");
                  Files.move(fresh, folder.resolve("x"), ATOMIC_MOVE, REPLACE_EXISTING);
                  force(folder);
                }))
        .containsExactlyInAnyOrder("x=", "x=new");
  }

  @Test
  void a_file_written_over_is_old_new_or_empty() throws IOException {
    assertThat(
            outcomes(
                folder -> Files.writeString(folder.resolve("x"), "old"),
                folder -> Files.writeString(folder.resolve("x"), "new")))
        .containsExactlyInAnyOrder("x=", "x=new", "x=old");
  }

  @Test
  void a_removed_file_may_be_back() throws IOException {
    Work before = folder -> Files.writeString(folder.resolve("x"), "old");

    assertThat(outcomes(before, folder -> Files.delete(folder.resolve("x"))))
        .containsExactlyInAnyOrder("", "x=old");
    assertThat(
            outcomes(
                before,
                folder -> {
                  Files.delete(folder.resolve("x"));
                  force(folder);
                }))
        .containsExactly("");
  }

  @Test
  void a_rename_is_never_half_done() throws IOException {
    assertThat(
            outcomes(
                folder -> {
                  Files.createDirectory(folder.resolve("a"));
                  Files.createDirectory(folder.resolve("b"));
                  Files.writeString(folder.resolve("a/x"), "1");
                },
                folder -> Files.move(folder.resolve("a/x"), folder.resolve("b/x"))))
        .containsExactlyInAnyOrder("a/ a/x=1 b/", "a/ b/ b/x=1");
  }

  @Test
  void what_follows_from_a_lost_change_is_lost_too() throws IOException {
    assertThat(
            outcomes(
                folder -> Files.writeString(folder.resolve("x"), "1"),
                folder -> {
                  Files.createDirectory(folder.resolve("d"));
                  Files.move(folder.resolve("x"), folder.resolve("d/x"));
                  Files.move(folder.resolve("d/x"), folder.resolve("y"));
                  Files.delete(folder.resolve("d"));
                }))
        .containsExactlyInAnyOrder("x=1", "d/ x=1", "d/ d/x=1", "d/ y=1", "y=1");
  }

  @Test
  void a_forced_directory_needs_its_own_name_forced_too() throws IOException {
    Work work =
        folder -> {
          Path made = Files.createDirectory(folder.resolve("d"));
          force(Files.writeString(made.resolve("x"), "1"));
          force(made);
        };
    assertThat(outcomes(folder -> {}, work)).containsExactlyInAnyOrder("", "d/ d/x=1");
    assertThat(
            outcomes(
                folder -> {},
                folder -> {
                  work.in(folder);
                  force(folder);
                }))
        .containsExactly("d/ d/x=1");
  }

  @Test
  void one_seed_is_one_history() throws IOException {
    Set<String> outcomes = new TreeSet<>();
    for (int i = 0; i < 10; i++) {
      Disk disk = new Disk("/dev/vda", 1, 1 << 20, Clock.systemUTC());
      MountTable mounts = new MountTable(disk);
      try (SimulatedFileSystem process = mounts.process()) {
        Files.createDirectory(process.getPath("/f"));
        disk.settle();
        for (int name = 0; name < 20; name++) {
          Files.writeString(process.getPath("/f/" + name), "bytes");
        }
      }
      disk.powerLoss(new SplittableRandom(7));
      outcomes.add(listed(mounts.process().getPath("/f"), disk));
    }
    assertThat(outcomes).hasSize(1);
  }

  @Test
  void no_process_outlives_the_power() throws IOException {
    Disk disk = new Disk("/dev/vda", 1, 1 << 20, Clock.systemUTC());
    try (SimulatedFileSystem process = new MountTable(disk).process()) {
      FileChannel.open(process.getPath("/"), READ);

      assertThatThrownBy(() -> disk.powerLoss(new SplittableRandom(1)))
          .hasMessageStartingWith("/dev/vda: expected no process to outlive the power, found 1");
    }
    disk.powerLoss(new SplittableRandom(1));
    assertThat(disk.usedBytes()).isZero();
  }
}
