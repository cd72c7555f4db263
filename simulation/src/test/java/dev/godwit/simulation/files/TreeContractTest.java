package dev.godwit.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class TreeContractTest {
  @TempDir Path real;
  private final Ground ground;
  private Path folder;
  private Path file;
  private Path directory;
  private Path none;

  TreeContractTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void ground() throws IOException {
    folder = ground.folder(real);
    file = Files.writeString(folder.resolve("file"), "bytes");
    directory = Files.createDirectory(folder.resolve("directory"));
    none = folder.resolve("none");
  }

  private String failure(Ground.Attempt attempt) {
    return Ground.failure(folder, attempt);
  }

  @Test
  void a_directory_is_made_where_nothing_is() throws IOException {
    assertThat(Files.createDirectories(none.resolve("a/b"))).isDirectory();
    assertThat(Files.createDirectories(none.resolve("a/b"))).isDirectory();
    assertThat(failure(() -> Files.createDirectory(directory)))
        .isEqualTo("FileAlreadyExistsException: ~/directory");
    assertThat(failure(() -> Files.createDirectories(file)))
        .isEqualTo("FileAlreadyExistsException: ~/file");
    assertThat(failure(() -> Files.createDirectory(folder.resolve("x/y"))))
        .isEqualTo("NoSuchFileException: ~/x/y");
    assertThat(failure(() -> Files.createDirectory(file.resolve("y"))))
        .isEqualTo("FileSystemException: ~/file/y: Not a directory");
    assertThat(failure(() -> Files.createDirectory(folder.resolve("x".repeat(256)))))
        .isEqualTo("FileSystemException: ~/%s: File name too long".formatted("x".repeat(256)));
  }

  @Test
  void only_what_is_there_and_empty_is_removed() throws IOException {
    Files.createFile(directory.resolve("x"));

    assertThat(failure(() -> Files.delete(directory)))
        .isEqualTo("DirectoryNotEmptyException: ~/directory");
    assertThat(failure(() -> Files.deleteIfExists(directory)))
        .isEqualTo("DirectoryNotEmptyException: ~/directory");
    assertThat(failure(() -> Files.delete(none))).isEqualTo("NoSuchFileException: ~/none");
    assertThat(Files.deleteIfExists(none)).isFalse();
    assertThat(failure(() -> Files.deleteIfExists(file.resolve("x"))))
        .isEqualTo("FileSystemException: ~/file/x: Not a directory");
    Files.delete(directory.resolve("x"));
    Files.delete(directory);
    assertThat(Files.deleteIfExists(file)).isTrue();
    assertThat(directory).doesNotExist();
    assertThat(file).doesNotExist();
  }

  @Test
  void questions_about_a_path_never_throw() throws IOException {
    Path broken = Files.createSymbolicLink(folder.resolve("broken"), none);

    assertThat(Files.exists(file)).isTrue();
    assertThat(Files.exists(file.resolve("below"))).isFalse();
    assertThat(Files.isDirectory(file.resolve("below"))).isFalse();
    assertThat(Files.notExists(file.resolve("below"))).isTrue();
    assertThat(Files.exists(broken)).isFalse();
    assertThat(Files.exists(broken, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.isRegularFile(broken)).isFalse();
    assertThat(Files.isSymbolicLink(broken)).isTrue();
    assertThat(Files.isRegularFile(file)).isTrue();
    assertThat(Files.isRegularFile(directory)).isFalse();
    assertThat(Files.isReadable(file)).isTrue();
    assertThat(Files.isReadable(none)).isFalse();
    assertThat(Files.isExecutable(file)).isFalse();
    assertThat(Files.isExecutable(directory)).isTrue();
  }

  @Test
  void links_lead_elsewhere() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory.getFileName());
    Files.writeString(link.resolve("x"), "through");

    assertThat(directory.resolve("x")).hasContent("through");
    assertThat(Files.readSymbolicLink(link)).isEqualTo(directory.getFileName());
    assertThat(Files.isDirectory(link)).isTrue();
    assertThat(Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(Files.isSameFile(link, directory)).isTrue();
    assertThat(Files.isSameFile(file, directory)).isFalse();
    assertThat(Files.isSameFile(none, folder.resolve("none"))).isTrue();
    assertThat(failure(() -> Files.isSameFile(file, none)))
        .isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> Files.readSymbolicLink(file))).isEqualTo("NotLinkException: ~/file");
    assertThat(failure(() -> Files.createSymbolicLink(link, file)))
        .isEqualTo("FileAlreadyExistsException: ~/link");
    Files.delete(link);
    assertThat(directory).isDirectory();
  }

  @Test
  void links_in_a_circle_are_refused() throws IOException {
    Files.createSymbolicLink(folder.resolve("a"), folder.resolve("b"));
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));

    assertThat(failure(() -> Files.readString(folder.resolve("a"))))
        .isEqualTo(
            "FileSystemException: ~/a: Too many levels of symbolic links or unable to access attributes of symbolic link");
    assertThat(Files.exists(folder.resolve("a"))).isFalse();
  }

  @Test
  void a_link_to_nothing_is_where_a_new_file_is_made() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), none.getFileName());

    assertThat(failure(() -> Files.createFile(link)))
        .isEqualTo("FileAlreadyExistsException: ~/link");
    Files.writeString(link, "new");
    assertThat(none).hasContent("new");
  }

  @Test
  void a_hard_link_is_the_file_itself() throws IOException {
    Path twin = Files.createLink(folder.resolve("twin"), file);
    Files.writeString(twin, "changed");
    Files.delete(file);

    assertThat(twin).hasContent("changed");
    assertThat(failure(() -> Files.createLink(folder.resolve("d"), directory)))
        .isEqualTo("FileSystemException: ~/d -> ~/directory: Operation not permitted");
    assertThat(failure(() -> Files.createLink(directory, twin)))
        .isEqualTo("FileAlreadyExistsException: ~/directory -> ~/twin");
    assertThat(failure(() -> Files.createLink(folder.resolve("d"), none)))
        .isEqualTo("NoSuchFileException: ~/d -> ~/none");
  }

  @Test
  void a_directory_lists_what_matches() throws IOException {
    for (String name : List.of("b.godwit", "a.godwit", "c", ".d")) {
      Files.createFile(directory.resolve(name));
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), directory);

    assertThat(listed(directory, "*.godwit"))
        .containsExactlyInAnyOrder(directory.resolve("a.godwit"), directory.resolve("b.godwit"));
    assertThat(listed(link, "*")).hasSize(4).contains(link.resolve(".d"));
    assertThat(failure(() -> listed(file, "*"))).isEqualTo("NotDirectoryException: ~/file");
    assertThat(failure(() -> listed(none, "*"))).isEqualTo("NoSuchFileException: ~/none");
    assertThat(failure(() -> listed(directory, "[")))
        .startsWith("PatternSyntaxException: Missing '] near index 0");
    try (var all = Files.walk(folder)) {
      assertThat(all).hasSize(8);
    }
  }

  private static List<Path> listed(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      files.forEach(found::add);
    }
    return found;
  }

  @Test
  void a_listing_is_gone_through_once() throws IOException {
    Files.createFile(directory.resolve("a"));
    Files.createFile(directory.resolve("b"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      Iterator<Path> entries = files.iterator();

      assertThat(
              failure(() -> {
                var _ = files.iterator();
              }))
          .isEqualTo("IllegalStateException: Iterator already obtained");
      Files.delete(entries.next());
      Files.delete(entries.next());
      assertThat(entries.hasNext()).isFalse();
      assertThat(failure(entries::next)).startsWith("NoSuchElementException");
    }
  }

  @Test
  void what_a_filter_throws_comes_out_of_the_listing() throws IOException {
    DirectoryStream.Filter<Path> broken =
        entry -> {
          throw new NoSuchFileException("gone");
        };
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, broken)) {
      assertThat(
              failure(() -> {
                var _ = files.iterator().hasNext();
              }))
          .startsWith("DirectoryIteratorException");
    }
  }
}
