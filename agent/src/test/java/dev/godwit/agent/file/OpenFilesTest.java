package dev.godwit.agent.file;

import static dev.godwit.agent.file.Images.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {
  @TempDir Path folder;

  @Test
  void a_file_of_this_process_is_open_until_it_is_closed() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    try (FileChannel open = FileChannel.open(file)) {
      assertThat(OPEN.has(file)).isTrue();
      assertThat(open.isOpen()).isTrue();
    }
    assertThat(OPEN.has(file)).isFalse();
    assertThat(OPEN.has(folder.resolve("none"))).isFalse();
  }

  @Test
  void a_file_is_open_under_whatever_name() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    Path other = Files.createLink(folder.resolve("other"), file);
    try (FileChannel open = FileChannel.open(other)) {
      assertThat(OPEN.has(file)).isTrue();
      assertThat(open.isOpen()).isTrue();
    }
  }

  @Test
  void a_process_in_another_mount_namespace_is_seen() throws Exception {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    // The shell opens the file, hides its directory from itself, and says so.
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "exec 3<" + file + "; mount -t tmpfs none " + folder + "; echo ready; read end")
            .start();
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
      assertThat(OPEN.has(file)).isTrue();
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(OPEN.has(file)).isFalse();
  }

  @Test
  void a_loop_device_counts_although_no_process_shows_it() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    Path sys = folder.resolve("sys");
    Path loop = Files.createDirectories(sys.resolve("block/loop0/loop"));
    Files.createDirectories(sys.resolve("block/loop1"));
    Files.writeString(loop.resolve("backing_file"), file + "\n");
    OpenFiles open = new OpenFiles(Path.of("/proc"), sys);
    assertThat(open.has(file)).isTrue();
    assertThat(open.has(Files.writeString(folder.resolve("another"), "y"))).isFalse();
  }

  /** As at the limit of open files: the error says nothing of the process. */
  @Test
  void a_process_that_cannot_be_looked_at_may_have_any_file_open() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    Path proc = folder.resolve("proc");
    Path descriptors = Files.createDirectories(proc.resolve("7")).resolve("fd");
    Files.createSymbolicLink(descriptors, descriptors);
    OpenFiles open = new OpenFiles(proc, folder.resolve("sys"));
    assertThatThrownBy(() -> open.has(file))
        .isInstanceOf(FileTrouble.class)
        .hasMessageContaining("could not look at process 7");
  }

  @Test
  void without_proc_nothing_is_known() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    OpenFiles open = new OpenFiles(folder.resolve("proc"), folder.resolve("sys"));
    assertThatThrownBy(() -> open.has(file)).isInstanceOf(FileTrouble.class);
  }

  @Test
  void a_process_that_has_ended_has_nothing_open() throws IOException {
    Path file = Files.writeString(folder.resolve("disk"), "x");
    Path proc = folder.resolve("proc");
    Files.createDirectories(proc.resolve("7"));
    assertThat(new OpenFiles(proc, folder.resolve("sys")).has(file)).isFalse();
  }
}
