package dev.godwit.simulation.files;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class MoveContractTest {
  @TempDir Path real;
  private final Ground ground;
  private Path folder;
  private Path file;
  private Path other;
  private Path directory;
  private Path full;
  private Path none;

  MoveContractTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void ground() throws IOException {
    folder = ground.folder(real);
    file = Files.writeString(folder.resolve("file"), "bytes");
    other = Files.writeString(folder.resolve("other"), "others");
    directory = Files.createDirectory(folder.resolve("directory"));
    full = Files.createDirectory(folder.resolve("full"));
    Files.createFile(full.resolve("x"));
    none = folder.resolve("none");
  }

  private String failure(Ground.Attempt attempt) {
    return Ground.failure(folder, attempt);
  }

  @Test
  void an_atomic_move_replaces_what_is_there() throws IOException {
    Files.move(file, other, ATOMIC_MOVE);
    Files.move(other, none, ATOMIC_MOVE, REPLACE_EXISTING);
    Files.move(full, directory, ATOMIC_MOVE);

    assertThat(none).hasContent("bytes");
    assertThat(file).doesNotExist();
    assertThat(other).doesNotExist();
    assertThat(full).doesNotExist();
    assertThat(directory.resolve("x")).exists();
  }

  @Test
  void an_atomic_move_that_makes_no_sense_is_refused() {
    assertThat(failure(() -> Files.move(none, file, ATOMIC_MOVE)))
        .isEqualTo("NoSuchFileException: ~/none -> ~/file");
    assertThat(failure(() -> Files.move(file, directory, ATOMIC_MOVE)))
        .isEqualTo("FileSystemException: ~/file -> ~/directory: Is a directory");
    assertThat(failure(() -> Files.move(directory, file, ATOMIC_MOVE)))
        .isEqualTo("FileSystemException: ~/directory -> ~/file: Not a directory");
    assertThat(failure(() -> Files.move(directory, full, ATOMIC_MOVE)))
        .isEqualTo("FileSystemException: ~/directory -> ~/full: Directory not empty");
    assertThat(failure(() -> Files.move(full, full.resolve("y"), ATOMIC_MOVE)))
        .isEqualTo("FileSystemException: ~/full -> ~/full/y: Invalid argument");
    assertThat(failure(() -> Files.move(file, none.resolve("y"), ATOMIC_MOVE)))
        .isEqualTo("NoSuchFileException: ~/file -> ~/none/y");
    assertThat(file).hasContent("bytes");
  }

  @Test
  void a_move_between_names_of_one_file_changes_nothing() throws IOException {
    Path twin = Files.createLink(folder.resolve("twin"), file);

    Files.move(file, twin, ATOMIC_MOVE);
    Files.move(file, twin);

    assertThat(file).exists();
    assertThat(twin).exists();
  }

  @Test
  void a_plain_move_replaces_only_when_told() throws IOException {
    assertThat(failure(() -> Files.move(file, other)))
        .isEqualTo("FileAlreadyExistsException: ~/other");
    assertThat(failure(() -> Files.move(file, full, REPLACE_EXISTING)))
        .isEqualTo("DirectoryNotEmptyException: ~/full");
    assertThat(failure(() -> Files.move(none, file))).isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> Files.move(file, none, COPY_ATTRIBUTES)))
        .startsWith("UnsupportedOperationException");
    Files.move(file, directory, REPLACE_EXISTING);
    Files.move(full, none);

    assertThat(directory).hasContent("bytes");
    assertThat(none.resolve("x")).exists();
  }

  @Test
  void a_moved_link_is_still_a_link() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    Files.move(link, none);

    assertThat(Files.readSymbolicLink(none)).isEqualTo(file);
    assertThat(file).hasContent("bytes");
  }

  @Test
  void a_copy_is_another_file() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    Files.copy(file, none, COPY_ATTRIBUTES);
    Files.writeString(file, "changed");

    assertThat(none).hasContent("bytes");
    assertThat(Files.getLastModifiedTime(none))
        .isEqualTo(FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(failure(() -> Files.copy(file, other)))
        .isEqualTo("FileAlreadyExistsException: ~/other");
    assertThat(failure(() -> Files.copy(folder.resolve("x"), other)))
        .isEqualTo("NoSuchFileException: ~/x");
    assertThat(failure(() -> Files.copy(file, full, REPLACE_EXISTING)))
        .isEqualTo("DirectoryNotEmptyException: ~/full");
    Files.copy(file, other, REPLACE_EXISTING);
    assertThat(other).hasContent("changed");
  }

  @Test
  void a_copy_follows_links_unless_told() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Files.copy(link, none);
    Files.copy(link, folder.resolve("second"), LinkOption.NOFOLLOW_LINKS);

    assertThat(Files.isSymbolicLink(none)).isFalse();
    assertThat(Files.readSymbolicLink(folder.resolve("second"))).isEqualTo(file);
  }

  @Test
  void a_copied_directory_is_empty() throws IOException {
    Files.copy(full, none);

    assertThat(none).isEmptyDirectory();
  }
}
