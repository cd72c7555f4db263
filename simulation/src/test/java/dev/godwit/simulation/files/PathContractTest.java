package dev.godwit.simulation.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class PathContractTest {
  @TempDir Path real;
  private final Ground ground;
  private Path folder;
  private FileSystem system;

  PathContractTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void ground() throws IOException {
    folder = ground.folder(real);
    system = folder.getFileSystem();
  }

  private Path path(String words) {
    return system.getPath(words);
  }

  @Test
  void a_path_is_taken_apart() {
    Path disk = path("/var//lib/nova/disk/");

    assertThat(disk).hasToString("/var/lib/nova/disk");
    assertThat(disk.getFileName()).isEqualTo(path("disk"));
    assertThat(disk.getParent()).isEqualTo(path("/var/lib/nova"));
    assertThat(disk.getRoot()).isEqualTo(path("/"));
    assertThat(disk.getNameCount()).isEqualTo(4);
    assertThat(disk.getName(1)).isEqualTo(path("lib"));
    assertThat(disk.subpath(1, 3)).isEqualTo(path("lib/nova"));
    assertThat(disk.iterator()).toIterable().hasSize(4);
    assertThat(path("/").getFileName()).isNull();
    assertThat(path("/").getParent()).isNull();
    assertThat(path("disk").getParent()).isNull();
    assertThat(path("disk").getRoot()).isNull();
  }

  @Test
  void a_path_is_put_together() {
    Path disk = path("/nova/disk");

    assertThat(disk.resolve("a/b")).hasToString("/nova/disk/a/b");
    assertThat(disk.resolve("/etc")).hasToString("/etc");
    assertThat(disk.resolve("")).isEqualTo(disk);
    assertThat(disk.resolveSibling("disk.godwit")).hasToString("/nova/disk.godwit");
    assertThat(disk.resolveSibling("")).hasToString("/nova");
    assertThat(path("disk").resolveSibling("other")).hasToString("other");
    assertThat(disk.relativize(path("/nova/base/x"))).hasToString("../base/x");
    assertThat(path("/a/./b/../c").normalize()).hasToString("/a/c");
    assertThat(system.getPath("/a", "b", "c")).hasToString("/a/b/c");
  }

  @Test
  void paths_are_compared_by_their_names() {
    Path disk = path("/nova/disk");

    assertThat(disk).isEqualTo(path("/nova/disk")).hasSameHashCodeAs(path("/nova/disk"));
    assertThat(disk).isNotEqualTo(path("/nova/Disk"));
    assertThat(disk.startsWith("/nova")).isTrue();
    assertThat(disk.startsWith("/nov")).isFalse();
    assertThat(disk.endsWith("disk")).isTrue();
    assertThat(disk.isAbsolute()).isTrue();
    assertThat(path("disk").isAbsolute()).isFalse();
    assertThat(new TreeSet<>(List.of(path("/b"), path("/a/z"), path("/a"))))
        .containsExactly(path("/a"), path("/a/z"), path("/b"));
  }

  @Test
  void a_zero_in_a_name_is_refused() {
    assertThat(Ground.failure(folder, () -> path("a\0b")))
        .isEqualTo("InvalidPathException: Nul character not allowed: a\0b");
  }

  @Test
  void a_real_path_has_no_links_and_no_dots() throws IOException {
    Path nova = Files.createDirectory(folder.resolve("nova"));
    Files.createFile(nova.resolve("disk"));
    Files.createSymbolicLink(folder.resolve("link"), path("nova"));
    Files.createSymbolicLink(nova.resolve("up"), path("../link/./disk"));

    assertThat(folder.resolve("link/../link/up").toRealPath())
        .isEqualTo(folder.toRealPath().resolve("nova/disk"));
    assertThat(
            Ground.failure(
                folder,
                () -> {
                  var _ = folder.resolve("none").toRealPath();
                }))
        .isEqualTo("NoSuchFileException: ~/none");
  }

  @Test
  void globs_are_the_shells() {
    var matcher = system.getPathMatcher("glob:loop[0-9]*.{raw,img}");

    assertThat(matcher.matches(path("loop12.img"))).isTrue();
    assertThat(matcher.matches(path("loop1.qcow2"))).isFalse();
    assertThat(matcher.matches(path("loopx.raw"))).isFalse();
    assertThat(Ground.failure(folder, () -> system.getPathMatcher("tree:*")))
        .isEqualTo("UnsupportedOperationException: Syntax 'tree' not recognized");
  }
}
