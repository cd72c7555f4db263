package dev.godwit.agent.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notes on a small file system that something else fills to the last byte. */
final class FullDiskTest {
  private static final InstanceId INSTANCE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final MigrationId MIGRATION =
      MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");

  @TempDir Path folder;

  @BeforeEach
  void mount() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=4m", "notes", folder.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  @Test
  void an_epoch_is_written_down_on_a_disk_that_a_copy_has_filled() throws IOException {
    try (Notebook notes = Notebook.open(folder.resolve("notes"), Clock.systemUTC())) {
      notes.change(MIGRATION, INSTANCE, note -> note.withEpoch(1));
      fill();

      notes.change(MIGRATION, INSTANCE, note -> note.withEpoch(2));
    }

    try (Notebook notes = Notebook.open(folder.resolve("notes"), Clock.systemUTC())) {
      assertThat(notes.find(MIGRATION).orElseThrow().epoch()).isEqualTo(2);
    }
  }

  @Test
  void the_room_that_was_given_away_is_taken_again_when_there_is_some() throws IOException {
    try (Notebook notes = Notebook.open(folder.resolve("notes"), Clock.systemUTC())) {
      fill();
      notes.change(MIGRATION, INSTANCE, note -> note.withEpoch(1));
      fill();
      Files.delete(folder.resolve("filler"));
      notes.change(MIGRATION, INSTANCE, note -> note.withEpoch(2));
      fill();

      notes.change(MIGRATION, INSTANCE, note -> note.withEpoch(3));

      assertThat(notes.find(MIGRATION).orElseThrow().epoch()).isEqualTo(3);
    }
  }

  private void fill() throws IOException {
    Path filler = folder.resolve("filler");
    assertThatThrownBy(
            () -> {
              try (OutputStream out =
                  Files.newOutputStream(
                      filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                byte[] page = new byte[4096];
                while (true) {
                  out.write(page);
                }
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
  }

  private static void run(String... argv) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
