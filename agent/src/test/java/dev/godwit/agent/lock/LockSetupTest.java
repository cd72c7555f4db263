package dev.godwit.agent.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** libvirt's files are changed where it is needed, and nowhere else. */
class LockSetupTest {
  @TempDir Path folder;
  private Path etc;
  private Path space;

  @BeforeEach
  void make() throws IOException {
    etc = Files.createDirectory(folder.resolve("etc"));
    space = Files.createDirectory(folder.resolve("leases"));
  }

  private static String mount(Path on, String type, String options) {
    return "36 35 0:50 / %s rw,relatime shared:1 - %s server:/x rw,%s".formatted(on, type, options);
  }

  private LockSetup nfs(String options) {
    return new LockSetup(
        etc,
        List.of(mount(Path.of("/"), "ext4", "errors=x"), mount(folder, "nfs4", options)),
        Optional.empty());
  }

  private LockSetup setup() {
    return nfs("vers=4.2,local_lock=none");
  }

  private String read(String file) throws IOException {
    return Files.readString(etc.resolve(file));
  }

  @Test
  void what_the_operator_wrote_stays_and_a_second_time_changes_nothing() throws IOException {
    String before =
        "# a word of ours\nuser = \"root\"\n#lock_manager = \"lockd\"\n\nnamespaces = [ ]\n";
    Files.writeString(etc.resolve("qemu.conf"), before);
    Files.setPosixFilePermissions(
        etc.resolve("qemu.conf"), PosixFilePermissions.fromString("rw-r-----"));

    assertThat(setup().write(space)).hasSize(3).last().asString().contains("lock_manager");

    assertThat(read("qemu.conf")).isEqualTo(before + "lock_manager = \"lockd\"\n");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve("qemu.conf"))))
        .isEqualTo("rw-r-----");
    assertThat(read("qemu-lockd.conf"))
        .isEqualTo("auto_disk_leases = 1\nfile_lockspace_dir = \"%s\"\n".formatted(space));
    assertThat(setup().write(space)).isEmpty();
    assertThat(setup().configured()).contains(space);
    assertThat(LockSetup.space(etc)).contains(space);
    assertThat(etc).isDirectoryNotContaining("glob:**new*");
  }

  @Test
  void the_word_for_none_is_replaced_where_it_stands() throws IOException {
    Files.writeString(
        etc.resolve("qemu.conf"), "lock_manager = \"nop\" # for now\ngroup = \"kvm\"\n");

    var _ = setup().write(space);

    assertThat(read("qemu.conf"))
        .isEqualTo("lock_manager = \"lockd\" # for now\ngroup = \"kvm\"\n");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "qemu.conf, lock_manager = \"sanlock\", sanlock",
    "qemu.conf, 'lock_manager = \"lockd\"\nlock_manager = \"nop\"', 2 times",
    "qemu-lockd.conf, auto_disk_leases = 0, auto_disk_leases = 1",
    "qemu-lockd.conf, file_lockspace_dir = \"/elsewhere\", /elsewhere",
  })
  void what_was_meant_otherwise_is_refused_and_nothing_is_written(
      String file, String text, String said) throws IOException {
    Files.writeString(etc.resolve(file), text);

    assertThatThrownBy(() -> setup().write(space))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining(said);

    assertThat(read(file)).isEqualTo(text);
    assertThat(etc).isDirectoryContaining(it -> it.endsWith(file));
    try (var files = Files.list(etc)) {
      assertThat(files).hasSize(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"nolock", "local_lock=all", "local_lock=posix"})
  void locks_that_stay_on_one_host_are_refused(String option) {
    assertThatThrownBy(() -> nfs(option).write(space))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining(option);
    assertThat(etc).isEmptyDirectory();
  }

  @Test
  void a_directory_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> setup().write(folder.resolve("none")))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining("mkdir");
    assertThatThrownBy(() -> setup().write(Path.of("leases")))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining("absolute");
  }

  @Test
  void a_file_system_of_one_host_is_refused_unless_the_agent_is_told_that_it_is_shared()
      throws IOException {
    List<String> mounts = List.of(mount(Path.of("/"), "ext4", "errors=x"));
    assertThatThrownBy(() -> new LockSetup(etc, mounts, Optional.empty()).write(space))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining("ext4");
    Path other = Files.createDirectories(folder.resolve("others/shared"));
    assertThatThrownBy(() -> new LockSetup(etc, mounts, Optional.of(other)).write(space))
        .isInstanceOf(LockRefused.class);
    Path beside = Files.createDirectory(folder.resolve("instances"));
    assertThat(new LockSetup(etc, mounts, Optional.of(beside)).write(space)).hasSize(3);
  }

  @Test
  void the_mount_on_top_counts() {
    List<String> mounts = List.of(mount(folder, "nfs4", "x"), mount(folder, "tmpfs", "size=1"));
    assertThatThrownBy(() -> new LockSetup(etc, mounts, Optional.empty()).write(space))
        .isInstanceOf(LockRefused.class)
        .hasMessageContaining("tmpfs");
  }
}
